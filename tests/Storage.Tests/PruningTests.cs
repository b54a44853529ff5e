using AppChain.Crypto;
using static AppChain.Storage.Tests.TestStore;

namespace AppChain.Storage.Tests;

public sealed class PruningTests : IDisposable
{
    private const int Blocks = 120;
    private static readonly StoreOptions Small = Options with { KeptBlocksMin = 10 };
    private static readonly RetentionBudget Nothing = new() { Batches = 0, Receipts = 0, Headers = 0 };

    private readonly TestStore files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Prune_WithinBudget_DoesNothing()
    {
        using ChainStore store = Filled(out StoreModel model);
        RetentionBudget roomy = new() { Batches = store.Kept.Batches.Bytes, Receipts = store.Kept.Receipts.Bytes, Headers = store.Kept.Headers.Bytes };
        Assert.False(store.Prune(roomy, Unguarded));
        Assert.False(store.Prune(RetentionBudget.Archive, Unguarded));
        Assert.Equal(1UL, store.Kept.Batches.From);
        model.Check(store);
    }

    [Fact]
    public void Prune_ABudgetPerClass_KeepsEachWithinItAndNoBlockMoreThanNeededGoes()
    {
        using ChainStore store = Filled(out StoreModel model);
        RetentionBudget budget = new()
        {
            Batches = store.Kept.Batches.Bytes / 4,
            Receipts = store.Kept.Receipts.Bytes / 2,
            Headers = store.Kept.Headers.Bytes * 3 / 4,
        };
        PruneAll(store, budget);
        RetentionRecord kept = store.Kept;
        Assert.InRange(kept.Batches.Bytes, 1, budget.Batches.Value);
        Assert.InRange(kept.Receipts.Bytes, 1, budget.Receipts.Value);
        Assert.InRange(kept.Headers.Bytes, 1, budget.Headers.Value);
        Assert.True(kept.Batches.From > kept.Receipts.From && kept.Receipts.From > kept.Headers.From && kept.Headers.From > 1, $"{kept}");
        // One block back would be too much.
        long next = model.Blocks[(int)kept.Batches.From - 2].Batches.Sum(batch => 32L + batch.Length);
        Assert.True(kept.Batches.Bytes + next > budget.Batches);
        model.Check(store);
        model.CheckIndexIsExact(store);
    }

    [Fact]
    public void Prune_WithoutAnyBudgetLeft_KeepsTheNamedMinimumOfBlocks()
    {
        using ChainStore store = Filled(out StoreModel model);
        PruneAll(store, Nothing);
        ulong oldest = store.Tip.Height + 1 - (ulong)Small.KeptBlocksMin;
        Assert.Equal((oldest, oldest, oldest), (store.Kept.Batches.From, store.Kept.Receipts.From, store.Kept.Headers.From));
        model.Check(store);
        StorageException pruned = Assert.Throws<StorageException>(() => store.RequireKept(oldest - 1, RetentionClass.Headers));
        Assert.Equal(StorageFault.Pruned, pruned.Fault);
        Assert.Contains($"the oldest kept height is {oldest}", pruned.Message);
        model.Commit(store);
        model.Check(store);
    }

    [Fact]
    public void Prune_EmptyBlocks_GoByTheBudgetOfHeadersAndTakeTheRestWithThem()
    {
        using ChainStore store = files.Open(Small);
        for (int i = 0; i < 40; i++)
            store.Commit(NextBlock(store));
        PruneAll(store, new RetentionBudget { Batches = 1 << 30, Receipts = 1 << 30, Headers = store.Kept.Headers.Bytes / 2 });
        Assert.InRange(store.Kept.Headers.From, 20UL, 22UL);
        Assert.Equal((store.Kept.Headers.From, store.Kept.Headers.From), (store.Kept.Batches.From, store.Kept.Receipts.From));
        Assert.Equal(store.Kept.Headers.From, store.Records.Receipts().First().Location.Height);
    }

    [Fact]
    public void Prune_LeavesNothingOfPrunedBlocksOnDisk()
    {
        using ChainStore store = Filled(out StoreModel model);
        PruneAll(store, Nothing);
        while (store.DropOrphans(Unguarded))
        {
        }
        ulong oldest = store.Kept.Headers.From;
        List<FinalizedBlock> left = [.. model.Blocks.Where(block => block.Height >= oldest)];
        Assert.Equal(left.Select(block => block.Height), store.Records.Headers().Select(block => block.Height));
        Assert.Equal(left.Sum(block => block.Transactions.Count), store.Records.Receipts().Count());
        Assert.Equal(left.Count(block => !block.Finalization.IsEmpty), store.Records.Certificates().Count());
        Assert.Equal(
            left.SelectMany(block => block.Batches).Select(batch => batch.Id).Order(Comparer<Hash256>.Create((x, y) => x.Bytes.SequenceCompareTo(y.Bytes))),
            store.Records.Batches().Select(batch => batch.Id));
        model.CheckIndexIsExact(store);
    }

    [Fact]
    public void Prune_CutBetweenAnyTwoSteps_GoesOnAfterAReopen()
    {
        StoreModel model;
        using (ChainStore store = Filled(out model))
            Assert.True(store.Kept.Batches.Bytes > 0);
        int steps = 0;
        for (bool more = true; more; steps++)
        {
            // Each life does one step and is gone: as the steps are written, a crash between two of them leaves just this.
            using ChainStore store = files.Open(Small);
            if (steps % 5 == 0)
                model.Check(store);
            more = store.Prune(Nothing, Unguarded);
        }
        Assert.True(steps > 6, $"only {steps} steps: the test cuts nowhere");
        using ChainStore last = files.Open(Small);
        model.Check(last);
        model.CheckIndexIsExact(last);
    }

    [Fact]
    public void Prune_OfABatchThatALaterBlockNames_KeepsIt()
    {
        using ChainStore store = files.Open(Small);
        NamedBatch batch = new(HashOf("batch"), 3);
        store.PutBatch(batch.Id, Bytes("abc"));
        store.Commit(NextBlock(store) with { Batches = [batch] });
        for (int i = 0; i < 20; i++)
            store.Commit(NextBlock(store));
        store.Commit(NextBlock(store) with { Batches = [batch] });
        PruneAll(store, Nothing);
        Assert.True(store.Kept.Batches.From > 1);
        Assert.True(store.HasBatch(batch.Id));
        for (int i = 0; i < Small.KeptBlocksMin; i++)
            store.Commit(NextBlock(store));
        PruneAll(store, Nothing);
        Assert.False(store.HasBatch(batch.Id));
    }

    [Fact]
    public void Prune_OfABatchThatABlockMayNameAgain_LeavesItUntilNoneDoes()
    {
        using ChainStore store = files.Open(Small);
        NamedBatch batch = new(HashOf("batch"), 3);
        store.PutBatch(batch.Id, Bytes("abc"));
        store.Commit(NextBlock(store) with { Batches = [batch] });
        for (int i = 0; i < 20; i++)
            store.Commit(NextBlock(store));
        while (store.Prune(Nothing, drop => drop(id => id == batch.Id)))
        {
        }
        Assert.True(store.HasBatch(batch.Id));
        for (int i = 0; i < Small.KeptBlocksMin; i++)
            store.Commit(NextBlock(store));
        while (store.DropOrphans(Unguarded))
        {
        }
        Assert.False(store.HasBatch(batch.Id));
    }

    [Fact]
    public void DropOrphans_OldUnnamedBatches_AreDroppedAndNoOthers()
    {
        using ChainStore store = files.Open(Small);
        (Hash256 old, Hash256 named, Hash256 waiting, Hash256 young) = (HashOf("old"), HashOf("named"), HashOf("waiting"), HashOf("young"));
        foreach (Hash256 id in (Hash256[])[old, named, waiting])
            store.PutBatch(id, Bytes("batch"));
        store.Commit(NextBlock(store) with { Batches = [new NamedBatch(named, 5)] });
        DropOrphansOnce(store, waiting);
        Assert.True(store.HasBatch(old)); // a block that is not final yet could name it
        for (int i = 0; i < Small.KeptBlocksMin; i++)
            store.Commit(NextBlock(store));
        store.PutBatch(young, Bytes("batch"));
        DropOrphansOnce(store, waiting);
        Assert.Equal((false, true, true, true), (store.HasBatch(old), store.HasBatch(named), store.HasBatch(waiting), store.HasBatch(young)));
        DropOrphansOnce(store, young);
        Assert.False(store.HasBatch(waiting));
    }

    [Fact]
    public void DropOrphans_MoreThanOneStepHolds_GoesRoundInSteps()
    {
        using ChainStore store = files.Open(Small);
        for (int i = 0; i < ChainStore.PruneDeletionsMax; i++)
            store.PutBatch(HashOf($"orphan {i}"), Bytes("x"));
        for (int i = 0; i < Small.KeptBlocksMin + 1; i++)
            store.Commit(NextBlock(store));
        Assert.True(store.DropOrphans(Unguarded));
        Assert.NotEmpty(store.Records.Batches());
        while (store.DropOrphans(Unguarded))
        {
        }
        Assert.Empty(store.Records.Batches());
        Assert.DoesNotContain(store.Records.Index(), record => record is IndexRecord.OfStoredBatch);
    }

    [Fact]
    public void ReclaimSpace_AfterPruning_GivesTheDiskSpaceBack()
    {
        StoreOptions options = Small with { WriteBufferBytes = 4 << 20 };
        using ChainStore store = files.Open(options);
        byte[] bytes = new byte[1 << 20];
        for (int i = 0; i < 100; i++)
        {
            new Random(i).NextBytes(bytes);
            Hash256 id = Hashing.Sha256(bytes);
            store.PutBatch(id, bytes);
            store.Commit(NextBlock(store) with { Batches = [new NamedBatch(id, bytes.Length)] });
        }
        long before = BlobBytes();
        PruneAll(store, new RetentionBudget { Batches = 16 << 20 });
        Assert.False(store.ReclaimSpace()); // the retained views may still read what was swept
        for (int i = 0; i < options.RetainedViews; i++)
            store.Commit(NextBlock(store));
        Assert.True(store.ReclaimSpace());
        Assert.False(store.ReclaimSpace());
        Assert.True(BlobBytes() < before / 2, $"{before} bytes before, {BlobBytes()} after");
        Assert.All(store.Records.Batches(), batch => Assert.Equal(batch.Id, Hashing.Sha256(batch.Bytes.Span)));
    }

    private long BlobBytes() => new DirectoryInfo(Path.Combine(files.Path, "db")).EnumerateFiles("*.blob").Sum(file => file.Length);

    private static void DropOrphansOnce(ChainStore store, Hash256 waiting)
    {
        while (store.DropOrphans(drop => drop(id => id == waiting)))
        {
        }
    }

    private static void PruneAll(ChainStore store, RetentionBudget budget)
    {
        while (store.Prune(budget, Unguarded))
        {
        }
    }

    private ChainStore Filled(out StoreModel model)
    {
        model = new StoreModel(new Random(7));
        ChainStore store = files.Open(Small);
        while (store.Tip.Height < Blocks)
            model.Commit(store);
        return store;
    }
}
