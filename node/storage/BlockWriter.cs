using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>Puts all records of a final block but its state into the write batch that makes it final.</summary>
internal static class BlockWriter
{
    // A key and its value in the indexes of a header's hash and time.
    private const int HeaderIndexBytes = 33 + 8 + 17;
    private const int TransactionIndexBytes = 33 + 12;

    /// <summary>Adds the block and answers what it weighs.</summary>
    public static BlockWeight Add(WriteBatch batch, FinalizedBlock block)
    {
        byte[] height = ColumnFamilies.Number(block.Height);
        BlockWeight weight = new(
            BlockWeight.BatchesOf(block.Batches),
            AddReceipts(batch, block),
            HeaderIndexBytes + (2 * sizeof(ulong)) + block.Header.Length + block.Payload.Length + block.Finalization.Length);
        batch.Put(ColumnFamily.Headers, height, Records.Block(block, weight.Headers, weight.Receipts));
        if (!block.Finalization.IsEmpty)
            batch.Put(ColumnFamily.Certificates, height, block.Finalization.Span);

        batch.Put(ColumnFamily.Index, ColumnFamilies.HeaderHashIndex(block.HeaderHash), height);
        batch.Put(ColumnFamily.Index, ColumnFamilies.Time(block.TimeMs, block.Height), default);
        foreach (NamedBatch named in block.Batches)
            batch.Put(ColumnFamily.Index, ColumnFamilies.BatchIndex(named.Id), height);
        AddMembers(batch, block.Members);
        if (!block.ValidatorChange.IsEmpty)
            batch.Put(ColumnFamily.Meta, ColumnFamilies.ValidatorChange(block.Height), block.ValidatorChange.Span);
        return weight;
    }

    /// <summary>Changes who belongs to what.</summary>
    public static void AddMembers(WriteBatch batch, IReadOnlyList<MemberChange> changes)
    {
        foreach (MemberChange change in changes)
        {
            byte[] key = ColumnFamilies.Member(change.Index, Checked(change.Group).Span, Checked(change.Member).Span);
            if (change.Joins)
                batch.Put(ColumnFamily.Index, key, default);
            else
                batch.Delete(ColumnFamily.Index, key);
        }
    }

    /// <summary>Deletes one row of receipts and every index entry that was made from it. Returns the number of deletions.</summary>
    public static int RemoveReceipts(WriteBatch batch, ulong height, int first, ReadOnlySpan<ExecutedTransaction> transactions)
    {
        int deletions = 1;
        batch.Delete(ColumnFamily.Receipts, ColumnFamilies.ReceiptRow(height, first));
        for (int i = 0; i < transactions.Length; i++)
        {
            ExecutedTransaction transaction = transactions[i];
            if (!transaction.Indexed)
                continue;
            TransactionLocation place = new(height, first + i);
            batch.Delete(ColumnFamily.Index, ColumnFamilies.TransactionIndex(transaction.Id));
            foreach (HistoryKey key in transaction.Touched)
                batch.Delete(ColumnFamily.Index, ColumnFamilies.HistoryEntry(key, place));
            deletions += 1 + transaction.Touched.Count;
        }
        return deletions;
    }

    private static long AddReceipts(WriteBatch batch, FinalizedBlock block)
    {
        ExecutedTransaction[] all = [.. block.Transactions];
        long bytes = 0;
        for (int first = 0; first < all.Length; first += ReceiptRow.CountMax)
        {
            byte[] row = ReceiptRow.Encode(all.AsSpan(first, Math.Min(ReceiptRow.CountMax, all.Length - first)));
            batch.Put(ColumnFamily.Receipts, ColumnFamilies.ReceiptRow(block.Height, first), row);
            bytes += ReceiptRow.KeySize + row.Length;
        }
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].Indexed)
                bytes += AddToIndexes(batch, all[i], new TransactionLocation(block.Height, i));
        }
        return bytes;
    }

    private static long AddToIndexes(WriteBatch batch, ExecutedTransaction transaction, TransactionLocation place)
    {
        batch.Put(ColumnFamily.Index, ColumnFamilies.TransactionIndex(transaction.Id), Records.Location(place));
        long bytes = TransactionIndexBytes;
        foreach (HistoryKey key in transaction.Touched)
        {
            Checked(key.Subject);
            byte[] entry = ColumnFamilies.HistoryEntry(key, place);
            batch.Put(ColumnFamily.Index, entry, default);
            bytes += entry.Length;
        }
        return bytes;
    }

    private static ReadOnlyMemory<byte> Checked(ReadOnlyMemory<byte> subject) => subject.Length is > 0 and <= IndexLimits.SubjectBytesMax
        ? subject
        : throw new ArgumentException($"A subject, group or member has 1 to {IndexLimits.SubjectBytesMax} bytes, not {subject.Length}.");
}
