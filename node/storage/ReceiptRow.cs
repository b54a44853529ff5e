using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>
/// A row of the column family <c>receipts</c>: what became of consecutive transactions of a block. Rows of this size keep the cost of a
/// row away from each receipt, and one receipt is found in its row by its offset, without looking at the others.
/// </summary>
internal static class ReceiptRow
{
    /// <summary>Most transactions of one row.</summary>
    public const int CountMax = 64;

    /// <summary>Bytes of a row's key.</summary>
    public const int KeySize = 8 + 4;

    private const byte IndexedFlag = 1;
    private const int EntryHeadBytes = 1 + Hash256.Size + 2 + 4 + 4 + 1;

    /// <summary>The place of the first transaction of the row that holds this place.</summary>
    public static int FirstOf(int place) => place - (place % CountMax);

    /// <summary>Height and first place that a row's key names.</summary>
    public static (ulong Height, int First) ReadKey(ReadOnlySpan<byte> key)
        => (BinaryPrimitives.ReadUInt64BigEndian(key), BinaryPrimitives.ReadInt32BigEndian(key[8..]));

    public static byte[] Encode(ReadOnlySpan<ExecutedTransaction> transactions)
    {
        int start = 2 + (4 * transactions.Length);
        int total = start;
        foreach (ExecutedTransaction transaction in transactions)
            total = checked(total + LengthOf(transaction));

        byte[] row = new byte[total];
        BinaryPrimitives.WriteUInt16BigEndian(row, (ushort)transactions.Length);
        int position = start;
        for (int i = 0; i < transactions.Length; i++)
        {
            position += Write(row.AsSpan(position), transactions[i]);
            BinaryPrimitives.WriteInt32BigEndian(row.AsSpan(2 + (4 * i)), position - start);
        }
        return row;
    }

    /// <summary>The transactions of a row, with their places; null if it is damaged.</summary>
    public static IReadOnlyList<StoredTransaction>? TryDecode(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> row)
    {
        if (key.Length != KeySize || TryDecode(row) is not { } transactions)
            return null;
        (ulong height, int first) = ReadKey(key.Span);
        return [.. transactions.Select((transaction, i) => new StoredTransaction(new TransactionLocation(height, first + i), transaction))];
    }

    /// <summary>The transactions of a row; null if it is damaged.</summary>
    public static ExecutedTransaction[]? TryDecode(ReadOnlyMemory<byte> row)
    {
        if (!TryReadCount(row.Span, out int count))
            return null;
        ExecutedTransaction[] transactions = new ExecutedTransaction[count];
        for (int i = 0; i < count; i++)
        {
            if (TryDecode(row, i) is not { } transaction)
                return null;
            transactions[i] = transaction;
        }
        return transactions;
    }

    /// <summary>One transaction of a row; null if the row is damaged or does not hold it.</summary>
    public static ExecutedTransaction? TryDecode(ReadOnlyMemory<byte> row, int index)
    {
        ReadOnlySpan<byte> bytes = row.Span;
        if (!TryReadCount(bytes, out int count) || index >= count)
            return null;
        int start = 2 + (4 * count);
        int from = index == 0 ? 0 : EndOf(bytes, index - 1);
        int end = EndOf(bytes, index);
        bool fits = from >= 0 && end >= from && end <= bytes.Length - start && (index < count - 1 || end == bytes.Length - start);
        return fits ? TryRead(row[(start + from)..(start + end)]) : null;
    }

    private static bool TryReadCount(ReadOnlySpan<byte> row, out int count)
    {
        count = row.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(row);
        return count is > 0 and <= CountMax && row.Length >= 2 + (4 * count);
    }

    private static int EndOf(ReadOnlySpan<byte> row, int index) => BinaryPrimitives.ReadInt32BigEndian(row[(2 + (4 * index))..]);

    private static int LengthOf(ExecutedTransaction transaction)
    {
        int length = EntryHeadBytes + transaction.Receipt.Length;
        foreach (HistoryKey key in TouchedBy(transaction))
            length += 2 + key.Subject.Length;
        return length;
    }

    // A copy that was skipped has no history: the one that was executed has it.
    private static IReadOnlyList<HistoryKey> TouchedBy(ExecutedTransaction transaction) => transaction.Indexed ? transaction.Touched : [];

    private static int Write(Span<byte> entry, ExecutedTransaction transaction)
    {
        IReadOnlyList<HistoryKey> touched = TouchedBy(transaction);
        entry[0] = transaction.Indexed ? IndexedFlag : (byte)0;
        transaction.Id.Bytes.CopyTo(entry[1..]);
        BinaryPrimitives.WriteUInt16BigEndian(entry[33..], checked((ushort)transaction.Slice.Batch));
        BinaryPrimitives.WriteInt32BigEndian(entry[35..], transaction.Slice.Offset);
        BinaryPrimitives.WriteInt32BigEndian(entry[39..], transaction.Slice.Length);
        entry[43] = checked((byte)touched.Count);
        int position = EntryHeadBytes;
        foreach (HistoryKey key in touched)
        {
            entry[position] = (byte)key.Index;
            entry[position + 1] = checked((byte)key.Subject.Length);
            key.Subject.Span.CopyTo(entry[(position + 2)..]);
            position += 2 + key.Subject.Length;
        }
        transaction.Receipt.Span.CopyTo(entry[position..]);
        return position + transaction.Receipt.Length;
    }

    private static ExecutedTransaction? TryRead(ReadOnlyMemory<byte> entry)
    {
        ReadOnlySpan<byte> bytes = entry.Span;
        if (bytes.Length < EntryHeadBytes || bytes[0] > IndexedFlag)
            return null;
        BatchSlice slice = new(
            BinaryPrimitives.ReadUInt16BigEndian(bytes[33..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[35..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[39..]));
        HistoryKey[] touched = new HistoryKey[bytes[43]];
        int position = EntryHeadBytes;
        for (int i = 0; i < touched.Length; i++)
        {
            if (bytes.Length - position < 2 || bytes.Length - position - 2 < bytes[position + 1])
                return null;
            int length = bytes[position + 1];
            touched[i] = new HistoryKey((HistoryIndex)bytes[position], entry.Slice(position + 2, length));
            position += 2 + length;
        }
        if (slice.Offset < 0 || slice.Length < 0)
            return null;
        return new ExecutedTransaction(new Hash256(bytes.Slice(1, Hash256.Size)), entry[position..], bytes[0] == IndexedFlag)
        {
            Slice = slice,
            Touched = touched,
        };
    }
}
