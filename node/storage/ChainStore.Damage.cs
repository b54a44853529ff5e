using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>What a reader who understands the records says when one is missing or not what it must be.</summary>
public sealed partial class ChainStore
{
    /// <summary>Checks that a part of a block is not pruned. The genesis, height 0, never is.</summary>
    /// <exception cref="StorageException">It is.</exception>
    public void RequireKept(ulong height, RetentionClass kind)
    {
        if (height > 0 && height < kept.Of(kind).From)
            throw Pruned(height, kept.Of(kind).From);
    }

    /// <summary>A final block is not there: pruned, or lost.</summary>
    public StorageException MissingBlock(ulong height) => height < kept.Headers.From
        ? Pruned(height, kept.Headers.From)
        : Damaged(ColumnFamily.Headers, ColumnFamilies.Number(height), $"block {height} is missing");

    /// <summary>A batch of a final block is not there: pruned, or lost.</summary>
    public StorageException MissingBatch(in Hash256 id, ulong height) => height < kept.Batches.From
        ? Pruned(height, kept.Batches.From)
        : Damaged(ColumnFamily.Batches, id.Bytes, $"a batch of block {height} is missing");

    /// <summary>The header or payload of a block is not what was written.</summary>
    public StorageException DamagedBlock(ulong height) => TryGetBlock(height, out _)
        ? Damaged(ColumnFamily.Headers, ColumnFamilies.Number(height), $"the header or payload of block {height} cannot be read")
        : MissingBlock(height);

    /// <summary>A receipt is not what was written.</summary>
    public StorageException DamagedReceipt(StoredTransaction transaction) => Damaged(
        ColumnFamily.Receipts, RowKey(transaction.Location), $"the receipt of transaction {transaction.Executed.Id} cannot be read");

    /// <summary>A batch is not what its id says.</summary>
    public StorageException DamagedBatch(in Hash256 id) => Damaged(ColumnFamily.Batches, id.Bytes, "the batch is not the one of this id");

    private static StorageException Pruned(ulong height, ulong oldest) => new(
        StorageFault.Pruned, $"Block {height} is pruned: the oldest kept height is {oldest}. Ask an archive node.");

    private StorageException Damaged(ColumnFamily family, ReadOnlySpan<byte> key, string what) => Damage.Of(path, family, key, what);
}
