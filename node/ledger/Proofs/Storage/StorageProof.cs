using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Payload of kind storage: some of the chunks that a window of a deal has drawn, with their paths. A window's draws may be answered by several proofs.
/// </summary>
/// <param name="Deal">The deal.</param>
/// <param name="Window">The number of the window (<see cref="DealRecord.Window"/>).</param>
/// <param name="Chunks">1 to <see cref="LedgerLimits.ShownChunksMax"/>, ascending by index, each once.</param>
public sealed record StorageProof(Hash256 Deal, uint Window, ImmutableArray<ShownChunk> Chunks) : ProofPayload
{
    internal const int Number = 25;

    /// <inheritdoc/>
    public override ProofKind Kind => ProofKind.Storage;

    internal override int Field => Number;

    public bool Equals(StorageProof? other) => other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() => HashCode.Combine(Deal, Window, Chunks.Length);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, Deal.Bytes);
        writer.UInt64(2, Window);
        foreach (ShownChunk chunk in Chunks)
            writer.Element(3, Encode(chunk));
        return writer.ToArray();
    }

    internal static StorageProof Read(ref WireReader reader)
    {
        (Hash256 deal, uint window) = (reader.Hash(1), reader.UInt32(2));
        List<ShownChunk> chunks = [];
        while (reader.TryElement(3, out ReadOnlySpan<byte> element))
        {
            WireReader chunk = new(element);
            chunks.Add(ReadChunk(ref chunk));
            reader.Fail(chunk.Finish());
            if (chunks.Count > LedgerLimits.ShownChunksMax)
                reader.Fail(Reason.ShownChunksInvalid);
        }
        if (chunks.Count == 0 || chunks.Zip(chunks.Skip(1)).Any(pair => pair.First.Index >= pair.Second.Index))
            reader.Fail(Reason.ShownChunksInvalid);
        return new StorageProof(deal, window, [.. chunks]);
    }

    private static byte[] Encode(in ShownChunk chunk)
    {
        WireWriter writer = new();
        writer.UInt64(1, chunk.Index);
        writer.Bytes(2, chunk.Chunk.Span);
        foreach (Hash256 sibling in chunk.Path)
            writer.Element(3, sibling.Bytes);
        return writer.ToArray();
    }

    private static ShownChunk ReadChunk(ref WireReader reader)
    {
        (uint index, byte[] bytes) = (reader.UInt32(1), reader.Bytes(2).ToArray());
        List<Hash256> path = [];
        while (reader.TryElement(3, out ReadOnlySpan<byte> sibling))
        {
            if (sibling.Length != Hash256.Size || path.Count == MerkleList.PathLengthMax)
            {
                reader.Fail(Reason.ShownChunksInvalid);
                break;
            }
            path.Add(new Hash256(sibling));
        }
        return new ShownChunk(index, bytes, [.. path]);
    }
}
