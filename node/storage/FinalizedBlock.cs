using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>The last finalised block. At height 0 it is the genesis, whose header hash is the genesis hash.</summary>
/// <param name="Height">Consecutive from 0, the genesis.</param>
/// <param name="HeaderHash">Hash of the header.</param>
/// <param name="StateRoot">Root after executing this block.</param>
/// <param name="TimeMs">The block's time, Unix milliseconds.</param>
/// <param name="TransactionCount">Transactions in the chain up to and including this block.</param>
public sealed record ChainTip(ulong Height, Hash256 HeaderHash, Hash256 StateRoot, ulong TimeMs, ulong TransactionCount);

/// <summary>Where a transaction's bytes lie.</summary>
/// <param name="Batch">Which of its block's batches, from 0; <see cref="None"/>: in none, but in the payload.</param>
/// <param name="Offset">Of its first byte in the encoded batch.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct BatchSlice(int Batch, int Offset, int Length)
{
    /// <summary><see cref="Batch"/> of a transaction that no batch holds.</summary>
    public const int None = ushort.MaxValue;

    /// <summary>In no batch.</summary>
    public static BatchSlice Nowhere => new(None, 0, 0);
}

/// <summary>One executed transaction of a block.</summary>
/// <param name="Id">Transaction id.</param>
/// <param name="Receipt">What became of it, in the host's own encoding; opaque to storage.</param>
/// <param name="Indexed">False for a copy that the block skipped: the index keeps pointing to the one that was executed.</param>
public sealed record ExecutedTransaction(Hash256 Id, ReadOnlyMemory<byte> Receipt, bool Indexed = true)
{
    /// <summary>Where its bytes are.</summary>
    public BatchSlice Slice { get; init; } = BatchSlice.Nowhere;

    /// <summary>Whose histories it belongs to, each once, at most <see cref="IndexLimits.TouchesMax"/>. Ignored for a skipped copy.</summary>
    public IReadOnlyList<HistoryKey> Touched { get; init; } = [];
}

/// <summary>A batch that a block names.</summary>
/// <param name="Id">Batch id.</param>
/// <param name="Length">Bytes of the encoded batch.</param>
public readonly record struct NamedBatch(Hash256 Id, int Length);

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

    /// <summary>The batches that it names, in order, at most <see cref="ChainStore.BatchesPerBlockMax"/>; all of them are stored.</summary>
    public IReadOnlyList<NamedBatch> Batches { get; init; } = [];

    /// <summary>What joins and leaves which group with this block, in order.</summary>
    public IReadOnlyList<MemberChange> Members { get; init; } = [];

    /// <summary>If other validators decide after this block: what proves to somebody who knows the set before which set that is. Opaque; kept for ever.</summary>
    public ReadOnlyMemory<byte> ValidatorChange { get; init; }
}

/// <summary>A final block as stored.</summary>
/// <param name="Height">Its height.</param>
/// <param name="HeaderHash">Hash of the header.</param>
/// <param name="TimeMs">The block's time, Unix milliseconds.</param>
/// <param name="TransactionCount">Transactions that it executed.</param>
/// <param name="Batches">The batches that it names, in order.</param>
/// <param name="Header">Encoded header.</param>
/// <param name="Payload">Encoded payload.</param>
public sealed record StoredBlock(
    ulong Height,
    Hash256 HeaderHash,
    ulong TimeMs,
    int TransactionCount,
    IReadOnlyList<NamedBatch> Batches,
    ReadOnlyMemory<byte> Header,
    ReadOnlyMemory<byte> Payload)
{
    /// <summary>What it weighs in the budget of headers, in bytes.</summary>
    public long HeaderBytes { get; init; }

    /// <summary>What it weighs in the budget of receipts, in bytes.</summary>
    public long ReceiptBytes { get; init; }
}

/// <summary>A final transaction as stored.</summary>
/// <param name="Location">Its place in the chain.</param>
/// <param name="Executed">Its id, receipt, where its bytes are and what it touched.</param>
public sealed record StoredTransaction(TransactionLocation Location, ExecutedTransaction Executed);

/// <summary>Where a finalised transaction is.</summary>
/// <param name="Height">Height of its block.</param>
/// <param name="Index">Its place in the block's order of execution.</param>
public readonly record struct TransactionLocation(ulong Height, int Index);

/// <summary>One record of the journal.</summary>
/// <param name="Sequence">Consecutive from 1.</param>
/// <param name="Bytes">What was appended.</param>
public readonly record struct JournalRecord(ulong Sequence, ReadOnlyMemory<byte> Bytes);

/// <summary>A change of validators as stored.</summary>
/// <param name="Height">Of the block after which others decide.</param>
/// <param name="Bytes">What proves it.</param>
public readonly record struct StoredValidatorChange(ulong Height, ReadOnlyMemory<byte> Bytes);
