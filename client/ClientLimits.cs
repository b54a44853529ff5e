namespace AppChain.Client;

/// <summary>Every bound of the SDK, with its unit and what happens at it.</summary>
public static class ClientLimits
{
    /// <summary>
    /// Span of a device's unanswered sequence numbers. The chain accepts numbers inside a window of 64 in any order, so half of it
    /// can never fall out, whatever order blocks take them in. Full: later readings wait in the outbox.
    /// </summary>
    public const int ProofsInFlightMax = 32;

    /// <summary>
    /// Readings that an outbox holds unless told otherwise. Full: <see cref="DeviceAgent.TryRecord"/> refuses the reading.
    /// </summary>
    public const int OutboxReadingsMax = 1_024;

    /// <summary>Bytes of an outbox file that is rewritten when the outbox runs empty.</summary>
    public const long OutboxFileBytesMax = 256 << 10;

    /// <summary>How often a transaction that a busy node turned away, or a block skipped, is offered again before the caller hears of it.</summary>
    public const int BusyRetriesMax = 20;

    /// <summary>
    /// How often a proof is sent again that was refused for a cause that may pass: its own earlier sending used the number in a block that
    /// is not final yet, or the node has no room or is behind. After that the refusal is the last word.
    /// </summary>
    public const int RefusedRetriesMax = 25;

    /// <summary>Bytes of the leaves in one transaction that opens some: with body and signature it stays below the chain's limit.</summary>
    public const int OpeningBytesMax = 3_800;

    /// <summary>Readings that wait before a device that was offline sends them as a batch: below that, they cost less one by one.</summary>
    public const int BatchReadingsMin = 256;

    /// <summary>Bytes of a received message: the largest block with all its transactions and receipts. Above: the call fails.</summary>
    public const int MessageBytesMax = 64 << 20;

    /// <summary>Headers whose hashes <see cref="Explain.FinalHeaders"/> keeps, 32 bytes each. Above: it takes no more.</summary>
    public const int FinalHeadersMax = 16 << 20;

    /// <summary>Transactions of one part of a block that a <see cref="BlockFollower"/> asks for: at the largest they fit <see cref="MessageBytesMax"/>.</summary>
    public const uint BlockPartMax = 512;

    /// <summary>A node that sends a <see cref="BlockFollower"/> nothing for so long is left for the next one.</summary>
    public static readonly TimeSpan BlockSilenceMax = TimeSpan.FromSeconds(10);

    /// <summary>What that grows to, doubled with each node that sends nothing, until one does.</summary>
    public static readonly TimeSpan BlockSilenceMost = TimeSpan.FromMinutes(2);

    /// <summary>Bytes of a key file that are read.</summary>
    public const int KeyFileBytesMax = 4_096;

    /// <summary>Chunks of a file that a storage deal is made about here: their hashes are kept in memory, half a gigabyte for 16 GiB. Larger: refused.</summary>
    public const int StoredChunksMax = 16 << 20;

    /// <summary>Bytes of chunks and paths in one storage proof, which leave room for the rest of its transaction. A single chunk always fits.</summary>
    public const int StorageProofBytesMax = 3_600;

    /// <summary>How long a proof that waits for its verdict stays valid.</summary>
    public static readonly TimeSpan ProofLifetime = TimeSpan.FromMinutes(1);

    /// <summary>How long a query may take.</summary>
    public static readonly TimeSpan QueryDeadline = TimeSpan.FromSeconds(10);

    /// <summary>How long a submission that waits for finality may take.</summary>
    public static readonly TimeSpan FinalityDeadline = TimeSpan.FromSeconds(60);

    /// <summary>How long a node may take to make a snapshot of itself.</summary>
    public static readonly TimeSpan SnapshotDeadline = TimeSpan.FromHours(1);

    /// <summary>How long a signed transaction stays valid.</summary>
    public static readonly TimeSpan TransactionLifetime = TimeSpan.FromHours(1);

    /// <summary>How long a transaction of a batch stays valid: it is sent at once, or not at all.</summary>
    public static readonly TimeSpan BatchTransactionLifetime = TimeSpan.FromMinutes(1);

    /// <summary>A node that leaves a proof without any answer for so long is left for the next one.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(5);

    /// <summary>Pause before the first reconnection; it doubles up to <see cref="ReconnectDelayMax"/>.</summary>
    public static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan ReconnectDelayMax = TimeSpan.FromSeconds(3);

    /// <summary>Longest pause that a busy node may ask for. Above: this long.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(5);

    /// <summary>Pause after a node said that it has no room, or that a block skipped a transaction, unless it asked for a longer one.</summary>
    public static readonly TimeSpan BusyDelay = TimeSpan.FromMilliseconds(200);
}
