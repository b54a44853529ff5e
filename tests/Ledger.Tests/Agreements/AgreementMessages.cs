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
        switch (random.Next(8))
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
            case 2:
                PostJob post = new(Small(random), Hash(random), Hash(random), new Credits(ProtobufParityTests.Any(random)), Hash(random));
                theirs.PostJob = new Pb.PostJob
                {
                    Service = post.Service,
                    Input = Of(post.Input),
                    Specification = Of(post.Specification),
                    Price = post.Price.Units,
                    Seal = Of(post.Seal),
                };
                return post;
            case 3:
                OpenSeal open = new(Hash(random), Hash(random), Hash(random));
                theirs.OpenSeal = new Pb.OpenSeal { Job = Of(open.Job), Result = Of(open.Result), Salt = Of(open.Salt) };
                return open;
            case 4:
                ComputeOffer offer = new(Hash(random));
                return Proof(random, theirs, offer, new Pb.SubmitProof { ComputeOffer = new Pb.ComputeOffer { Job = Of(offer.Job) } });
            case 5:
                CommitResult commit = new(Hash(random), Hash(random));
                return Proof(random, theirs, commit, new Pb.SubmitProof { CommitResult = new Pb.CommitResult { Job = Of(commit.Job), Commitment = Of(commit.Commitment) } });
            case 6:
                RevealResult reveal = new(Hash(random), Hash(random), Hash(random));
                return Proof(random, theirs, reveal, new Pb.SubmitProof
                {
                    RevealResult = new Pb.RevealResult { Job = Of(reveal.Job), Result = Of(reveal.Result), Salt = Of(reveal.Salt) },
                });
            default:
                StorageProof shown = StorageProof(random);
                return Proof(random, theirs, shown, new Pb.SubmitProof { StorageProof = Of(shown) });
        }
    }

    private static SubmitProof Proof(Random random, Pb.Body theirs, ProofPayload payload, Pb.SubmitProof submit)
    {
        (submit.Service, submit.ObservedMs) = (Small(random), ProtobufParityTests.Any(random));
        theirs.SubmitProof = submit;
        return new SubmitProof(submit.Service, submit.ObservedMs, payload);
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
