using System;

namespace AppChain.Ledger;

/// <summary>What a service of kind storage says of its deals: its <see cref="ServiceDefinition.KindParameters"/>.</summary>
/// <remarks>chunkBytesMax:4 ‖ draws:1 ‖ graceWindows:1 ‖ burnPpm:4.</remarks>
/// <param name="ChunkBytesMax">Bytes of a chunk, at most: what a proof shows of each draw.</param>
/// <param name="Draws">Chunks drawn in each window.</param>
/// <param name="GraceWindows">So many windows in a row may be missed before the bond burns.</param>
/// <param name="BurnPpm">What each window missed after that burns of the bond.</param>
public sealed record StorageTerms(uint ChunkBytesMax, byte Draws, byte GraceWindows, uint BurnPpm)
{
    private const int Size = 10;

    /// <summary>True if every value lies within its bounds.</summary>
    public bool AreWithinBounds =>
        ChunkBytesMax is >= 1 and <= LedgerLimits.ChunkBytesMax && Draws is >= 1 and <= LedgerLimits.StorageDrawsMax && BurnPpm <= Parameters.Million;

    /// <summary>The bytes for a service's definition.</summary>
    public byte[] Encode()
    {
        RecordWriter writer = new();
        writer.UInt32(ChunkBytesMax);
        writer.UInt8(Draws);
        writer.UInt8(GraceWindows);
        writer.UInt32(BurnPpm);
        return writer.ToArray();
    }

    /// <summary>Reads terms that anybody may have written; null: they are none.</summary>
    public static StorageTerms? TryDecode(ReadOnlyMemory<byte> bytes) =>
        bytes.Length == Size && Decode(bytes) is { AreWithinBounds: true } terms ? terms : null;

    internal static StorageTerms Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes);
        StorageTerms terms = new(reader.UInt32(), reader.UInt8(), reader.UInt8(), reader.UInt32());
        reader.End();
        return terms;
    }

    /// <summary>The members <c>storage</c> of a service in a genesis file.</summary>
    internal static StorageTerms Read(JsonNodeReader node)
    {
        StorageTerms terms = new(
            node.UInt32("chunkBytesMax", 1, LedgerLimits.ChunkBytesMax), (byte)node.UInt32("draws", 1, LedgerLimits.StorageDrawsMax),
            (byte)node.UInt32("graceWindows", 0, byte.MaxValue), node.UInt32("burnPpm", 0, Parameters.Million));
        node.End();
        return terms;
    }
}
