using System;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>By what numbers storage is judged.</summary>
public sealed record StorageScoreRules
{
    /// <summary>Chunks drawn in a window of a day.</summary>
    public uint Draws { get; init; } = 16;

    /// <summary>A chunk's bytes; the last of a file may be shorter, none is empty.</summary>
    public int ChunkBytesMax { get; init; } = 1_024;

    /// <summary>So many windows in a row may be missed before the bond burns.</summary>
    public uint GraceWindows { get; init; } = 2;

    /// <summary>What each window missed after that burns of the bond, in parts per million.</summary>
    public uint BurnPerWindow { get; init; } = 50_000;
}

/// <summary>A chunk that a provider shows.</summary>
/// <param name="Index">Its place in the file.</param>
/// <param name="Chunk">Its bytes.</param>
/// <param name="Path">The siblings on the way to the root.</param>
public readonly record struct ShownChunk(uint Index, ReadOnlyMemory<byte> Chunk, ImmutableArray<Hash256> Path);

/// <summary>What a window of a deal came to.</summary>
/// <param name="Passed">Draws that were answered.</param>
/// <param name="Expected">Draws.</param>
/// <param name="FirstMissing">The first chunk that was drawn and not shown; null: none.</param>
public readonly record struct StorageScore(uint Passed, uint Expected, uint? FirstMissing)
{
    /// <summary>What the provider gets of the deal's price for the window.</summary>
    public Amount PriceOf(Amount price) => Expected == 0 ? default : price.Share(Passed, Expected);

    /// <summary>The same in credits.</summary>
    public Credits PriceOf(Credits price) => new(PriceOf(new Amount(price.Units)).Grains);

    /// <summary>True if nothing was shown: the window was missed.</summary>
    public bool IsMissed => Passed == 0;
}

/// <summary>Judges what a provider shows of a file: pure. Empty space earns nothing, for there is no deal about it.</summary>
public static class StorageScoring
{
    /// <summary>The score of a window. What was not drawn, shown twice or does not lead to the root is not counted.</summary>
    /// <param name="file">What was committed to.</param>
    /// <param name="drawn">The chunks that were drawn.</param>
    /// <param name="shown">What the provider shows, at most as much as was drawn.</param>
    /// <param name="rules">The rules.</param>
    /// <exception cref="LedgerInvariantException">More is shown than was drawn: decoding takes no more.</exception>
    public static StorageScore Score(in StoredFile file, ImmutableArray<uint> drawn, ImmutableArray<ShownChunk> shown,
        StorageScoreRules rules)
    {
        Invariant.Check(shown.Length <= drawn.Length, "no more is shown than was drawn");
        uint passed = 0;
        uint? missing = null;
        foreach (uint index in drawn)
        {
            if (IsShown(file, index, shown, rules))
                passed++;
            else
                missing ??= index;
        }
        return new StorageScore(passed, (uint)drawn.Length, missing);
    }

    /// <summary>What burns of a bond when another window is missed.</summary>
    /// <param name="bond">What the provider pledged for the deal.</param>
    /// <param name="left">What is left of it.</param>
    /// <param name="missedInARow">Windows missed in a row, this one included.</param>
    /// <param name="rules">The rules.</param>
    public static Amount BurnOf(Amount bond, Amount left, uint missedInARow, StorageScoreRules rules) =>
        missedInARow <= rules.GraceWindows ? default
        : new Amount(ulong.Min(left.Grains, bond.Share(rules.BurnPerWindow, (ulong)Robust.Whole).Grains));

    /// <summary>True if the bytes and the path lead to the file's root.</summary>
    /// <param name="chunkBytesMax">A longer chunk is none of the file's.</param>
    public static bool IsOf(in StoredFile file, in ShownChunk chunk, int chunkBytesMax) =>
        chunk.Chunk.Length > 0 && chunk.Chunk.Length <= chunkBytesMax
        && MerkleList.Verify(file.Root, Hashing.Sha256(chunk.Chunk.Span), (int)chunk.Index, (int)file.Chunks, chunk.Path.AsSpan());

    private static bool IsShown(in StoredFile file, uint index, ImmutableArray<ShownChunk> shown, StorageScoreRules rules)
    {
        foreach (ShownChunk chunk in shown)
        {
            if (chunk.Index == index && IsOf(file, chunk, rules.ChunkBytesMax))
                return true;
        }
        return false;
    }
}
