using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>The limits of a store. The defaults suit a validator with a million devices.</summary>
public sealed record StoreOptions
{
    /// <summary>Memory for blocks read from disk, shared by all column families, in bytes.</summary>
    public long BlockCacheBytes { get; init; } = 64L << 20;

    /// <summary>Memory that one column family gathers before it writes a file, in bytes.</summary>
    public long WriteBufferBytes { get; init; } = 32L << 20;

    /// <summary>Write-ahead log that is kept, in bytes: bounds the replay at start.</summary>
    public long WriteAheadLogBytesMax { get; init; } = 128L << 20;

    /// <summary>
    /// Free disk space below which <see cref="ChainStore.Commit"/> and <see cref="Journal.Append"/> refuse with
    /// <see cref="StorageFault.DiskFull"/>, in bytes: the room that RocksDB needs to file and compact what it has accepted already, and
    /// an operator to act.
    /// </summary>
    public long DiskReserveBytes { get; init; } = 256L << 20;

    /// <summary>
    /// Finalised views that stay readable and provable, the newest included. Older ones release their snapshot and answer with
    /// <see cref="StorageFault.Expired"/>. Bounds the old versions that compaction must keep.
    /// </summary>
    public int RetainedViews { get; init; } = 32;

    /// <summary>
    /// Newest blocks that are never pruned, whatever the budget: what consensus, a peer that is a little behind, and proofs against recent
    /// roots may still ask for. <see cref="RetainedViews"/> if that is more.
    /// </summary>
    public int KeptBlocksMin { get; init; } = 1_024;

    /// <summary>How each column family lies on disk; another one only to measure.</summary>
    internal Func<ColumnFamily, FamilyTuning> Tuning { get; init; } = FamilyTuning.Of;
}
