using System.Buffers.Binary;
using System.Text;
using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>Writes and reads the values of the layouts in ColumnFamilies.cs. Reading checks lengths: false means damage.</summary>
internal static class Records
{
    private const int TipSize = 8 + 32 + 32 + 8 + 8;
    private const int GenesisHeaderSize = 4 + 32;

    public static byte[] Genesis(string chainId, in Hash256 genesisHash)
    {
        byte[] record = new byte[GenesisHeaderSize + Encoding.UTF8.GetByteCount(chainId)];
        BinaryPrimitives.WriteUInt32BigEndian(record, ColumnFamilies.Format);
        genesisHash.Bytes.CopyTo(record.AsSpan(4));
        Encoding.UTF8.GetBytes(chainId, record.AsSpan(GenesisHeaderSize));
        return record;
    }

    public static bool TryReadGenesis(ReadOnlySpan<byte> record, out uint format, out Hash256 genesisHash, out string chainId)
    {
        (format, genesisHash, chainId) = (0, default, "");
        if (record.Length < GenesisHeaderSize)
            return false;
        format = BinaryPrimitives.ReadUInt32BigEndian(record);
        genesisHash = new Hash256(record[4..GenesisHeaderSize]);
        chainId = Encoding.UTF8.GetString(record[GenesisHeaderSize..]);
        return true;
    }

    public static byte[] Tip(ChainTip tip)
    {
        byte[] record = new byte[TipSize];
        BinaryPrimitives.WriteUInt64BigEndian(record, tip.Height);
        tip.HeaderHash.Bytes.CopyTo(record.AsSpan(8));
        tip.StateRoot.Bytes.CopyTo(record.AsSpan(40));
        BinaryPrimitives.WriteUInt64BigEndian(record.AsSpan(72), tip.TimeMs);
        BinaryPrimitives.WriteUInt64BigEndian(record.AsSpan(80), tip.TransactionCount);
        return record;
    }

    public static bool TryReadTip(ReadOnlySpan<byte> record, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ChainTip? tip)
    {
        tip = null;
        if (record.Length != TipSize)
            return false;
        tip = new ChainTip(
            BinaryPrimitives.ReadUInt64BigEndian(record),
            new Hash256(record[8..40]),
            new Hash256(record[40..72]),
            BinaryPrimitives.ReadUInt64BigEndian(record[72..]),
            BinaryPrimitives.ReadUInt64BigEndian(record[80..]));
        return true;
    }

    public static byte[] Block(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        byte[] record = new byte[4 + header.Length + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(record, header.Length);
        header.CopyTo(record.AsSpan(4));
        payload.CopyTo(record.AsSpan(4 + header.Length));
        return record;
    }

    public static bool TryReadBlock(ReadOnlyMemory<byte> record, out StoredBlock block)
    {
        block = default;
        if (record.Length < 4)
            return false;
        int headerLength = BinaryPrimitives.ReadInt32BigEndian(record.Span);
        if (headerLength < 0 || headerLength > record.Length - 4)
            return false;
        block = new StoredBlock(record.Slice(4, headerLength), record[(4 + headerLength)..]);
        return true;
    }

    public static byte[] Receipts(IReadOnlyList<ExecutedTransaction> transactions)
    {
        int start = 4 + (4 * transactions.Count);
        int total = start;
        foreach (ExecutedTransaction transaction in transactions)
            total = checked(total + transaction.Receipt.Length);

        byte[] record = new byte[total];
        BinaryPrimitives.WriteInt32BigEndian(record, transactions.Count);
        int end = 0;
        for (int i = 0; i < transactions.Count; i++)
        {
            ReadOnlySpan<byte> receipt = transactions[i].Receipt.Span;
            receipt.CopyTo(record.AsSpan(start + end));
            end += receipt.Length;
            BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(4 + (4 * i)), end);
        }
        return record;
    }

    public static bool TryReadReceipts(ReadOnlyMemory<byte> record, out IReadOnlyList<ReadOnlyMemory<byte>> receipts)
    {
        receipts = [];
        ReadOnlySpan<byte> span = record.Span;
        if (span.Length < 4)
            return false;
        int count = BinaryPrimitives.ReadInt32BigEndian(span);
        if (count < 0 || count > (span.Length - 4) / 4)
            return false;

        ReadOnlyMemory<byte> bodies = record[(4 + (4 * count))..];
        ReadOnlyMemory<byte>[] result = new ReadOnlyMemory<byte>[count];
        int from = 0;
        for (int i = 0; i < count; i++)
        {
            int end = BinaryPrimitives.ReadInt32BigEndian(span[(4 + (4 * i))..]);
            if (end < from || end > bodies.Length)
                return false;
            result[i] = bodies[from..end];
            from = end;
        }
        receipts = result;
        return from == bodies.Length;
    }

    public static byte[] Location(TransactionLocation location)
    {
        byte[] record = new byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(record, location.Height);
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(8), location.Index);
        return record;
    }

    public static bool TryReadLocation(ReadOnlySpan<byte> record, out TransactionLocation location)
    {
        location = default;
        if (record.Length != 12)
            return false;
        location = new TransactionLocation(BinaryPrimitives.ReadUInt64BigEndian(record), BinaryPrimitives.ReadInt32BigEndian(record[8..]));
        return location.Index >= 0;
    }
}
