using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>
/// The column families of the database, in the order in which they are opened. This file declares every key and value layout;
/// integers are big-endian, so that keys sort by number.
/// </summary>
internal enum ColumnFamily
{
    /// <summary>RocksDB's own; empty.</summary>
    Default,

    /// <summary><c>key → value</c>: the flat state after the tip, both as the ledger gave them.</summary>
    State,

    /// <summary>
    /// <c>height:8 → headerHash:32 ‖ headerLength:4 ‖ header ‖ payload</c>.
    /// </summary>
    Headers,

    /// <summary>
    /// <c>batchId:32 → batch</c>. Values live in blob files: they are large, written once and not worth moving in compactions.
    /// </summary>
    Batches,

    /// <summary><c>height:8 → finalization</c>; absent for a block that was finalised through a descendant.</summary>
    Certificates,

    /// <summary><c>height:8 → count:4 ‖ end:4 × count ‖ receipts</c>: each end is an offset from the first receipt's start.</summary>
    Receipts,

    /// <summary>
    /// <c>0x01 ‖ transactionId:32 → height:8 ‖ index:4</c>.
    /// <c>0x02 ‖ headerHash:32 → height:8</c>.
    /// <c>0x80 ‖ key → value</c>: the host's own indexes.
    /// </summary>
    Index,

    /// <summary><c>sequence:8 → crc32c:4 ‖ record</c>; the checksum covers <c>sequence:8 ‖ record</c>.</summary>
    Journal,

    /// <summary>
    /// <c>"genesis" → format:4 ‖ genesisHash:32 ‖ chainId</c>.
    /// <c>"tip" → height:8 ‖ headerHash:32 ‖ stateRoot:32 ‖ timeMs:8 ‖ transactionCount:8</c>.
    /// <c>"journal" → first:8 ‖ next:8</c>: the sequences that the journal must hold.
    /// </summary>
    Meta,

    /// <summary><c>height:8 → parent:8 ‖ (family:1 ‖ present:1 ‖ keyLength:4 ‖ key ‖ valueLength:4 ‖ value) × n</c>: what the commit that made this
    /// height the tip replaced; see UndoLog.</summary>
    Undo,
}

/// <summary>Names of the column families on disk, and the keys in them.</summary>
internal static class ColumnFamilies
{
    /// <summary>Version of all layouts together; a database with another one is refused.</summary>
    public const uint Format = 1;

    /// <summary>Values from this size on go to blob files, in bytes.</summary>
    public const ulong BlobBytesMin = 1024;

    private const byte TransactionPrefix = 0x01;
    private const byte HeaderHashPrefix = 0x02;
    private const byte HostPrefix = 0x80;

    public static readonly string[] Names =
        ["default", "state", "headers", "batches", "certificates", "receipts", "index", "journal", "meta", "undo"];

    public static string Name(ColumnFamily family) => Names[(int)family];

    public static bool HasBlobFiles(ColumnFamily family) => family == ColumnFamily.Batches;

    public static ReadOnlySpan<byte> GenesisKey => "genesis"u8;

    public static ReadOnlySpan<byte> TipKey => "tip"u8;

    public static ReadOnlySpan<byte> JournalBoundsKey => "journal"u8;

    public static byte[] FinalBlock(ulong height) => Number(height);

    public static byte[] TransactionIndex(in Hash256 id) => [TransactionPrefix, .. id.Bytes];

    public static byte[] HeaderHashIndex(in Hash256 headerHash) => [HeaderHashPrefix, .. headerHash.Bytes];

    public static byte[] HostIndex(ReadOnlySpan<byte> key) => [HostPrefix, .. key];

    /// <summary>A height or a sequence as a key or value.</summary>
    public static byte[] Number(ulong number)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }
}
