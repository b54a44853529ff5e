using System.Security.Cryptography;
using AppChain.Crypto;
using AppChain.Storage.Native;
using static AppChain.Storage.Tests.TestStore;

namespace AppChain.Storage.Tests;

public sealed class ProvenStateTests : IDisposable
{
    private const int Blocks = 12;
    private readonly TestStore files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void ProvenState_AfterEachCommit_IsTheStateBeforeIt()
    {
        List<Hash256> roots = [];
        for (ulong height = 1; height <= Blocks; height++)
        {
            using (ChainStore store = files.Open())
            {
                roots.Add(store.Tip.StateRoot);
                store.Commit(NextBlock(store, CrashWriter.ChangesOf(height)));
                store.KeepProvenState();
            }
            CheckProven(height - 1, roots[^1]);
        }
    }

    [Fact]
    public void ProvenState_AfterACommitOfSeveralBlocks_IsTheStateBeforeAllOfThem()
    {
        Hash256 root;
        using (ChainStore store = files.Open())
        {
            store.Commit(NextBlock(store, CrashWriter.ChangesOf(1)));
            root = store.Tip.StateRoot;
            // The same keys change in both blocks: what counts is the value before the first.
            FinalizedBlock first = NextBlock(store, CrashWriter.ChangesOf(2));
            FinalizedBlock second = BlockOn(first.State.With(CrashWriter.ChangesOf(3)));
            store.Commit([first, second]);
            Assert.Equal(3UL, store.Tip.Height);
            store.KeepProvenState();
        }
        CheckProven(1, root);
    }

    [Fact]
    public void ProvenState_AfterGenesisOnly_IsAbsent()
    {
        files.Open().Dispose();
        using StoreRecords records = StoreRecords.Open(files.Path);
        Assert.Null(records.ProvenState());
    }

    [Fact]
    public void ProvenState_AfterACommitThatWasNotKept_IsAbsent()
    {
        using (ChainStore store = files.Open())
        {
            store.Commit(NextBlock(store, CrashWriter.ChangesOf(1)));
            store.KeepProvenState();
            store.Commit(NextBlock(store, CrashWriter.ChangesOf(2)));
        }
        using StoreRecords records = StoreRecords.Open(files.Path);
        Assert.Null(records.ProvenState());
    }

    [Fact]
    public void ProvenState_WithADamagedRecord_IsReported()
    {
        using (ChainStore store = files.Open())
        {
            store.Commit(NextBlock(store, CrashWriter.ChangesOf(1)));
            store.KeepProvenState();
        }
        using (Database database = Database.Open(files.Path, Options))
        using (WriteBatch batch = database.NewBatch())
        {
            batch.Put(ColumnFamily.Meta, ColumnFamilies.BeforeKey, database.Get(ColumnFamily.Meta, ColumnFamilies.BeforeKey).AsSpan()[..^1]);
            database.Write(batch, sync: true);
        }
        using StoreRecords records = StoreRecords.Open(files.Path);
        StorageException report = Assert.Throws<StorageException>(() => records.ProvenState());
        Assert.Equal(StorageFault.Corruption, report.Fault);
        Assert.Contains("column family meta, key before", report.Message);
    }

    [Fact]
    public void Records_OfADirectoryInUse_AreRefusedAndKeepANodeOut()
    {
        using (files.Open())
            Assert.Equal(StorageFault.Locked, Assert.Throws<StorageException>(() => StoreRecords.Open(files.Path)).Fault);
        using (StoreRecords.Open(files.Path))
            Assert.Throws<StorageException>(() => files.Open());
        files.Open().Dispose();
    }

    [Fact]
    public void Records_OfNoDataDirectory_AreRefusedAndMakeNone()
    {
        string none = Path.Combine(files.Path, "none");
        Assert.Equal(StorageFault.NotFound, Assert.Throws<StorageException>(() => StoreRecords.Open(none)).Fault);
        Assert.False(Directory.Exists(none));
    }

    [Fact]
    public void Records_Reading_ChangesNoFile()
    {
        using (ChainStore store = files.Open())
            store.Commit(NextBlock(store, CrashWriter.ChangesOf(1)));
        Dictionary<string, string> before = Digests();
        using (StoreRecords records = StoreRecords.Open(files.Path))
            Assert.Single(records.Headers());
        Assert.Equal(before, Digests());
    }

    private void CheckProven(ulong height, Hash256 root)
    {
        using StoreRecords records = StoreRecords.Open(files.Path);
        (ChainTip tip, IEnumerable<StateEntry> state) = Assert.NotNull(records.ProvenState());
        Assert.Equal((height, root), (tip.Height, tip.StateRoot));
        byte[] computed = NaiveTree.Root(state.Select(entry => KeyValuePair.Create(Convert.ToHexString(entry.Key.Span), entry.Value.ToArray())));
        Assert.Equal(root.ToArray(), computed);
    }

    private Dictionary<string, string> Digests() => Directory.EnumerateFiles(files.Path, "*", SearchOption.AllDirectories)
        .ToDictionary(static file => file, static file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
}
