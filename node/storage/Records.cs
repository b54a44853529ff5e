using System.Buffers.Binary;
using System.Text;
using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>Writes and reads the values of the layouts in ColumnFamilies.cs. Reading checks lengths: false means damage.</summary>
internal static class Records
{
    /// <summary>Bytes of <see cref="Tip"/>.</summary>
    public const int TipSize = 8 + 32 + 32 + 8 + 8;
    private const int GenesisHeaderSize = 4 + 32;
    private const int BlockHeadSize = 32 + 8 + 4 + 8 + 8 + 2;
    private const int RetentionSpanSize = 8 + 8 + 8;
    private const int NamedBatchSize = Hash256.Size + 4;

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

    public static byte[] Block(FinalizedBlock block, long headerBytes, long receiptBytes)
    {
        byte[] record = new byte[BlockHeadSize + (NamedBatchSize * block.Batches.Count) + 4 + block.Header.Length + block.Payload.Length];
        Span<byte> rest = record;
        block.HeaderHash.Bytes.CopyTo(rest);
        BinaryPrimitives.WriteUInt64BigEndian(rest[32..], block.TimeMs);
        BinaryPrimitives.WriteInt32BigEndian(rest[40..], block.Transactions.Count);
        BinaryPrimitives.WriteInt64BigEndian(rest[44..], headerBytes);
        BinaryPrimitives.WriteInt64BigEndian(rest[52..], receiptBytes);
        BinaryPrimitives.WriteUInt16BigEndian(rest[60..], checked((ushort)block.Batches.Count));
        rest = rest[BlockHeadSize..];
        foreach (NamedBatch batch in block.Batches)
        {
            batch.Id.Bytes.CopyTo(rest);
            BinaryPrimitives.WriteInt32BigEndian(rest[Hash256.Size..], batch.Length);
            rest = rest[NamedBatchSize..];
        }
        BinaryPrimitives.WriteInt32BigEndian(rest, block.Header.Length);
        block.Header.Span.CopyTo(rest[4..]);
        block.Payload.Span.CopyTo(rest[(4 + block.Header.Length)..]);
        return record;
    }

    /// <summary>A block's record; null if it is damaged.</summary>
    public static StoredBlock? TryReadBlock(ulong height, ReadOnlyMemory<byte> record)
    {
        ReadOnlySpan<byte> bytes = record.Span;
        if (bytes.Length < BlockHeadSize + 4)
            return null;
        int batchCount = BinaryPrimitives.ReadUInt16BigEndian(bytes[60..]);
        int headerStart = BlockHeadSize + (NamedBatchSize * batchCount) + 4;
        if (bytes.Length < headerStart)
            return null;
        NamedBatch[] batches = new NamedBatch[batchCount];
        for (int i = 0; i < batchCount; i++)
        {
            ReadOnlySpan<byte> batch = bytes[(BlockHeadSize + (NamedBatchSize * i))..];
            batches[i] = new NamedBatch(new Hash256(batch[..Hash256.Size]), BinaryPrimitives.ReadInt32BigEndian(batch[Hash256.Size..]));
        }
        int headerLength = BinaryPrimitives.ReadInt32BigEndian(bytes[(headerStart - 4)..]);
        if (headerLength < 0 || headerLength > bytes.Length - headerStart)
            return null;
        return new StoredBlock(
            height,
            new Hash256(bytes[..Hash256.Size]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[32..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[40..]),
            batches,
            record.Slice(headerStart, headerLength),
            record[(headerStart + headerLength)..])
        {
            HeaderBytes = BinaryPrimitives.ReadInt64BigEndian(bytes[44..]),
            ReceiptBytes = BinaryPrimitives.ReadInt64BigEndian(bytes[52..]),
        };
    }

    public static byte[] Retention(RetentionRecord retention)
    {
        byte[] record = new byte[3 * RetentionSpanSize];
        Span<byte> rest = record;
        foreach (RetentionClass kind in Enum.GetValues<RetentionClass>())
        {
            RetentionSpan span = retention.Of(kind);
            BinaryPrimitives.WriteUInt64BigEndian(rest, span.From);
            BinaryPrimitives.WriteUInt64BigEndian(rest[8..], span.Swept);
            BinaryPrimitives.WriteInt64BigEndian(rest[16..], span.Bytes);
            rest = rest[RetentionSpanSize..];
        }
        return record;
    }

    /// <summary>What is kept; null if the record is damaged.</summary>
    public static RetentionRecord? TryReadRetention(ReadOnlySpan<byte> record)
    {
        if (record.Length != 3 * RetentionSpanSize)
            return null;
        RetentionRecord retention = RetentionRecord.Everything;
        foreach (RetentionClass kind in Enum.GetValues<RetentionClass>())
        {
            RetentionSpan span = new(
                BinaryPrimitives.ReadUInt64BigEndian(record),
                BinaryPrimitives.ReadUInt64BigEndian(record[8..]),
                BinaryPrimitives.ReadInt64BigEndian(record[16..]));
            if (span.Swept > span.From || span.Bytes < 0)
                return null;
            retention = retention.With(kind, span);
            record = record[RetentionSpanSize..];
        }
        return retention;
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
