using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>What a reader who understands more of the records than the store does says when one is not what it must be.</summary>
public sealed partial class StoreRecords
{
    /// <summary>A row is not what it must be.</summary>
    public StorageException Damaged(StoredRow row, string what) => Damage.Of(path, row.Family, row.Key.Span, what);

    /// <summary>A block that must be there is not.</summary>
    public StorageException MissingBlock(ulong height) => Damage.Of(path, ColumnFamily.Headers, ColumnFamilies.Number(height), $"block {height} is missing");

    /// <summary>The header, payload or finalization of a block is not what was written.</summary>
    public StorageException DamagedBlock(ulong height)
        => Damage.Of(path, ColumnFamily.Headers, ColumnFamilies.Number(height), $"the header, payload or finalization of block {height} cannot be read");

    /// <summary>A batch is missing, or not the one of its id.</summary>
    public StorageException DamagedBatch(in Hash256 id, ulong height)
        => Damage.Of(path, ColumnFamily.Batches, id.Bytes, $"a batch of block {height} is missing, or not the one of this id");
}
