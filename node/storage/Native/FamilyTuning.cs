namespace AppChain.Storage.Native;

/// <summary>How RocksDB compresses; the numbers are those of its C API.</summary>
internal enum Compression
{
    None = 0,
    Lz4 = 4,
    Zstd = 7,
}

/// <summary>How one column family lies on disk. Which values, and why: docs/storage.md, by measurement.</summary>
internal sealed record FamilyTuning
{
    /// <summary>Bytes of a block of a table file, uncompressed: what one read brings in.</summary>
    public int BlockBytes { get; init; } = 4 << 10;

    /// <summary>Compression of table files.</summary>
    public Compression Tables { get; init; } = Compression.Lz4;

    /// <summary>Bits of the bloom filter per key; 0: none, for what is read in order only.</summary>
    public double BloomBits { get; init; } = 10;

    /// <summary>Values from this size on go to blob files, in bytes; null: none do.</summary>
    public ulong? BlobBytesMin { get; init; }

    /// <summary>Compression of blob files.</summary>
    public Compression Blobs { get; init; } = Compression.None;

    /// <summary>The share of the oldest blob files from which each compaction moves what is alive; 0: none, files go once all of them is dead.</summary>
    public double BlobCollectionAge { get; init; }

    /// <summary>Levels sized from the last one up, which bounds the space that old versions take.</summary>
    public bool DynamicLevels { get; init; } = true;

    /// <summary>The settings of each column family.</summary>
    public static FamilyTuning Of(ColumnFamily family) => family switch
    {
        ColumnFamily.Batches => new FamilyTuning { BlobBytesMin = 1024, Blobs = Compression.Zstd },
        _ => new FamilyTuning(),
    };
}
