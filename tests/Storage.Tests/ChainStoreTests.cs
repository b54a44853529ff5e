using AppChain.Crypto;
using AppChain.Storage.Native;
using static AppChain.Storage.Tests.TestStore;

namespace AppChain.Storage.Tests;

public sealed class ChainStoreTests : IDisposable
{
    private readonly TestStore files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Genesis_IsHeightZeroWithItsHash()
    {
        using ChainStore store = files.Open();
        Assert.Equal(new ChainTip(0, GenesisHash, store.Finalised.Root, 1_000, 0), store.Tip);
        Assert.Equal("1", Read(store.Finalised, "a"));
    }

    [Fact]
    public void Genesis_Again_ChangesNothing()
    {
        using ChainStore store = files.Open();
        store.Commit(NextBlock(store, Put("a", "later")));
        store.InitializeGenesis(ChainId, GenesisHash, [Put("a", "1"), Put("b", "2")], timeMs: 1_000);
        Assert.Equal((1UL, "later"), (store.Tip.Height, Read(store.Finalised, "a")));
    }

    [Theory]
    [InlineData("test", "other genesis")]
    [InlineData("other", "genesis")]
    public void Genesis_OfAnotherChain_IsRefusedAndSaysWhich(string chainId, string genesis)
    {
        files.Open().Dispose();
        using ChainStore store = ChainStore.Open(files.Path, Options);
        StorageException exception = Assert.Throws<StorageException>(() => store.InitializeGenesis(chainId, HashOf(genesis), []));
        Assert.Equal(StorageFault.OtherChain, exception.Fault);
        Assert.Contains(files.Path, exception.Message);
        Assert.Contains($"chain {ChainId} with genesis {GenesisHash}", exception.Message);
        Assert.Contains($"chain {chainId} with genesis {HashOf(genesis)}", exception.Message);
    }

    [Fact]
    public void Store_WithoutGenesis_SaysSo()
    {
        using ChainStore store = ChainStore.Open(files.Path, Options);
        Assert.False(store.IsInitialized);
        Assert.Contains("InitializeGenesis", Assert.Throws<InvalidOperationException>(() => store.Tip).Message);
    }

    [Fact]
    public void Commit_ThenReads_GiveBackEverything()
    {
        using ChainStore store = files.Open();
        CommitBlocks(store, 3);
        CheckBlocks(store, 3);
        Assert.Equal(new ChainTip(3, HeaderHash(3), store.Finalised.Root, 1_003, 6), store.Tip);
        Assert.False(store.TryGetBlock(4, out _));
        Assert.False(store.TryGetTransaction(HashOf("unknown"), out _));
        Assert.Empty(store.ReadTransactions(4));
    }

    [Fact]
    public void Commit_ThenReopen_GivesBackEverything()
    {
        Hash256 root;
        using (ChainStore store = files.Open())
        {
            CommitBlocks(store, 5);
            root = store.Finalised.Root;
        }
        using ChainStore reopened = files.Open();
        CheckBlocks(reopened, 5);
        Assert.Equal(new ChainTip(5, HeaderHash(5), root, 1_005, 10), reopened.Tip);
        Assert.Equal((root, "5"), (reopened.Finalised.Root, Read(reopened.Finalised, "a")));
        reopened.Commit(NextBlock(reopened, Put("a", "6")));
        Assert.Equal("6", Read(reopened.Finalised, "a"));
    }

    [Fact]
    public void Commit_AfterAbandonedWork_ReopensWithoutIt()
    {
        Hash256 root;
        using (ChainStore store = files.Open())
        {
            CommitBlocks(store, 2);
            root = store.Finalised.Root;
            StateView speculative = store.Finalised.With([Put("a", "abandoned"), Put("x", "abandoned")]);
            Assert.Equal("abandoned", Read(speculative.With([]), "a"));
        }
        using ChainStore reopened = files.Open();
        Assert.Equal((2UL, root), (reopened.Tip.Height, reopened.Finalised.Root));
        Assert.Equal(("2", null), (Read(reopened.Finalised, "a"), Read(reopened.Finalised, "x")));
    }

    [Fact]
    public void Commit_OfAHeightThatDoesNotFollow_Throws()
    {
        using ChainStore store = files.Open();
        FinalizedBlock next = NextBlock(store);
        Assert.Throws<ArgumentException>(() => store.Commit(next with { Height = 2 }));
        Assert.Throws<ArgumentException>(() => store.Commit(BlockOn(next.State.With([]))));
        store.Commit(next);
        Assert.Throws<ArgumentException>(() => store.Commit(next));
        Assert.Equal(1UL, store.Tip.Height);
    }

    [Fact]
    public void Commit_OfAStateFromAnotherParent_Throws()
    {
        using ChainStore store = files.Open();
        StateView sibling = store.Finalised.With([Put("a", "sibling")]);
        StateView nephew = sibling.With([Put("b", "nephew")]);
        store.Commit(NextBlock(store, Put("a", "committed")));
        Assert.Throws<ArgumentException>(() => store.Commit(BlockOn(nephew)));
        Assert.Equal("2", Read(store.Finalised, "b"));
    }

    [Fact]
    public void Commit_OfSeveralBlocks_MakesAllFinalAtOnce()
    {
        FinalizedBlock first, second;
        using (ChainStore store = files.Open())
        {
            first = BlockOn(store.Finalised.With([Put("a", "first"), Put("x", "kept")]));
            second = BlockOn(first.State.With([Put("a", "second")]));
            Assert.Throws<ArgumentException>(() => store.Commit([second, first]));
            Assert.Equal(0UL, store.Tip.Height);

            store.Commit([first, second]);
            Assert.Equal((2UL, second.HeaderHash), (store.Tip.Height, store.Tip.HeaderHash));
            Assert.Equal(("second", "kept"), (Read(store.Finalised, "a"), Read(store.Finalised, "x")));
        }
        using ChainStore reopened = files.Open();
        Assert.Equal(second.State.Root, reopened.Finalised.Root);
        Assert.True(reopened.TryGetBlock(first.HeaderHash, out StoredBlock? block));
        Assert.Equal("header 1", Text(block.Header));
    }

    [Fact]
    public void Commit_OfASkippedCopy_LeavesTheIndexAtTheOneThatWasExecuted()
    {
        using ChainStore store = files.Open();
        FinalizedBlock first = NextBlock(store);
        store.Commit(first);
        ExecutedTransaction copy = first.Transactions[0] with { Indexed = false };
        store.Commit(NextBlock(store) with { Transactions = [copy] });
        Assert.True(store.TryGetTransaction(copy.Id, out StoredTransaction? found));
        Assert.Equal(new TransactionLocation(1, 0), found.Location);
        Assert.Single(store.ReadTransactions(2));
    }

    [Fact]
    public void Batches_OfAllSizes_AreKeptOverAReopen()
    {
        int[] sizes = [0, 1, 100, 5_000, 512 * 1024];
        using (ChainStore store = files.Open())
        {
            foreach (int size in sizes)
                store.PutBatch(HashOf($"{size}"), Content(size));
        }
        using ChainStore reopened = files.Open();
        foreach (int size in sizes)
        {
            Assert.True(reopened.TryGetBatch(HashOf($"{size}"), out ReadOnlyMemory<byte> batch));
            Assert.Equal(Content(size), batch.ToArray());
        }
        reopened.DropBatch(HashOf("100"));
        Assert.False(reopened.HasBatch(HashOf("100")));
        Assert.True(reopened.HasBatch(HashOf("5000")));
    }

    [Fact]
    public void Open_OfAnOlderLayout_IsRefusedAndSaysWhatToDo()
    {
        files.Open().Dispose();
        using (Database database = Database.Open(files.Path, Options))
        using (WriteBatch batch = database.NewBatch())
        {
            byte[] genesis = database.Get(ColumnFamily.Meta, ColumnFamilies.GenesisKey)!;
            genesis[3] = 1;
            batch.Put(ColumnFamily.Meta, ColumnFamilies.GenesisKey, genesis);
            database.Write(batch, sync: true);
        }
        StorageException refused = Assert.Throws<StorageException>(() => ChainStore.Open(files.Path, Options));
        Assert.Equal(StorageFault.OtherChain, refused.Fault);
        Assert.Contains("has layout 1; this version of appchain knows layout 2", refused.Message);
        Assert.Contains("move the directory away", refused.Message);
        Assert.Equal(StorageFault.OtherChain, Assert.Throws<StorageException>(() => StoreRecords.Open(files.Path)).Fault);
    }

    [Fact]
    public void Records_OfAClosedDirectory_ReadAsTheStoreReadsAndChangeNothing()
    {
        using (ChainStore store = files.Open())
            CommitBlocks(store, 3);
        using (StoreRecords records = StoreRecords.Open(files.Path))
        {
            StoreMeta meta = records.Meta();
            Assert.Equal((ChainId, GenesisHash, 3UL), (meta.ChainId, meta.GenesisHash, meta.Tip.Height));
            Assert.Equal([1UL, 2UL, 3UL], records.Headers().Select(block => block.Height));
            Assert.Equal([2UL], records.Certificates().Select(certificate => certificate.Height));
            Assert.Equal(6, records.Receipts().Count());
            Assert.Equal(6, records.Index().Count(record => record is IndexRecord.OfTransaction));
            Assert.Equal("3", Text(records.State(Bytes("a")).Single().Value));
        }
        using ChainStore again = files.Open();
        CheckBlocks(again, 3);
    }

    [Fact]
    public void Open_Twice_IsRefusedAndSaysWhy()
    {
        using ChainStore store = files.Open();
        StorageException exception = Assert.Throws<StorageException>(() => ChainStore.Open(files.Path, Options));
        Assert.Equal(StorageFault.Locked, exception.Fault);
        Assert.Contains("Another appchain runs on this data directory", exception.Message);
        Assert.Contains(files.Path, exception.Message);
        store.Commit(NextBlock(store, Put("a", "still works")));
        Assert.Equal("still works", Read(store.Finalised, "a"));
    }

    [Fact]
    public void Open_OfAPathThatIsAFile_IsRefusedWithAStorageException()
    {
        string path = Path.Combine(files.Path, "file");
        File.WriteAllText(path, "in the way");
        Assert.Contains(path, Assert.Throws<StorageException>(() => ChainStore.Open(path, Options)).Message);
    }

    [Fact]
    public void Open_ManyKeys_RebuildsTheSameRoot()
    {
        Hash256 root;
        using (ChainStore store = files.Open())
        {
            for (int block = 0; block < 3; block++)
                store.Commit(NextBlock(store, [.. Enumerable.Range(block * 5_000, 10_000).Select(i => Put($"key {i}", $"{block} {i}"))]));
            root = store.Finalised.Root;
        }
        using ChainStore reopened = files.Open();
        Assert.Equal((root, 20_002), (reopened.Finalised.Root, reopened.Finalised.Count));
    }

    internal static void CommitBlocks(ChainStore store, int count)
    {
        for (int i = 0; i < count; i++)
            store.Commit(NextBlock(store, Put("a", $"{store.Tip.Height + 1}"), Put($"block {store.Tip.Height + 1}", "")));
    }

    internal static void CheckBlocks(ChainStore store, ulong count)
    {
        for (ulong height = 1; height <= count; height++)
        {
            Assert.True(store.TryGetBlock(height, out StoredBlock? block));
            Assert.Equal(($"header {height}", $"payload {height}"), (Text(block.Header), Text(block.Payload)));
            Assert.True(store.TryGetHeaderHash(height, out Hash256 headerHash));
            Assert.Equal(HeaderHash(height), headerHash);
            Assert.True(store.TryGetHeight(headerHash, out ulong found));
            Assert.Equal(height, found);
            Assert.Equal(height % 2 == 0, store.TryGetCertificate(height, out ReadOnlyMemory<byte> certificate));
            Assert.Equal(height % 2 == 0 ? $"finalization {height}" : "", Text(certificate));
            List<StoredTransaction> transactions = [.. store.ReadTransactions(height)];
            Assert.Equal([$"receipt {height}/0", ""], transactions.Select(transaction => Text(transaction.Executed.Receipt)));
            Assert.True(store.TryGetTransaction(TransactionId(height, 1), out StoredTransaction? transaction));
            Assert.Equal(new TransactionLocation(height, 1), transaction.Location);
        }
    }

    private static byte[] Content(int size)
    {
        byte[] bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }
}
