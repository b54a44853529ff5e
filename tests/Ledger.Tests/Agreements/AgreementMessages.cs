using AppChain.Crypto;
using AppChain.Ledger;
using Google.Protobuf;
using Pb = AppChain.Protos.V1;

namespace AppChain.Tests.Ledger.Agreements;

/// <summary>Random messages and payloads of deals and jobs, as our codec and Google's have them.</summary>
internal static class AgreementMessages
{
    public static Message Random(Random random, Pb.Body theirs)
    {
        switch (random.Next(3))
        {
            case 0:
                OpenDeal deal = new(
                    Small(random), ProtobufParityTests.RandomAddress(random), Hash(random), Small(random), Small(random), new Credits(ProtobufParityTests.Any(random)), Small(random));
                theirs.OpenDeal = new Pb.OpenDeal
                {
                    Service = deal.Service,
                    Device = ByteString.CopyFrom(deal.Device.Bytes),
                    Root = Of(deal.Root),
                    Chunks = deal.Chunks,
                    ChunkBytes = deal.ChunkBytes,
                    Price = deal.Price.Units,
                    Windows = deal.Windows,
                };
                return deal;
            case 1:
                CancelDeal cancel = new(Hash(random));
                theirs.CancelDeal = new Pb.CancelDeal { Deal = Of(cancel.Deal) };
                return cancel;
            default:
                SubmitProof proof = new(Small(random), ProtobufParityTests.Any(random), StorageProof(random));
                theirs.SubmitProof = new Pb.SubmitProof { Service = proof.Service, ObservedMs = proof.ObservedMs, StorageProof = Of((StorageProof)proof.Payload) };
                return proof;
        }
    }

    private static StorageProof StorageProof(Random random)
    {
        uint index = 0;
        return new StorageProof(Hash(random), Small(random),
        [
            .. Enumerable.Range(0, random.Next(1, 5)).Select(_ => new ShownChunk(
                index += (uint)random.Next(1, 1_000_000), ProtobufParityTests.Bytes(random, random.Next(40)),
                [.. Enumerable.Range(0, random.Next(4)).Select(_ => Hash(random))])),
        ]);
    }

    private static Pb.StorageProof Of(StorageProof ours)
    {
        Pb.StorageProof theirs = new() { Deal = Of(ours.Deal), Window = ours.Window };
        foreach (ShownChunk chunk in ours.Chunks)
        {
            Pb.ShownChunk shown = new() { Index = chunk.Index, Chunk = ByteString.CopyFrom(chunk.Chunk.Span) };
            shown.Path.AddRange(chunk.Path.Select(Of));
            theirs.Chunks.Add(shown);
        }
        return theirs;
    }

    private static ByteString Of(Hash256 hash) => ByteString.CopyFrom(hash.Bytes);

    private static Hash256 Hash(Random random) => new(ProtobufParityTests.Bytes(random, Hash256.Size));

    private static uint Small(Random random) => ProtobufParityTests.Small(random);
}
