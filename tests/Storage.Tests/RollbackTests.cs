using AppChain.Crypto;
using static AppChain.Storage.Tests.TestStore;

namespace AppChain.Storage.Tests;

public sealed class RollbackTests : IDisposable
{
    private const int Blocks = 12;
    private readonly TestStore files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Run_ToEveryHeight_RestoresItsRootAndLeavesTheJournal()
    {
        List<Hash256> roots = Write();
        for (int height = Blocks - 1; height >= 0; height--)
        {
            StoreRollback.Run(files.Path, (ulong)height, static _ => { });
            // Opening compares the whole state with the tip's root.
            using ChainStore store = files.Open();
            Assert.Equal(((ulong)height, roots[height]), (store.Tip.Height, store.Tip.StateRoot));
            Assert.False(store.TryGetBlock((ulong)height + 1, out _));
            Assert.False(store.TryGetHeaderHash((ulong)height + 1, out _));
            Assert.False(store.TryGetReceipts((ulong)height + 1, out _));
            Assert.False(store.TryGetTransaction(TransactionId((ulong)height + 1, 0), out _));
            Assert.Equal((ulong)Blocks, store.Journal.LastSequence);
        }
    }

    [Fact]
    public void Run_BeyondWhatIsKept_IsRefusedAndChangesNothingBelow()
    {
        Write(Options with { UndoCommits = 3 });
        StorageException refused = Assert.Throws<StorageException>(() => StoreRollback.Run(files.Path, 2, static _ => { }));
        Assert.Equal(StorageFault.NotKept, refused.Fault);
        using ChainStore store = files.Open();
        Assert.Equal((ulong)Blocks - 3, store.Tip.Height);
    }

    [Fact]
    public void Run_OnADirectoryInUseOrOnNone_IsRefused()
    {
        using (files.Open())
        {
            Assert.Equal(StorageFault.Locked, Assert.Throws<StorageException>(() => StoreRollback.Run(files.Path, 0, static _ => { })).Fault);
            Assert.Equal(StorageFault.Locked, Assert.Throws<StorageException>(() => OfflineStore.Open(files.Path)).Fault);
        }
        string none = Path.Combine(files.Path, "none");
        Assert.Equal(StorageFault.NotFound, Assert.Throws<StorageException>(() => StoreRollback.Run(none, 0, static _ => { })).Fault);
        Assert.Equal(StorageFault.NotFound, Assert.Throws<StorageException>(() => OfflineStore.Open(none)).Fault);
        Assert.False(Directory.Exists(none));
    }

    [Fact]
    public void OfflineStore_Reading_ChangesNoFileAndShowsTheProvenState()
    {
        List<Hash256> roots = Write();
        Dictionary<string, string> before = Digests();
        using (OfflineStore store = OfflineStore.Open(files.Path))
        {
            Assert.Equal((ulong)Blocks, store.Tip.Height);
            Assert.Equal(Enumerable.Range(1, Blocks).Select(height => (ulong)height), store.Heights());
            Assert.Equal(Enumerable.Range(0, Blocks).Reverse().Select(height => (ulong)height), store.RollbackHeights());
            Assert.True(store.TryGetProvenState(out ChainTip? tip, out IEnumerable<StateEntry> state));
            Assert.Equal(((ulong)Blocks - 1, roots[Blocks - 1]), (tip.Height, tip.StateRoot));
            byte[] root = NaiveTree.Root(state.Select(entry => KeyValuePair.Create(Convert.ToHexString(entry.Key.Span), entry.Value.ToArray())));
            Assert.Equal(tip.StateRoot.ToArray(), root);
        }
        Assert.Equal(before, Digests());
    }

    private List<Hash256> Write(StoreOptions? options = null)
    {
        using ChainStore store = files.Open(options);
        List<Hash256> roots = [store.Tip.StateRoot];
        for (ulong height = 1; height <= Blocks; height++)
        {
            store.Journal.Append([Bytes($"vote {height}")]);
            store.Commit(NextBlock(store, CrashWriter.ChangesOf(height)));
            roots.Add(store.Tip.StateRoot);
        }
        return roots;
    }

    private Dictionary<string, string> Digests() => Directory.EnumerateFiles(files.Path, "*", SearchOption.AllDirectories)
        .ToDictionary(static file => file, static file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
}
