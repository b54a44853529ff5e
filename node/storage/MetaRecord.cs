using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>An entry of the column family <c>meta</c>, decoded.</summary>
public abstract record MetaRecord
{
    private MetaRecord()
    {
    }

    /// <summary>The chain, and the layout of everything.</summary>
    public sealed record OfGenesis(uint Format, Hash256 GenesisHash, string ChainId) : MetaRecord;

    /// <summary>The last final block.</summary>
    public sealed record OfTip(ChainTip Tip) : MetaRecord;

    /// <summary>The sequences that the journal must hold: from <paramref name="First"/> to before <paramref name="Next"/>.</summary>
    public sealed record OfJournal(ulong First, ulong Next) : MetaRecord;

    /// <summary>What the last commit replaced in the state.</summary>
    /// <param name="Tip">The tip before it.</param>
    /// <param name="After">Header hash of the tip after it.</param>
    /// <param name="Keys">How many keys it changed.</param>
    public sealed record OfBefore(ChainTip Tip, Hash256 After, int Keys) : MetaRecord;

    /// <summary>What is kept of older blocks.</summary>
    public sealed record OfRetention(RetentionRecord Retention) : MetaRecord;

    /// <summary>After this block other validators decide.</summary>
    public sealed record OfValidatorChange(StoredValidatorChange Change) : MetaRecord;

    /// <summary>Decodes an entry; null if it is damaged, or of a name that this version does not know.</summary>
    internal static MetaRecord? TryDecode(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> value)
    {
        ReadOnlySpan<byte> bytes = value.Span;
        if (key.SequenceEqual(ColumnFamilies.GenesisKey))
            return Records.TryReadGenesis(bytes, out uint format, out Hash256 hash, out string chainId) ? new OfGenesis(format, hash, chainId) : null;
        if (key.SequenceEqual(ColumnFamilies.TipKey))
            return Records.TryReadTip(bytes, out ChainTip? tip) ? new OfTip(tip) : null;
        if (key.SequenceEqual(ColumnFamilies.JournalBoundsKey))
            return bytes.Length == 16 ? new OfJournal(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])) : null;
        if (key.SequenceEqual(ColumnFamilies.BeforeKey))
            return StateBefore.TryDecode(value, out ChainTip? before, out Hash256 after, out var changed) ? new OfBefore(before, after, changed.Count) : null;
        if (key.SequenceEqual(ColumnFamilies.RetentionKey))
            return Records.TryReadRetention(bytes) is { } retention ? new OfRetention(retention) : null;
        return ColumnFamilies.HeightOfValidatorChange(key) is { } height ? new OfValidatorChange(new StoredValidatorChange(height, value)) : null;
    }
}
