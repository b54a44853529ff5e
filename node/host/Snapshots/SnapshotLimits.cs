using AppChain.Crypto;

namespace AppChain.Node.Snapshots;

/// <summary>Every bound of snapshots, in one place.</summary>
public static class SnapshotLimits
{
    /// <summary>Version of manifest, chunks and files together. Another one is refused.</summary>
    public const uint Format = 1;

    /// <summary>Chunks that an import holds in memory and checks at a time.</summary>
    public const int ChunksAtATime = 8;

    /// <summary>Bytes of records that a chunk is filled up to. A single longer record makes a chunk of its own.</summary>
    public const int ChunkBytesTarget = 1 << 20;

    /// <summary>Chunks of one snapshot: 64 GiB of state. Above: the manifest is refused.</summary>
    public const int ChunksMax = 65_536;

    /// <summary>Headers from the snapshot's block to its finalization. Above: the manifest is refused.</summary>
    public const int HeadersMax = 1_024;

    /// <summary>Bytes of an encoded manifest. Above: refused before it is read.</summary>
    public const int ManifestBytesMax = 8 << 20;

    /// <summary>Bytes of the encoded block: its batches and receipts. Above: refused before it is read.</summary>
    public const int BlockBytesMax = 256 << 20;

    /// <summary>Bytes of all changes of validators: 0.9 KiB each with 4 validators, 17 KiB with 150. Above: refused before they are read.</summary>
    public const int ValidatorsBytesMax = 512 << 20;

    /// <summary>Bytes of a compressed chunk. Above: refused before it is read.</summary>
    public const int PackedBytesMax = StateChunk.BytesMax + 1024;

    /// <summary>Snapshots that were made by hand in one home. Full: a further one is refused before anything is written, until one is removed.</summary>
    public const int ByHandMax = 8;

    /// <summary>Snapshots that a node offers to others. More: the newest.</summary>
    public const int OffersMax = 4;

    /// <summary>Bytes of a part of a snapshot in one message.</summary>
    public const int PieceBytes = 256 << 10;
}
