using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>An entry of the column family <c>index</c>, decoded.</summary>
public abstract record IndexRecord
{
    private IndexRecord()
    {
    }

    /// <summary>Where a transaction is.</summary>
    public sealed record OfTransaction(Hash256 Id, TransactionLocation Location) : IndexRecord;

    /// <summary>The height of a header's hash.</summary>
    public sealed record OfHeaderHash(Hash256 HeaderHash, ulong Height) : IndexRecord;

    /// <summary>The last block that names a batch.</summary>
    public sealed record OfBatch(Hash256 Id, ulong Height) : IndexRecord;

    /// <summary>A batch was stored when this was the tip.</summary>
    public sealed record OfStoredBatch(ulong Height, Hash256 Id) : IndexRecord;

    /// <summary>The block of a time.</summary>
    public sealed record OfTime(ulong TimeMs, ulong Height) : IndexRecord;

    /// <summary>A transaction in a subject's history.</summary>
    public sealed record OfHistory(HistoryKey Key, TransactionLocation Location) : IndexRecord;

    /// <summary>A member of a group.</summary>
    public sealed record OfMember(MemberIndex Index, ReadOnlyMemory<byte> Group, ReadOnlyMemory<byte> Member) : IndexRecord;

    /// <summary>Decodes an entry; null if it is damaged.</summary>
    internal static IndexRecord? TryDecode(ReadOnlyMemory<byte> key, ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> bytes = key.Span;
        switch (bytes.IsEmpty ? 0 : bytes[0])
        {
            case ColumnFamilies.TransactionPrefix when bytes.Length == 33 && Records.TryReadLocation(value, out TransactionLocation location):
                return new OfTransaction(new Hash256(bytes[1..]), location);
            case ColumnFamilies.HeaderHashPrefix when bytes.Length == 33 && value.Length == 8:
                return new OfHeaderHash(new Hash256(bytes[1..]), Number(value));
            case ColumnFamilies.BatchPrefix when bytes.Length == 33 && value.Length == 8:
                return new OfBatch(new Hash256(bytes[1..]), Number(value));
            case ColumnFamilies.StoredBatchPrefix when bytes.Length == 41 && value.IsEmpty:
                return new OfStoredBatch(Number(bytes[1..]), new Hash256(bytes[9..]));
            case ColumnFamilies.TimePrefix when bytes.Length == 17 && value.IsEmpty:
                return new OfTime(Number(bytes[1..]), Number(bytes[9..]));
            case ColumnFamilies.HistoryPrefix when bytes.Length >= 3 && bytes.Length == 3 + bytes[2] + 12 && value.IsEmpty:
                HistoryKey history = new((HistoryIndex)bytes[1], key.Slice(3, bytes[2]));
                return TryReadPlace(bytes[^12..], out TransactionLocation place) ? new OfHistory(history, place) : null;
            case ColumnFamilies.MemberPrefix when bytes.Length >= 3 && bytes.Length > 3 + bytes[2] && value.IsEmpty:
                return new OfMember((MemberIndex)bytes[1], key.Slice(3, bytes[2]), key[(3 + bytes[2])..]);
            default:
                return null;
        }
    }

    private static bool TryReadPlace(ReadOnlySpan<byte> countingDown, out TransactionLocation place)
    {
        uint index = uint.MaxValue - BinaryPrimitives.ReadUInt32BigEndian(countingDown[8..]);
        place = new TransactionLocation(ulong.MaxValue - Number(countingDown), (int)index);
        return index <= int.MaxValue;
    }

    private static ulong Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64BigEndian(bytes);
}
