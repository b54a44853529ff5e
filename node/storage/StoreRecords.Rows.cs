using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>Rows as they lie on disk, for whoever looks at a single one. What is pruned but not yet swept is among them.</summary>
public sealed partial class StoreRecords
{
    /// <summary>The row of a key; null if there is none.</summary>
    public StoredRow? Row(ColumnFamily family, ReadOnlyMemory<byte> key)
        => database.Get(family, key.Span) is { } value ? new StoredRow(family, key, value) : null;

    /// <summary>The rows whose key starts with a prefix, in order of key.</summary>
    /// <param name="after">Only those behind this key; empty: all.</param>
    public IEnumerable<StoredRow> Rows(ColumnFamily family, ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte> after = default)
        => database.Enumerate(family, prefix, from: after.IsEmpty ? default : (byte[])[.. after.Span, 0])
            .Select(entry => new StoredRow(family, entry.Key, entry.Value));

    /// <summary>The rows of a block: its header with payload, its finalization if it has its own, and what became of its transactions.</summary>
    public IEnumerable<StoredRow> RowsOfBlock(ulong height)
        => new[] { ColumnFamily.Headers, ColumnFamily.Certificates, ColumnFamily.Receipts }.SelectMany(family => Rows(family, ColumnFamilies.Number(height)));

    /// <summary>The finalization of the block at a height, if it has its own.</summary>
    public StoredRow? RowOfFinalization(ulong height) => Row(ColumnFamily.Certificates, ColumnFamilies.Number(height));

    /// <summary>The row of receipts that holds the transaction at a place.</summary>
    public StoredRow? RowOfReceipt(TransactionLocation place)
        => Row(ColumnFamily.Receipts, ColumnFamilies.ReceiptRow(place.Height, ReceiptRow.FirstOf(place.Index)));

    /// <summary>The entries of the indexes of a hash: of a transaction, a header or a batch.</summary>
    public IEnumerable<StoredRow> IndexRowsOf(Hash256 hash)
    {
        byte[][] keys = [ColumnFamilies.TransactionIndex(hash), ColumnFamilies.HeaderHashIndex(hash), ColumnFamilies.BatchIndex(hash)];
        return keys.Select(key => Row(ColumnFamily.Index, key)).OfType<StoredRow>();
    }

    /// <summary>The entries of a history, newest first.</summary>
    public IEnumerable<StoredRow> IndexRowsOf(HistoryKey history) => Rows(ColumnFamily.Index, ColumnFamilies.History(history));

    /// <summary>The members of a group, in order of their bytes.</summary>
    public IEnumerable<StoredRow> IndexRowsOf(MemberIndex index, ReadOnlyMemory<byte> group) => Rows(ColumnFamily.Index, ColumnFamilies.Members(index, group.Span));
}
