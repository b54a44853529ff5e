using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>Batches, and what is read of finalised blocks. What is pruned is absent; <see cref="Kept"/> says from which height on there is something.</summary>
public sealed partial class ChainStore
{
    /// <summary>
    /// Stores a batch, without a sync of its own: the next <see cref="Storage.Journal.Append"/> or <see cref="Commit(FinalizedBlock)"/> makes it durable.
    /// </summary>
    public void PutBatch(in Hash256 id, ReadOnlySpan<byte> bytes)
    {
        using WriteBatch batch = database.NewBatch();
        batch.Put(ColumnFamily.Batches, id.Bytes, bytes);
        batch.Put(ColumnFamily.Index, ColumnFamilies.StoredBatch(finality?.Tip.Height ?? 0, id), default);
        database.Write(batch, sync: false);
        unsynced.Add(id);
        if (unsynced.IsFull)
            Journal.Append([]);
    }

    /// <summary>The bytes of a batch.</summary>
    public bool TryGetBatch(in Hash256 id, out ReadOnlyMemory<byte> batch) => TryGet(ColumnFamily.Batches, id.Bytes, out batch);

    /// <summary>Whether a batch is held.</summary>
    public bool HasBatch(in Hash256 id) => database.Contains(ColumnFamily.Batches, id.Bytes);

    /// <summary>Forgets a batch that no block will name.</summary>
    public void DropBatch(in Hash256 id)
    {
        using WriteBatch batch = database.NewBatch();
        batch.Delete(ColumnFamily.Batches, id.Bytes);
        database.Write(batch, sync: false);
    }

    /// <summary>A final block by its header's hash.</summary>
    public bool TryGetBlock(in Hash256 headerHash, [NotNullWhen(true)] out StoredBlock? block)
    {
        block = null;
        return TryGetHeight(headerHash, out ulong height) && TryGetBlock(height, out block);
    }

    /// <summary>The final block at a height.</summary>
    public bool TryGetBlock(ulong height, [NotNullWhen(true)] out StoredBlock? block)
    {
        block = null;
        if (height < kept.Headers.From || !TryGet(ColumnFamily.Headers, ColumnFamilies.Number(height), out ReadOnlyMemory<byte> record))
            return false;
        block = Storage.Records.TryReadBlock(height, record)
            ?? throw Damaged(ColumnFamily.Headers, ColumnFamilies.Number(height), $"the record of block {height} cannot be read");
        return true;
    }

    /// <summary>
    /// The header hash of the final block at a height. The genesis has no header; see <see cref="ChainTip.HeaderHash"/>.
    /// </summary>
    public bool TryGetHeaderHash(ulong height, out Hash256 headerHash)
    {
        bool found = TryGetBlock(height, out StoredBlock? block);
        headerHash = block?.HeaderHash ?? default;
        return found;
    }

    /// <summary>The height of a final block by its header's hash.</summary>
    public bool TryGetHeight(in Hash256 headerHash, out ulong height)
    {
        height = 0;
        byte[] key = ColumnFamilies.HeaderHashIndex(headerHash);
        if (!TryGet(ColumnFamily.Index, key, out ReadOnlyMemory<byte> record))
            return false;
        if (record.Length != sizeof(ulong))
            throw Damaged(ColumnFamily.Index, key, $"the height of block {headerHash} cannot be read");
        height = BinaryPrimitives.ReadUInt64BigEndian(record.Span);
        return height >= kept.Headers.From;
    }

    /// <summary>The newest final block that is not later than a time; false if even the oldest kept one is.</summary>
    /// <param name="timeMs">Unix milliseconds.</param>
    public bool TryGetHeightAt(ulong timeMs, out ulong height)
    {
        height = 0;
        if (database.LastAtOrBefore(ColumnFamily.Index, ColumnFamilies.Time(timeMs, ulong.MaxValue)) is not { } entry
            || entry.Key.Span[0] != ColumnFamilies.TimePrefix)
            return false;
        if (IndexRecord.TryDecode(entry.Key, entry.Value.Span) is not IndexRecord.OfTime found)
            throw Damaged(ColumnFamily.Index, entry.Key.Span, "the entry cannot be read");
        height = found.Height;
        return height >= kept.Headers.From;
    }

    /// <summary>The finalization of the block at a height, if it has its own.</summary>
    public bool TryGetCertificate(ulong height, out ReadOnlyMemory<byte> finalization)
    {
        finalization = default;
        return height >= kept.Headers.From && TryGet(ColumnFamily.Certificates, ColumnFamilies.Number(height), out finalization);
    }

    /// <summary>Where a final transaction is.</summary>
    public bool TryGetLocation(in Hash256 id, out TransactionLocation location)
    {
        location = default;
        byte[] key = ColumnFamilies.TransactionIndex(id);
        if (!TryGet(ColumnFamily.Index, key, out ReadOnlyMemory<byte> record))
            return false;
        if (!Storage.Records.TryReadLocation(record.Span, out location))
            throw Damaged(ColumnFamily.Index, key, $"the place of transaction {id} cannot be read");
        return location.Height >= kept.Receipts.From;
    }

    /// <summary>What became of a final transaction.</summary>
    public bool TryGetTransaction(in Hash256 id, [NotNullWhen(true)] out StoredTransaction? transaction)
    {
        transaction = null;
        if (!TryGetLocation(id, out TransactionLocation location))
            return false;
        if (TryGetTransaction(location, out transaction))
            return true;
        // Pruned between the two reads, or gone.
        return location.Height < kept.Receipts.From
            ? false
            : throw Damaged(ColumnFamily.Receipts, RowKey(location), $"the receipt of transaction {id} is missing");
    }

    /// <summary>What became of the transaction at a place.</summary>
    public bool TryGetTransaction(TransactionLocation location, [NotNullWhen(true)] out StoredTransaction? transaction)
    {
        transaction = null;
        if (location.Height < kept.Receipts.From || !TryGet(ColumnFamily.Receipts, RowKey(location), out ReadOnlyMemory<byte> row))
            return false;
        ExecutedTransaction executed = ReceiptRow.TryDecode(row, location.Index % ReceiptRow.CountMax)
            ?? throw Damaged(ColumnFamily.Receipts, RowKey(location), "the row of receipts cannot be read");
        transaction = new StoredTransaction(location, executed);
        return true;
    }

    /// <summary>The bytes of a transaction in a batch of a final block, without decoding either.</summary>
    /// <returns>False if it is in no batch, or the block's batches are pruned.</returns>
    public bool TryGetTransactionBytes(StoredTransaction transaction, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        (ulong height, BatchSlice slice) = (transaction.Location.Height, transaction.Executed.Slice);
        if (slice.Batch == BatchSlice.None || height < kept.Batches.From || !TryGetBlock(height, out StoredBlock? block))
            return false;
        if (slice.Batch >= block.Batches.Count)
            throw Damaged(ColumnFamily.Receipts, RowKey(transaction.Location), $"it names batch {slice.Batch} of {block.Batches.Count}");
        Hash256 batch = block.Batches[slice.Batch].Id;
        byte[]? part = database.GetPart(ColumnFamily.Batches, batch.Bytes, slice.Offset, slice.Length);
        if (part?.Length != slice.Length)
        {
            return height < kept.Batches.From
                ? false
                : throw Damaged(ColumnFamily.Batches, batch.Bytes, part is null ? "the batch is missing" : "the batch is too short");
        }
        bytes = part;
        return true;
    }

    /// <summary>What became of a final block's transactions, in order of execution; none if the block is pruned or not final here.</summary>
    /// <param name="from">The first of them that is wanted; rows before it are not read.</param>
    /// <exception cref="StorageException">Damaged; or Pruned, if the block is pruned while it is read.</exception>
    public IEnumerable<StoredTransaction> ReadTransactions(ulong height, int from = 0)
    {
        if (height < kept.Receipts.From || !TryGetBlock(height, out StoredBlock? block))
            yield break;
        for (int first = ReceiptRow.FirstOf(from); first < block.TransactionCount; first += ReceiptRow.CountMax)
        {
            TransactionLocation location = new(height, first);
            if (!TryGet(ColumnFamily.Receipts, RowKey(location), out ReadOnlyMemory<byte> row))
                throw height < kept.Receipts.From ? Pruned(height, kept.Receipts.From) : Damaged(ColumnFamily.Receipts, RowKey(location), "the row of receipts is missing");
            if (ReceiptRow.TryDecode(row) is not { } transactions || transactions.Length != Math.Min(ReceiptRow.CountMax, block.TransactionCount - first))
                throw Damaged(ColumnFamily.Receipts, RowKey(location), "the row of receipts cannot be read");
            for (int i = Math.Max(from - first, 0); i < transactions.Length; i++)
                yield return new StoredTransaction(new TransactionLocation(height, first + i), transactions[i]);
        }
    }

    private static byte[] RowKey(TransactionLocation location) => ColumnFamilies.ReceiptRow(location.Height, ReceiptRow.FirstOf(location.Index));

    private bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        byte[]? stored = database.Get(family, key);
        value = stored;
        return stored is not null;
    }
}
