using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>
/// The column families of the database, in the order in which they are opened. This file declares every key and value layout;
/// integers are big-endian, so that keys sort by number.
/// </summary>
public enum ColumnFamily
{
    /// <summary>RocksDB's own; empty.</summary>
    Default,

    /// <summary><c>key → value</c>: the flat state after the tip, both as the ledger gave them.</summary>
    State,

    /// <summary>
    /// <c>height:8 → headerHash:32 ‖ timeMs:8 ‖ transactionCount:4 ‖ headerBytes:8 ‖ receiptBytes:8 ‖ batchCount:2 ‖
    /// (batchId:32 ‖ length:4) × batchCount ‖ headerLength:4 ‖ header ‖ payload</c>. The two byte counts are what the block weighs in
    /// the budgets of <see cref="RetentionClass.Headers"/> and <see cref="RetentionClass.Receipts"/>.
    /// </summary>
    Headers,

    /// <summary>
    /// <c>batchId:32 → batch</c>. Values live in blob files: they are large, written once and not worth moving in compactions.
    /// </summary>
    Batches,

    /// <summary><c>height:8 → finalization</c>; absent for a block that was finalised through a descendant.</summary>
    Certificates,

    /// <summary>
    /// <c>height:8 ‖ first:4 → count:2 ‖ end:4 × count ‖ entries</c>: what became of up to <see cref="ReceiptRow.CountMax"/> transactions
    /// from place <c>first</c> on; each end is an offset from the first entry's start. An entry is <c>flags:1 ‖ transactionId:32 ‖ batch:2 ‖
    /// offset:4 ‖ length:4 ‖ touchCount:1 ‖ (index:1 ‖ subjectLength:1 ‖ subject) × touchCount ‖ receipt</c>. Flag 1: it is the one that the
    /// index of transactions names. <c>batch</c> counts the block's batches from 0; <c>0xffff</c>: in none of them.
    /// </summary>
    Receipts,

    /// <summary>
    /// <c>0x01 ‖ transactionId:32 → height:8 ‖ index:4</c>.
    /// <c>0x02 ‖ headerHash:32 → height:8</c>.
    /// <c>0x03 ‖ batchId:32 → height:8</c>: the last block that names the batch.
    /// <c>0x04 ‖ height:8 ‖ batchId:32 → nothing</c>: the batch was stored on top of this block, and nobody has looked since whether a block took it.
    /// <c>0x05 ‖ timeMs:8 ‖ height:8 → nothing</c>.
    /// <c>0x10 ‖ index:1 ‖ subjectLength:1 ‖ subject ‖ (2⁶⁴ − 1 − height):8 ‖ (2³² − 1 − place):4 → nothing</c>: <see cref="HistoryIndex"/>, newest first.
    /// <c>0x11 ‖ index:1 ‖ groupLength:1 ‖ group ‖ member → nothing</c>: <see cref="MemberIndex"/>.
    /// </summary>
    Index,

    /// <summary><c>sequence:8 → crc32c:4 ‖ record</c>; the checksum covers <c>sequence:8 ‖ record</c>.</summary>
    Journal,

    /// <summary>
    /// <c>"genesis" → format:4 ‖ genesisHash:32 ‖ chainId</c>.
    /// <c>"tip" → height:8 ‖ headerHash:32 ‖ stateRoot:32 ‖ timeMs:8 ‖ transactionCount:8</c>.
    /// <c>"journal" → first:8 ‖ next:8</c>: the sequences that the journal must hold.
    /// <c>"before" → tip ‖ headerHash:32 ‖ (present:1 ‖ keyLength:4 ‖ key ‖ valueLength:4 ‖ value) × n</c>: see StateBefore.
    /// <c>"import" → digest:32</c> and <c>"import/" ‖ chunk:4 → nothing</c>, while a snapshot is being imported: see <see cref="StateImport"/>.
    /// <c>"validators/" ‖ height in 20 decimal digits → change</c>: an epoch's last block after which another set of validators decides, with what proves it; kept for ever.
    /// <c>"retention" → (from:8 ‖ swept:8 ‖ bytes:8) × 3</c>: see <see cref="RetentionRecord"/>.
    /// </summary>
    Meta,
}

/// <summary>Names of the column families on disk, and the keys in them.</summary>
internal static class ColumnFamilies
{
    /// <summary>Version of all layouts together; a database with another one is refused. 2: receipts in rows, indexes, retention.</summary>
    public const uint Format = 2;

    public const byte TransactionPrefix = 0x01;
    public const byte HeaderHashPrefix = 0x02;
    public const byte BatchPrefix = 0x03;
    public const byte StoredBatchPrefix = 0x04;
    public const byte TimePrefix = 0x05;
    public const byte HistoryPrefix = 0x10;
    public const byte MemberPrefix = 0x11;

    public static readonly string[] Names =
        ["default", "state", "headers", "batches", "certificates", "receipts", "index", "journal", "meta"];

    public static string Name(ColumnFamily family) => Names[(int)family];

    public static ReadOnlySpan<byte> GenesisKey => "genesis"u8;

    public static ReadOnlySpan<byte> TipKey => "tip"u8;

    public static ReadOnlySpan<byte> JournalBoundsKey => "journal"u8;

    public static ReadOnlySpan<byte> BeforeKey => "before"u8;

    public static ReadOnlySpan<byte> ImportKey => "import"u8;

    public static ReadOnlySpan<byte> RetentionKey => "retention"u8;

    public static ReadOnlySpan<byte> ValidatorChangePrefix => "validators/"u8;

    /// <summary>A word like all keys there; with as many digits as the greatest height has, so that keys sort by number.</summary>
    public static byte[] ValidatorChange(ulong height) => [.. ValidatorChangePrefix, .. Encoding.ASCII.GetBytes(height.ToString("D20", CultureInfo.InvariantCulture))];

    /// <summary>The height in such a key; null if it is another one.</summary>
    public static ulong? HeightOfValidatorChange(ReadOnlySpan<byte> key) =>
        key.StartsWith(ValidatorChangePrefix) && key.Length == ValidatorChangePrefix.Length + 20
        && ulong.TryParse(key[ValidatorChangePrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out ulong height) ? height : null;

    public static byte[] TransactionIndex(in Hash256 id) => [TransactionPrefix, .. id.Bytes];

    public static byte[] HeaderHashIndex(in Hash256 headerHash) => [HeaderHashPrefix, .. headerHash.Bytes];

    public static byte[] BatchIndex(in Hash256 id) => [BatchPrefix, .. id.Bytes];

    public static byte[] StoredBatch(ulong height, in Hash256 id) => [StoredBatchPrefix, .. Number(height), .. id.Bytes];

    public static byte[] Time(ulong timeMs, ulong height) => [TimePrefix, .. Number(timeMs), .. Number(height)];

    /// <summary>What all entries of one subject's history start with.</summary>
    public static byte[] History(in HistoryKey key) => [HistoryPrefix, (byte)key.Index, (byte)key.Subject.Length, .. key.Subject.Span];

    /// <summary>Counts down, so that the newest comes first.</summary>
    public static byte[] HistoryEntry(in HistoryKey key, TransactionLocation place)
        => [.. History(key), .. Number(ulong.MaxValue - place.Height), .. Number(uint.MaxValue - (uint)place.Index)];

    /// <summary>What all members of one group start with.</summary>
    public static byte[] Members(MemberIndex index, ReadOnlySpan<byte> group) => [MemberPrefix, (byte)index, (byte)group.Length, .. group];

    public static byte[] Member(MemberIndex index, ReadOnlySpan<byte> group, ReadOnlySpan<byte> member) => [.. Members(index, group), .. member];

    public static byte[] ReceiptRow(ulong height, int first) => [.. Number(height), .. Number((uint)first)];

    /// <summary>A height or a sequence as a key or value.</summary>
    public static byte[] Number(ulong number)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Number(uint number)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}
