using System.Buffers.Binary;
using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>What a rollback changed.</summary>
/// <param name="Blocks">Blocks that are gone.</param>
/// <param name="Transactions">Their transactions.</param>
/// <param name="StateKeys">Keys of the state that have another value again, or are there again, or gone.</param>
public sealed record RollbackSummary(ulong Blocks, ulong Transactions, long StateKeys);

/// <summary>
/// Takes a data directory back to an earlier block, whose state was computed beside it. All of it is one atomic, synced write: after a
/// crash the directory is as it was before or as it is after. What is above the block goes with everything that was made from it; what is
/// below stays, pruned or not. The journal of own votes goes too: what this key has signed is remembered apart from the data.
/// </summary>
public sealed class StoreRollback
{
    /// <summary>Bytes of keys and values of the one write, which is held in memory. Above: refused, and nothing is changed.</summary>
    public const long WriteBytesMax = 1L << 30;

    private readonly Database database;
    private readonly string path;
    private readonly ChainStore target;
    private readonly WriteBatch batch;
    private long bytes;

    private StoreRollback(Database database, string path, ChainStore target)
    {
        (this.database, this.path, this.target) = (database, path, target);
        batch = database.NewBatch();
    }

    /// <summary>Takes the directory back.</summary>
    /// <param name="path">A data directory that nobody has open.</param>
    /// <param name="target">A store of the same chain whose tip is the block to go back to. It is only read.</param>
    /// <param name="summary">What was changed.</param>
    /// <returns>False if too much differs for one write: nothing was changed.</returns>
    /// <exception cref="ArgumentException">The target's tip is not a block of this directory below its tip.</exception>
    /// <exception cref="StorageException">A record to be removed is damaged, or the disk failed: nothing was changed.</exception>
    public static bool TryApply(string path, ChainStore target, out RollbackSummary summary)
    {
        string fullPath = Path.GetFullPath(path);
        using Database database = Database.Open(fullPath, new StoreOptions());
        StoreRollback rollback = new(database, fullPath, target);
        using (rollback.batch)
            return rollback.TryApply(out summary);
    }

    private bool TryApply(out RollbackSummary summary)
    {
        StoreRecords records = new(database, path, owned: false);
        StoreMeta meta = records.Meta();
        CheckIsAncestor(records, meta);
        RetentionRecord kept = RemoveBlocks(records, meta);
        long stateKeys = Restore(ColumnFamily.State, default, target.Finalised.Enumerate(default));
        Restore(ColumnFamily.Index, new[] { ColumnFamilies.MemberPrefix }, target.Records.Rows(ColumnFamily.Index, new[] { ColumnFamilies.MemberPrefix })
            .Select(static row => new StateEntry(row.Key, row.Value)));
        batch.Put(ColumnFamily.Meta, ColumnFamilies.TipKey, Records.Tip(target.Tip));
        batch.Put(ColumnFamily.Meta, ColumnFamilies.RetentionKey, Records.Retention(kept));
        batch.Delete(ColumnFamily.Meta, ColumnFamilies.BeforeKey);
        new Journal(database, path, new UnsyncedBatches()).AddClearing(batch);
        summary = new RollbackSummary(meta.Tip.Height - target.Tip.Height, meta.Tip.TransactionCount - target.Tip.TransactionCount, stateKeys);
        if (bytes > WriteBytesMax)
            return false;
        database.Write(batch, sync: true);
        return true;
    }

    private void CheckIsAncestor(StoreRecords records, StoreMeta meta)
    {
        ChainTip tip = target.Tip;
        Hash256? held = tip.Height == 0 ? meta.GenesisHash : records.Block(tip.Height)?.HeaderHash;
        if (tip.Height >= meta.Tip.Height || held != tip.HeaderHash)
            throw new ArgumentException($"Block {tip.Height}, {tip.HeaderHash}, is none below the tip {meta.Tip.Height} of {path}.", nameof(target));
    }

    private RetentionRecord RemoveBlocks(StoreRecords records, StoreMeta meta)
    {
        RetentionRecord kept = meta.Retention;
        HashSet<Hash256> batches = [];
        for (ulong height = target.Tip.Height + 1; height <= meta.Tip.Height; height++)
        {
            byte[] key = ColumnFamilies.Number(height);
            StoredBlock block = records.Block(height) ?? throw Damage.Of(path, ColumnFamily.Headers, key, $"block {height} is missing");
            foreach (StoredRow row in records.Rows(ColumnFamily.Receipts, key))
                RemoveReceipts(row);
            Delete(ColumnFamily.Headers, key);
            Delete(ColumnFamily.Certificates, key);
            Delete(ColumnFamily.Index, ColumnFamilies.HeaderHashIndex(block.HeaderHash));
            Delete(ColumnFamily.Index, ColumnFamilies.Time(block.TimeMs, height));
            Delete(ColumnFamily.Meta, ColumnFamilies.ValidatorChange(height));
            batches.UnionWith(block.Batches.Select(static named => named.Id));
            kept = kept.Minus(BlockWeight.Of(block));
        }
        RemoveBatches(records, batches);
        return kept;
    }

    private void RemoveReceipts(StoredRow row)
    {
        if (ReceiptRow.TryDecode(row.Key, row.Value) is not { } transactions)
            throw Damage.Of(path, ColumnFamily.Receipts, row.Key.Span, "the row of receipts cannot be read, so that its index entries cannot be removed");
        // Each index entry repeats what the row says of it, and not much more.
        bytes += 2L * row.Value.Length;
        TransactionLocation first = transactions[0].Location;
        if (bytes <= WriteBytesMax)
            BlockWriter.RemoveReceipts(batch, first.Height, first.Index, [.. transactions.Select(static transaction => transaction.Executed)]);
    }

    // A block below may name the same batch: then it stays, and the index says which is the last that does.
    private void RemoveBatches(StoreRecords records, HashSet<Hash256> batches)
    {
        Dictionary<Hash256, ulong> stay = [];
        if (batches.Count > 0)
        {
            foreach (StoredBlock block in records.Headers().TakeWhile(block => block.Height <= target.Tip.Height))
            {
                foreach (NamedBatch named in block.Batches.Where(named => batches.Contains(named.Id)))
                    stay[named.Id] = block.Height;
            }
        }
        foreach (StoredRow row in records.Rows(ColumnFamily.Index, new[] { ColumnFamilies.StoredBatchPrefix }))
        {
            if (row.Decode() is IndexRecord.OfStoredBatch { Id: var id } && batches.Contains(id) && !stay.ContainsKey(id))
                Delete(ColumnFamily.Index, row.Key.Span);
        }
        foreach (Hash256 id in batches)
        {
            if (stay.TryGetValue(id, out ulong height))
            {
                Put(ColumnFamily.Index, ColumnFamilies.BatchIndex(id), ColumnFamilies.Number(height));
                continue;
            }
            Delete(ColumnFamily.Index, ColumnFamilies.BatchIndex(id));
            Delete(ColumnFamily.Batches, id.Bytes);
        }
    }

    /// <summary>Makes the entries under a prefix those that are wanted; both come in order of key. Returns how many differ.</summary>
    private long Restore(ColumnFamily family, ReadOnlyMemory<byte> prefix, IEnumerable<StateEntry> wanted)
    {
        long differing = 0;
        using IEnumerator<StateEntry> next = wanted.GetEnumerator();
        bool hasNext = next.MoveNext();
        foreach (StateEntry held in database.Enumerate(family, prefix))
        {
            // What is wanted before this key is not held.
            for (; hasNext && ByteOrder.Instance.Compare(next.Current.Key, held.Key) < 0; hasNext = next.MoveNext(), differing++)
                Put(family, next.Current.Key.Span, next.Current.Value.Span);
            if (!hasNext || !next.Current.Key.Span.SequenceEqual(held.Key.Span))
            {
                Delete(family, held.Key.Span);
                differing++;
                continue;
            }
            if (!next.Current.Value.Span.SequenceEqual(held.Value.Span))
            {
                Put(family, held.Key.Span, next.Current.Value.Span);
                differing++;
            }
            hasNext = next.MoveNext();
        }
        for (; hasNext; hasNext = next.MoveNext(), differing++)
            Put(family, next.Current.Key.Span, next.Current.Value.Span);
        return differing;
    }

    // Beyond the limit nothing is held any more: only the sum goes on.
    private void Put(ColumnFamily family, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        bytes += key.Length + value.Length;
        if (bytes <= WriteBytesMax)
            batch.Put(family, key, value);
    }

    private void Delete(ColumnFamily family, ReadOnlySpan<byte> key)
    {
        bytes += key.Length;
        if (bytes <= WriteBytesMax)
            batch.Delete(family, key);
    }
}
