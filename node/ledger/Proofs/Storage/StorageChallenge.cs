using System;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a deal's provider committed to: a file of so many chunks.</summary>
/// <param name="Deal">The deal.</param>
/// <param name="Root">The root of the list of its chunks' hashes (<see cref="MerkleList"/>).</param>
/// <param name="Chunks">How many chunks: 1 to <see cref="ChunksMax"/>.</param>
public readonly record struct StoredFile(Hash256 Deal, Hash256 Root, uint Chunks)
{
    /// <summary>A list has no more places: two tebibytes in chunks of a kibibyte.</summary>
    public const uint ChunksMax = int.MaxValue;
}

/// <summary>Which chunks a provider must show in a window.</summary>
/// <remarks>
/// Draws are independent, so that a window never becomes easier by those before it: who lost a share p of the file passes n draws with a
/// chance of (1 − p)ⁿ. Sixteen a day find a loss of 1 % within 29 days with 99 %.
/// </remarks>
public static class StorageChallenge
{
    /// <summary>The chunks to show, in the order of the draws; one may come twice.</summary>
    /// <param name="entropy">From after the window opened.</param>
    /// <param name="draws">How many.</param>
    /// <exception cref="LedgerInvariantException">The file has no chunks, or too many.</exception>
    public static ImmutableArray<uint> Draw(in StoredFile file, in Hash256 entropy, uint draws)
    {
        Invariant.Check(file.Chunks is > 0 and <= StoredFile.ChunksMax, "a deal is about something, and its list has a place for it");
        var chunks = ImmutableArray.CreateBuilder<uint>((int)draws);
        for (uint turn = 0; turn < draws; turn++)
            chunks.Add((uint)Lot.Below(entropy, file.Deal.Bytes, turn, file.Chunks));
        return chunks.MoveToImmutable();
    }
}
