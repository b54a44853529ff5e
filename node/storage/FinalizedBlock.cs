using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>The last finalised block. At height 0 it is the genesis, whose header hash is the genesis hash.</summary>
/// <param name="Height">Consecutive from 0, the genesis.</param>
/// <param name="HeaderHash">Hash of the header.</param>
/// <param name="StateRoot">Root after executing this block.</param>
/// <param name="TimeMs">The block's time, Unix milliseconds.</param>
/// <param name="TransactionCount">Transactions in the chain up to and including this block.</param>
public sealed record ChainTip(ulong Height, Hash256 HeaderHash, Hash256 StateRoot, ulong TimeMs, ulong TransactionCount);

/// <summary>One executed transaction of a block.</summary>
/// <param name="Id">Transaction id.</param>
/// <param name="Receipt">Encoded receipt; opaque to storage.</param>
/// <param name="Indexed">False for a copy that the block skipped: the index keeps pointing to the one that was executed.</param>
public readonly record struct ExecutedTransaction(Hash256 Id, ReadOnlyMemory<byte> Receipt, bool Indexed = true);

/// <summary>An entry of a secondary index (devices by owner, cells, …) in the host's own layout; opaque to storage.</summary>
public readonly record struct IndexEntry(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);

/// <summary>
/// Everything that becomes durable at once when a block is final. Header, payload, receipts are opaque bytes to storage.
/// </summary>
public sealed record FinalizedBlock
{
    /// <summary>The tip's height plus one.</summary>
    public required ulong Height { get; init; }

    /// <summary>Hash of <see cref="Header"/>.</summary>
    public required Hash256 HeaderHash { get; init; }

    /// <summary>Encoded header.</summary>
    public required ReadOnlyMemory<byte> Header { get; init; }

    /// <summary>Encoded payload.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Encoded finalization; empty if the block was finalised through a descendant.</summary>
    public ReadOnlyMemory<byte> Finalization { get; init; }

    /// <summary>The block's time, Unix milliseconds.</summary>
    public required ulong TimeMs { get; init; }

    /// <summary>Its transactions in order of execution, at most <see cref="ChainStore.TransactionsPerBlockMax"/>.</summary>
    public required IReadOnlyList<ExecutedTransaction> Transactions { get; init; }

    /// <summary>The state after this block: made by <see cref="StateView.With"/> from the finalised view of its parent.</summary>
    public required StateView State { get; init; }

    /// <summary>Entries that the host's secondary indexes gain with this block.</summary>
    public IReadOnlyList<IndexEntry> Index { get; init; } = [];
}

/// <summary>A header and its payload as stored.</summary>
public readonly record struct StoredBlock(ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Payload);

/// <summary>Where a finalised transaction is.</summary>
/// <param name="Height">Height of its block.</param>
/// <param name="Index">Its place in the block's order of execution.</param>
public readonly record struct TransactionLocation(ulong Height, int Index);

/// <summary>One record of the journal.</summary>
/// <param name="Sequence">Consecutive from 1.</param>
/// <param name="Bytes">What was appended.</param>
public readonly record struct JournalRecord(ulong Sequence, ReadOnlyMemory<byte> Bytes);
