using System.Buffers.Binary;
using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>
/// Runs <paramref name="drop"/> with a test of whether a batch may still be named by a block that is not final, such that the answer
/// stays true until it returns.
/// </summary>
public delegate void BatchGuard(Action<Predicate<Hash256>> drop);

/// <summary>
/// Pruning, in steps that are bounded and can be cut anywhere. First the height from which a class is kept is raised: from then on
/// nothing below it is answered. Then what lies below is swept from disk, each step recording how far it came in the same write. A row
/// goes together with the index entries that were made from it, and the row says which those are: there is never an entry left behind.
/// </summary>
public sealed partial class ChainStore
{
    /// <summary>Most deletions of one step, but for the last row or block of it: some 2 ms of the write queue.</summary>
    public const int PruneDeletionsMax = 1_024;

    /// <summary>Bytes swept from a class after which <see cref="ReclaimSpace"/> acts.</summary>
    public const long ReclaimBytesMin = 64L << 20;

    /// <summary>Most blocks by which one step raises what is kept.</summary>
    public const int PruneBlocksMax = 256;

    private readonly Lock pruneGate = new();
    private volatile RetentionRecord kept = RetentionRecord.Everything;
    private readonly (long Bytes, ulong Tip)[] swept = new (long Bytes, ulong Tip)[Enum.GetValues<RetentionClass>().Length];
    private byte[] orphanCursor = [ColumnFamilies.StoredBatchPrefix];

    /// <summary>From which height on what is kept, and how much that is.</summary>
    public RetentionRecord Kept => kept;

    /// <summary>One bounded step towards the budget. Any thread; commits go on meanwhile.</summary>
    /// <param name="guard">Keeps batches that blocks may still name.</param>
    /// <returns>False if there is nothing to do until another block is final.</returns>
    /// <exception cref="StorageException">The disk failed, or what is to be pruned is damaged.</exception>
    public bool Prune(RetentionBudget budget, BatchGuard guard)
    {
        lock (pruneGate)
            return SweepReceipts() || SweepBatches(guard) || SweepHeaders() || Raise(budget);
    }

    /// <summary>
    /// Looks at some of the batches that were stored at least <see cref="StoreOptions.KeptBlocksMin"/> blocks ago and drops those that
    /// no block names.
    /// </summary>
    /// <returns>False at the end of a round: the next call begins another one.</returns>
    public bool DropOrphans(BatchGuard guard)
    {
        lock (pruneGate)
        {
            bool more = false;
            guard(isNamed => more = DropOrphans(isNamed));
            return more;
        }
    }

    /// <summary>
    /// Makes RocksDB give back the space of what was swept, once that is worth the work. Deletions alone would wait for a compaction that
    /// comes by: in column families whose keys only grow none ever does. What was swept stays on disk as long as a retained view may
    /// still read it, so this acts <see cref="StoreOptions.RetainedViews"/> blocks later.
    /// </summary>
    /// <returns>False if there is too little yet, or it is too early.</returns>
    public bool ReclaimSpace()
    {
        lock (pruneGate)
        {
            bool any = false;
            foreach (RetentionClass kind in Enum.GetValues<RetentionClass>())
            {
                if (swept[(int)kind] is var (bytes, tip) && (bytes < ReclaimBytesMin || Tip.Height < tip + (ulong)retainedViewsMax))
                    continue;
                swept[(int)kind] = default;
                Reclaim(kind, ColumnFamilies.Number(kept.Of(kind).Swept));
                any = true;
            }
            return any;
        }
    }

    private void Reclaim(RetentionClass kind, byte[] swept)
    {
        switch (kind)
        {
            case RetentionClass.Batches:
                // All keys, which are few and small; the batches themselves are not moved: a blob file goes when nothing in it is alive.
                database.Compact(ColumnFamily.Batches, default, default);
                break;
            case RetentionClass.Receipts:
                database.Compact(ColumnFamily.Receipts, default, swept);
                break;
            default:
                database.Compact(ColumnFamily.Headers, default, swept);
                database.Compact(ColumnFamily.Certificates, default, swept);
                break;
        }
    }

    private bool DropOrphans(Predicate<Hash256> isNamed)
    {
        ulong tip = Tip.Height;
        using WriteBatch batch = database.NewBatch();
        ReadOnlyMemory<byte> prefix = new[] { ColumnFamilies.StoredBatchPrefix };
        int seen = 0;
        bool more = false;
        foreach (StateEntry entry in database.Enumerate(ColumnFamily.Index, prefix, from: orphanCursor))
        {
            if (IndexRecord.TryDecode(entry.Key, entry.Value.Span) is not IndexRecord.OfStoredBatch stored)
                throw Damaged(ColumnFamily.Index, entry.Key.Span, "the entry cannot be read");
            if (stored.Height + keptBlocksMin > tip)
                break;
            more = seen++ == PruneDeletionsMax / 2;
            if (more)
                break;
            orphanCursor = [.. entry.Key.Span, 0];
            bool included = database.Contains(ColumnFamily.Index, ColumnFamilies.BatchIndex(stored.Id));
            if (!included && isNamed(stored.Id))
                continue; // looked at again in the next round
            batch.Delete(ColumnFamily.Index, entry.Key.Span);
            if (!included)
                batch.Delete(ColumnFamily.Batches, stored.Id.Bytes);
        }
        if (batch.Count > 0)
            database.Write(batch, sync: false);
        if (!more)
            orphanCursor = prefix.ToArray();
        return more;
    }

    private bool SweepReceipts()
    {
        RetentionSpan span = kept.Receipts;
        if (span.Swept == span.From)
            return false;
        using WriteBatch batch = database.NewBatch();
        ulong to = span.From;
        int deletions = 0;
        foreach (StateEntry entry in database.Enumerate(ColumnFamily.Receipts, default, from: ColumnFamilies.Number(span.Swept)))
        {
            if (entry.Key.Length != ReceiptRow.KeySize || ReceiptRow.TryDecode(entry.Value) is not { } transactions)
                throw Damaged(ColumnFamily.Receipts, entry.Key.Span, "the row of receipts cannot be read, so that its index entries cannot be pruned");
            (ulong height, int first) = ReceiptRow.ReadKey(entry.Key.Span);
            if (height >= span.From)
                break;
            if (deletions >= PruneDeletionsMax)
            {
                to = height;
                break;
            }
            deletions += BlockWriter.RemoveReceipts(batch, height, first, transactions);
        }
        Record(batch, RetentionClass.Receipts, now => now with { Swept = to });
        return true;
    }

    private bool SweepBatches(BatchGuard guard)
    {
        RetentionSpan span = kept.Batches;
        if (span.Swept == span.From)
            return false;
        guard(isNamed =>
        {
            using WriteBatch batch = database.NewBatch();
            ulong height = span.Swept;
            for (; height < span.From && batch.Count < PruneDeletionsMax; height++)
            {
                foreach (NamedBatch named in RequireBlock(height).Batches)
                    RemoveBatch(batch, named.Id, height, isNamed);
            }
            Record(batch, RetentionClass.Batches, now => now with { Swept = height });
        });
        return true;
    }

    private void RemoveBatch(WriteBatch batch, in Hash256 id, ulong height, Predicate<Hash256> isNamed)
    {
        byte[] index = ColumnFamilies.BatchIndex(id);
        if (database.Get(ColumnFamily.Index, index) is not { } record || BinaryPrimitives.ReadUInt64BigEndian(record) != height)
            return; // a later block names it too, and its pruning removes it
        batch.Delete(ColumnFamily.Index, index);
        // A block that is not final yet may take it again: from here on it is like a batch that has just come.
        if (isNamed(id))
            batch.Put(ColumnFamily.Index, ColumnFamilies.StoredBatch(Tip.Height, id), default);
        else
            batch.Delete(ColumnFamily.Batches, id.Bytes);
    }

    private bool SweepHeaders()
    {
        RetentionSpan span = kept.Headers;
        if (span.Swept == span.From)
            return false;
        using WriteBatch batch = database.NewBatch();
        ulong height = span.Swept;
        for (; height < span.From && batch.Count < PruneDeletionsMax; height++)
        {
            byte[] key = ColumnFamilies.Number(height);
            StoredBlock block = RequireBlock(height);
            batch.Delete(ColumnFamily.Index, ColumnFamilies.HeaderHashIndex(block.HeaderHash));
            batch.Delete(ColumnFamily.Index, ColumnFamilies.Time(block.TimeMs, height));
            batch.Delete(ColumnFamily.Certificates, key);
            batch.Delete(ColumnFamily.Headers, key);
        }
        Record(batch, RetentionClass.Headers, now => now with { Swept = height });
        return true;
    }

    private bool Raise(RetentionBudget budget)
    {
        if (finality is null)
            return false;
        foreach (RetentionClass kind in Enum.GetValues<RetentionClass>())
        {
            ulong from = LowestWithin(budget, kind);
            // Without its header a block is nothing: the rest goes first, and is swept before this is called again.
            bool raised = kind == RetentionClass.Headers && (RaiseTo(RetentionClass.Batches, from) || RaiseTo(RetentionClass.Receipts, from));
            if (raised || RaiseTo(kind, from))
                return true;
        }
        return false;
    }

    /// <summary>The lowest height from which a class is within its budget, or as far as one step goes.</summary>
    private ulong LowestWithin(RetentionBudget budget, RetentionClass kind)
    {
        ulong tip = Tip.Height;
        ulong limit = tip >= keptBlocksMin ? tip + 1 - keptBlocksMin : 0;
        RetentionSpan span = kept.Of(kind);
        long surplus = budget.Of(kind) is { } bytes ? span.Bytes - bytes : 0;
        ulong from = span.From;
        for (; surplus > 0 && from < limit && from < span.From + PruneBlocksMax; from++)
            surplus -= BlockWeight.Of(RequireBlock(from)).For(kind);
        return from;
    }

    private bool RaiseTo(RetentionClass kind, ulong from)
    {
        RetentionSpan span = kept.Of(kind);
        if (from <= span.From)
            return false;
        long removed = 0;
        for (ulong height = span.From; height < from; height++)
            removed += BlockWeight.Of(RequireBlock(height)).For(kind);
        using WriteBatch batch = database.NewBatch();
        Record(batch, kind, now => now with { From = from, Bytes = now.Bytes - removed });
        swept[(int)kind].Bytes += removed;
        return true;
    }

    /// <summary>Writes the batch, and with it what it does to a span. A commit writes the same record: one at a time.</summary>
    private void Record(WriteBatch batch, RetentionClass kind, Func<RetentionSpan, RetentionSpan> change)
    {
        lock (commitGate)
        {
            RetentionRecord now = kept.With(kind, change(kept.Of(kind)));
            batch.Put(ColumnFamily.Meta, ColumnFamilies.RetentionKey, Storage.Records.Retention(now));
            database.Write(batch, sync: false);
            kept = now;
            swept[(int)kind].Tip = Tip.Height;
        }
    }

    // Reads below what is kept too: what is still to be swept.
    private StoredBlock RequireBlock(ulong height)
    {
        byte[] key = ColumnFamilies.Number(height);
        return TryGet(ColumnFamily.Headers, key, out ReadOnlyMemory<byte> record) && Storage.Records.TryReadBlock(height, record) is { } block
            ? block
            : throw Damaged(ColumnFamily.Headers, key, $"the record of block {height} is missing or cannot be read");
    }
}
