using static AppChain.Storage.Tests.TestStore;

namespace AppChain.Storage.Tests;

public sealed class StateViewTests : IDisposable
{
    private readonly TestStore files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void With_Changes_ShowsThemOverTheParentAndLeavesTheParentAlone()
    {
        using ChainStore store = files.Open();
        StateView child = store.Finalised.With([Put("a", "one"), Delete("b"), Put("c", "")]);

        Assert.Equal(("one", null, ""), (Read(child, "a"), Read(child, "b"), Read(child, "c")));
        Assert.Equal(("1", "2", null), (Read(store.Finalised, "a"), Read(store.Finalised, "b"), Read(store.Finalised, "c")));
        Assert.Equal(1UL, child.Height);
        Assert.NotEqual(store.Finalised.Root, child.Root);
    }

    [Fact]
    public void With_AKeyTwiceOrBeyondItsLimit_Throws()
    {
        using ChainStore store = files.Open();
        Assert.Throws<ArgumentException>(() => store.Finalised.With([Put("a", "1"), Put("a", "2")]));
        Assert.Throws<ArgumentException>(() => store.Finalised.With([StateChange.Put(new byte[StateView.KeyBytesMax + 1], new byte[1])]));
        Assert.Throws<ArgumentException>(() => store.Finalised.With([StateChange.Put(default, new byte[1])]));
        Assert.Throws<ArgumentException>(() => store.Finalised.With([StateChange.Put(new byte[1], new byte[StateView.ValueBytesMax + 1])]));
    }

    [Fact]
    public void View_OfAnOldBlock_NeverShowsANewerOne()
    {
        using ChainStore store = files.Open();
        StateView genesis = store.Finalised;
        store.Commit(NextBlock(store, Put("a", "new"), Put("z", "new"), Delete("b")));

        Assert.Equal(("1", "2", null), (Read(genesis, "a"), Read(genesis, "b"), Read(genesis, "z")));
        Assert.Equal(["a", "b"], genesis.Enumerate(default).Select(entry => Text(entry.Key)));
        Assert.Equal(["a", "z"], store.Finalised.Enumerate(default).Select(entry => Text(entry.Key)));
    }

    [Fact]
    public void View_ChildrenOfACommittedBlock_ReadOnUnharmed()
    {
        using ChainStore store = files.Open();
        StateView first = store.Finalised.With([Put("a", "first")]);
        StateView second = first.With([Put("b", "second")]);
        StateView rival = first.With([Put("b", "rival")]);
        store.Commit(BlockOn(first));
        Assert.Same(first, store.Finalised);
        Assert.Equal(("first", "second"), (Read(second, "a"), Read(second, "b")));

        store.Commit(BlockOn(second));
        Assert.Equal(("first", "rival"), (Read(rival, "a"), Read(rival, "b")));
        Assert.Equal(("first", "2"), (Read(first, "a"), Read(first, "b")));
    }

    [Fact]
    public void View_BeyondTheRetained_ExpiresInsteadOfShowingANewerBlock()
    {
        using ChainStore store = files.Open();
        StateView genesis = store.Finalised;
        StateView orphan = genesis.With([Put("o", "orphan")]);
        for (int i = 0; i < Options.RetainedViews; i++)
            store.Commit(NextBlock(store, Put("a", $"block {i + 1}")));

        Assert.Equal(StorageFault.Expired, Assert.Throws<StorageException>(() => Read(genesis, "a")).Fault);
        Assert.Equal(StorageFault.Expired, Assert.Throws<StorageException>(() => genesis.Enumerate(default).ToList()).Fault);
        Assert.Equal(StorageFault.Expired, Assert.Throws<StorageException>(() => Read(orphan, "a")).Fault);
        Assert.Equal("orphan", Read(orphan, "o"));
        Assert.False(store.TryGetView(0, out _));
        Assert.True(store.TryGetView(1, out StateView? oldest));
        Assert.Equal("block 1", Read(oldest, "a"));
        Assert.True(oldest.Prove(Bytes("a")).VerifyPresent(oldest.Root, Bytes("a"), Bytes("block 1")));
        Assert.Equal(StorageFault.Expired, Assert.Throws<StorageException>(() => genesis.Prove(Bytes("a"))).Fault);
        Assert.Equal(StorageFault.Expired, Assert.Throws<StorageException>(() => orphan.Prove(Bytes("a"))).Fault);
        Assert.Equal(StorageFault.Expired, Assert.Throws<StorageException>(() => genesis.With([])).Fault);
    }

    [Fact]
    public void Prove_UnderEachRetainedRoot_ShowsTheValueOfThatBlock()
    {
        using ChainStore store = files.Open();
        for (int height = 1; height <= 10; height++)
            store.Commit(NextBlock(store, Put("a", $"{height}"), height % 2 == 0 ? Put("even", "yes") : Delete("even")));
        for (ulong height = 7; height <= 10; height++)
        {
            Assert.True(store.TryGetView(height, out StateView? view));
            Assert.True(view.Prove(Bytes("a")).VerifyPresent(view.Root, Bytes("a"), Bytes($"{height}")));
            Assert.False(view.Prove(Bytes("a")).VerifyPresent(view.Root, Bytes("a"), Bytes($"{height - 1}")));
            Assert.Equal(height % 2 == 0, view.Prove(Bytes("even")).VerifyPresent(view.Root, Bytes("even"), Bytes("yes")));
            Assert.Equal(height % 2 == 1, view.Prove(Bytes("even")).VerifyAbsent(view.Root, Bytes("even")));
        }
    }

    [Fact]
    public void Open_ManyKeysAndDeletes_RebuildsTheSameTree()
    {
        const int Keys = 12_000;
        using (ChainStore store = files.Open())
        {
            store.Commit(NextBlock(store, [.. Enumerable.Range(0, Keys).Select(static i => Put($"key {i}", new string('v', i % 300)))]));
            store.Commit(NextBlock(store, [.. Enumerable.Range(0, Keys / 3).Select(static i => Delete($"key {3 * i}"))]));
        }
        StateTree expected = new TreeHistory().Newest.Update(ChangeHashing.Hash([Put("a", "1"), Put("b", "2"),
            .. Enumerable.Range(0, Keys).Where(static i => i % 3 != 0).Select(static i => Put($"key {i}", new string('v', i % 300)))]));
        using ChainStore reopened = files.Open();
        Assert.Equal(expected.Root, reopened.Finalised.Root);
        Assert.Equal(expected.Count, reopened.Finalised.Count);
        StateView next = reopened.Finalised.With([Put("key 0", "again"), Delete("key 1")]);
        Assert.Equal(expected.Update(ChangeHashing.Hash([Put("key 0", "again"), Delete("key 1")])).Root, next.Root);
        Assert.True(next.Prove(Bytes("key 1")).VerifyAbsent(next.Root, Bytes("key 1")));
    }

    [Fact]
    public void Enumerate_UnderWay_OutlivesTheSnapshotOfItsView()
    {
        using ChainStore store = files.Open();
        using IEnumerator<StateEntry> entries = store.Finalised.Enumerate(default).GetEnumerator();
        Assert.True(entries.MoveNext());
        for (int i = 0; i < Options.RetainedViews + 1; i++)
            store.Commit(NextBlock(store, Put("b", $"{i}"), Put($"c{i}", "")));
        Assert.True(entries.MoveNext());
        Assert.Equal("2", Text(entries.Current.Value));
        Assert.False(entries.MoveNext());
    }

    [Fact]
    public void View_AfterTheStoreIsClosed_Expires()
    {
        ChainStore store = files.Open();
        StateView view = store.Finalised;
        store.Dispose();
        Assert.Equal(StorageFault.Expired, Assert.Throws<StorageException>(() => Read(view, "a")).Fault);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void View_RandomBlocksForksAndCommits_EqualsADictionaryPerView(int seed)
    {
        const int Rounds = 300, ViewsMax = 16;
        Random random = new(seed);
        using ChainStore store = files.Open();
        List<Modelled> views = [new(store.Finalised, null, new(StringComparer.Ordinal) { ["a"] = "1", ["b"] = "2" }) { IsFinal = true }];
        for (int round = 0; round < Rounds; round++)
        {
            Modelled parent = views[random.Next(views.Count)];
            Modelled child = Child(parent, RandomChanges(random, round));
            views.Add(child);
            if (ReferenceEquals(parent.View, store.Finalised))
            {
                store.Commit(BlockOn(child.View));
                child.IsFinal = true;
            }
            // A view reads through its nearest final ancestor, and can be read for as long as that one is retained.
            views.RemoveAll(view => view.Base.Height + (ulong)Options.RetainedViews <= store.Tip.Height);
            if (views.Count > ViewsMax)
                views.RemoveAll(view => !view.IsFinal && random.Next(2) == 0);
            views.ForEach(view => CheckEquals(view.Expected, view.View, random));
        }
        Assert.True(store.Tip.Height > 20);
    }

    [Fact]
    public async Task View_ReadWhileBlocksAreCommitted_IsAlwaysOfOneBlock()
    {
        using ChainStore store = files.Open(Options with { RetainedViews = 1_000 });
        store.Commit(NextBlock(store, Put("x", "1"), Put("y", "1")));
        using CancellationTokenSource done = new();
        int reads = 0;
        Task reader = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                StateView view = store.Finalised;
                string height = $"{view.Height}";
                Assert.Equal((height, height), (Read(view, "x"), Read(view, "y")));
                Assert.All(view.Enumerate(Bytes("x")), entry => Assert.Equal(height, Text(entry.Value)));
                Interlocked.Increment(ref reads);
            }
        }, TestContext.Current.CancellationToken);
        for (int height = 2; height <= 150 || Volatile.Read(ref reads) < 100; height++)
        {
            Assert.False(reader.IsFaulted, reader.Exception?.ToString());
            store.Commit(NextBlock(store, Put("x", $"{height}"), Put("y", $"{height}")));
        }
        await done.CancelAsync();
        await reader;
        Assert.True(reads >= 100);
    }

    private static void CheckEquals(SortedDictionary<string, string> expected, StateView view, Random random)
    {
        byte[] root = NaiveTree.Root(
            expected.Select(static entry => KeyValuePair.Create(Convert.ToHexString(Bytes(entry.Key)), Bytes(entry.Value))));
        Assert.Equal(root, view.Root.ToArray());
        Assert.Equal(
            expected.Select(entry => $"{entry.Key}={entry.Value}"),
            view.Enumerate(default).Select(entry => $"{Text(entry.Key)}={Text(entry.Value)}"));
        string prefix = $"{(char)('a' + random.Next(3))}";
        Assert.Equal(
            expected.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)),
            view.Enumerate(Bytes(prefix)).Select(entry => Text(entry.Key)));
        string probe = $"{(char)('a' + random.Next(3))}{random.Next(12)}";
        Assert.Equal(expected.GetValueOrDefault(probe), Read(view, probe));
    }

    private static Dictionary<string, string?> RandomChanges(Random random, int round)
    {
        Dictionary<string, string?> changes = [];
        for (int i = random.Next(6); i > 0; i--)
            changes[$"{(char)('a' + random.Next(3))}{random.Next(12)}"] = random.Next(3) == 0 ? null : $"{round}";
        return changes;
    }

    private static Modelled Child(Modelled parent, Dictionary<string, string?> changes)
    {
        SortedDictionary<string, string> expected = new(parent.Expected, StringComparer.Ordinal);
        foreach ((string key, string? value) in changes)
        {
            if (value is null)
                expected.Remove(key);
            else
                expected[key] = value;
        }
        StateChange[] stateChanges =
            [.. changes.Select(static change => change.Value is { } value ? Put(change.Key, value) : Delete(change.Key))];
        return new Modelled(parent.View.With(stateChanges), parent, expected);
    }

    private sealed record Modelled(StateView View, Modelled? Parent, SortedDictionary<string, string> Expected)
    {
        public bool IsFinal { get; set; }

        public StateView Base => IsFinal ? View : Parent!.Base;
    }
}
