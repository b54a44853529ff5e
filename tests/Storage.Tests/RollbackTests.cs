using AppChain.Crypto;
using static AppChain.Storage.Tests.TestStore;

namespace AppChain.Storage.Tests;

public sealed class RollbackTests : IDisposable
{
    private readonly TestStore files = new();
    private readonly TestStore earlier = new();

    public void Dispose()
    {
        files.Dispose();
        earlier.Dispose();
    }

    /// <summary>Two stores live the same random life, one of them longer: taken back, it has every row that the other has, and no other.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(3, 0)]
    public void Store_TakenBack_IsWhatItWasThen(int seed, int commits)
    {
        StoreModel model = new(new Random(seed)), longer = new(new Random(seed));
        using (ChainStore store = files.Open())
        {
            for (int i = 0; i < commits + 6; i++)
                longer.Commit(store);
            store.Journal.Append([Bytes("vote")]);
            store.KeepProvenState();
        }
        using (ChainStore target = earlier.Open())
        {
            for (int i = 0; i < commits; i++)
                model.Commit(target);
            Assert.True(StoreRollback.TryApply(files.Path, target, out RollbackSummary summary));
            Assert.Equal((ulong)(longer.Blocks.Count - model.Blocks.Count), summary.Blocks);
            Assert.True(summary.StateKeys > 0);
        }
        Assert.Equal(Rows(earlier.Path), Rows(files.Path));

        // And goes on from there, another way than before.
        using ChainStore again = files.Open();
        Assert.Equal((1UL, false), (again.Journal.LastSequence, again.Journal.ReadAll().Any()));
        model.Check(again);
        for (int i = 0; i < 3; i++)
            model.Commit(again);
        model.Check(again);
        model.CheckIndexIsExact(again);
    }

    [Fact]
    public void Store_WhoseRollbackIsCutAnywhere_IsAsBeforeOrAsAfter()
    {
        Build(files, 12).Dispose();
        byte[] mark = File.ReadAllBytes(Path.Combine(files.Path, "synced"));
        using (ChainStore target = Build(earlier, 5))
            Assert.True(StoreRollback.TryApply(files.Path, target, out _));
        string log = Directory.GetFiles(Path.Combine(files.Path, "db"), "*.log").Order(StringComparer.Ordinal).Last();
        int length = (int)new FileInfo(log).Length;
        Assert.True(length > 1_000, $"{length} bytes");
        List<ulong> tips = [];
        for (int cut = 0; cut <= length; cut = cut == length ? length + 1 : Math.Min(length, cut + (length / 24)))
        {
            using TestStore copy = new();
            Copy(files.Path, copy.Path);
            File.WriteAllBytes(Path.Combine(copy.Path, "synced"), mark);
            using (FileStream torn = File.OpenWrite(Path.Combine(copy.Path, "db", Path.GetFileName(log))))
                torn.SetLength(cut);
            // Opening checks the state's root against the tip's.
            using ChainStore store = copy.Open();
            tips.Add(store.Tip.Height);
            Assert.Equal(store.Tip.Height, (ulong)store.Records.Headers().LongCount());
        }
        Assert.Equal(5UL, tips[^1]);
        Assert.All(tips.SkipLast(1), tip => Assert.Equal(12UL, tip));
    }

    [Fact]
    public void Batch_ThatABlockBelowNamesToo_Stays()
    {
        Hash256 both = HashOf("both"), above = HashOf("above");
        using (ChainStore store = files.Open())
        {
            store.PutBatch(both, Bytes("in both"));
            store.PutBatch(above, Bytes("above only"));
            store.Commit(NextBlock(store) with { Batches = [new NamedBatch(both, 7)] });
            store.Commit(NextBlock(store) with { Batches = [new NamedBatch(above, 10), new NamedBatch(both, 7)] });
        }
        using (ChainStore target = earlier.Open())
        {
            target.Commit(NextBlock(target) with { Batches = [new NamedBatch(both, 7)] });
            Assert.True(StoreRollback.TryApply(files.Path, target, out _));
        }
        using ChainStore again = files.Open();
        Assert.Equal((true, false), (again.HasBatch(both), again.HasBatch(above)));
        Assert.Equal(new IndexRecord.OfBatch(both, 1), Assert.Single(again.Records.Index().OfType<IndexRecord.OfBatch>()));
    }

    [Fact]
    public void ValidatorChanges_OfBlocksAbove_GoWithThemAndThoseBelowStay()
    {
        using (ChainStore store = files.Open())
        {
            store.Commit(NextBlock(store) with { ValidatorChange = Bytes("first") });
            store.Commit(NextBlock(store));
            store.Commit(NextBlock(store) with { ValidatorChange = Bytes("second") });
            Assert.Equal([1UL, 3], store.Records.ValidatorChanges().Select(static change => change.Height));
        }
        using (ChainStore target = earlier.Open())
        {
            target.Commit(NextBlock(target) with { ValidatorChange = Bytes("first") });
            target.Commit(NextBlock(target));
            Assert.True(StoreRollback.TryApply(files.Path, target, out _));
        }
        using ChainStore again = files.Open();
        StoredValidatorChange stays = Assert.Single(again.Records.ValidatorChanges());
        Assert.Equal((1UL, "first"), (stays.Height, System.Text.Encoding.UTF8.GetString(stays.Bytes.Span)));
    }

    [Fact]
    public void Rollback_ToABlockOfAnotherChainOrToTheTip_IsRefusedAndChangesNothing()
    {
        Build(files, 3).Dispose();
        SortedDictionary<string, string> before = Rows(files.Path);
        using (ChainStore same = Build(earlier, 3))
            Assert.Throws<ArgumentException>(() => StoreRollback.TryApply(files.Path, same, out _));
        using (TestStore others = new())
        using (ChainStore other = others.Open())
        {
            other.Commit(NextBlock(other) with { HeaderHash = HashOf("another") });
            Assert.Throws<ArgumentException>(() => StoreRollback.TryApply(files.Path, other, out _));
        }
        Assert.Equal(before, Rows(files.Path));
    }

    private static ChainStore Build(TestStore at, int blocks)
    {
        ChainStore store = at.Open();
        for (ulong height = 1; height <= (ulong)blocks; height++)
            store.Commit(NextBlock(store, CrashWriter.ChangesOf(height)));
        return store;
    }

    // The journal's numbers go on; everything else is as if the blocks above had never been.
    private static SortedDictionary<string, string> Rows(string path)
    {
        using StoreRecords records = StoreRecords.Open(path);
        return new(
            Enum.GetValues<ColumnFamily>().SelectMany(family => records.Rows(family, default))
                .Where(row => row is not { Family: ColumnFamily.Meta, KeyText: "journal" })
                .ToDictionary(row => $"{row.FamilyName} {row.KeyText}", row => Convert.ToHexString(row.Value.Span)),
            StringComparer.Ordinal);
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
