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
    /// Commits that can be taken back (<see cref="OfflineStore.Rollback"/>), the last one first. Each costs one read per key that the commit
    /// changes, and the replaced values on disk. 0 keeps none: then there is no rollback, and no snapshot of a stopped node.
    /// </summary>
    public int UndoCommits { get; init; } = 256;
}
