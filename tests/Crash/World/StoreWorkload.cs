using AppChain.Crash.Disk;
using AppChain.Crypto;
using AppChain.Node.Driver;
using AppChain.Storage;
using AppChain.Storage.Native;

namespace AppChain.Crash.World;

/// <summary>
/// A store at work: blocks, alone and several at once, votes, batches that a block names and ones that none does, pruning, flushes,
/// and an orderly end. With write buffers so small that flushes and compactions go on all the time.
/// </summary>
internal sealed class StoreWorkload(ChainMaker maker, Attempts attempts, Random random) : Workload
{
    private const int StepsMax = 40;
    private const int OrphanBytesMax = 60_000;

    private static readonly RetentionBudget Budget = new() { Batches = 8_000, Receipts = 6_000, Headers = 12_000 };

    public static readonly StoreOptions Options = new()
    {
        WriteBufferBytes = 64 << 10,
        WriteAheadLogBytesMax = 192 << 10,
        BlockCacheBytes = 4 << 20,
        DiskReserveBytes = 0,
        RetainedViews = 2,
        KeptBlocksMin = 4,
    };

    public override void Run(Recorder recorder)
    {
        using ChainStore store = ChainStore.Open(recorder.Root, Options);
        maker.Initialize(store);
        ExecutedBlock tip = maker.Tip(store);
        for (int steps = random.Next(1, StepsMax); steps > 0; steps--)
            Step(store, recorder, ref tip);
        if (random.Next(2) == 0)
            store.KeepProvenState();
    }

    protected override string? Problem(string directory, Promise promise)
    {
        using ChainStore store = ChainStore.Open(directory, Options);
        maker.Initialize(store);
        return new StoreCheck(store, maker).Problem(attempts, promise);
    }

    private void Step(ChainStore store, Recorder recorder, ref ExecutedBlock tip)
    {
        switch (random.Next(20))
        {
            case < 9:
                Commit(store, recorder, ref tip);
                break;
            case < 13:
                Vote(store, recorder);
                break;
            case < 15:
                StoreOrphan(store, recorder);
                break;
            case < 18:
                while (store.Prune(Budget, static drop => drop(static _ => false)))
                {
                }
                break;
            case 18:
                recorder.Acknowledge(static promise => promise.MayDropOrphans());
                store.DropOrphans(static drop => drop(static _ => false));
                break;
            default:
                store.Flush((ColumnFamily)random.Next(ColumnFamilies.Names.Length));
                break;
        }
    }

    private void Commit(ChainStore store, Recorder recorder, ref ExecutedBlock tip)
    {
        List<FinalizedBlock> blocks = [];
        for (int left = random.Next(4) == 0 ? 3 : 1; left > 0; left--)
        {
            MadeBlock made = maker.Next(tip, random, isCertified: left == 1 || random.Next(2) == 0);
            made.PutBatches(store);
            blocks.Add(made.Final.ToStored());
            tip = made.Final.Executed;
        }
        attempts.Commit(blocks);
        store.Commit(blocks);
        ulong height = tip.Height;
        recorder.Acknowledge(promise => promise.Committed(height));
    }

    private void Vote(ChainStore store, Recorder recorder)
    {
        ulong last = store.Journal.LastSequence;
        ReadOnlyMemory<byte>[] records = [.. Enumerable.Range(1, random.Next(1, 4)).Select(i => Attempts.Record(last + (ulong)i))];
        attempts.Journal(last + (ulong)records.Length);
        ulong sequence = store.Journal.Append(records);
        recorder.Acknowledge(promise => promise.Journalled(sequence));
        if (random.Next(4) == 0)
            store.Journal.PruneBefore(sequence);
    }

    private void StoreOrphan(ChainStore store, Recorder recorder)
    {
        byte[] batch = new byte[random.Next(1, OrphanBytesMax)];
        random.NextBytes(batch);
        Hash256 id = Hashing.Sha256(batch);
        store.PutBatch(id, batch);
        recorder.Acknowledge(promise => promise.Stored(id));
    }
}
