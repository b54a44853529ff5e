using AppChain.Crypto;
using static AppChain.Storage.Tests.TestStore;

namespace AppChain.Storage.Tests;

/// <summary>
/// A store beside plain dictionaries that say what it must answer. The blocks are random; the expected indexes are recomputed from the
/// blocks themselves, with none of the store's code.
/// </summary>
internal sealed class StoreModel
{
    private const int Subjects = 5;

    private readonly Random random;
    private readonly List<FinalizedBlock> blocks = [];
    private readonly Dictionary<Hash256, byte[]> batches = [];
    private readonly SortedDictionary<string, string> state = new(StringComparer.Ordinal) { ["a"] = "1", ["b"] = "2" };
    private readonly Dictionary<string, (string Owner, string Service)> devices = [];
    private int counter;

    public StoreModel(Random random) => this.random = random;

    public IReadOnlyList<FinalizedBlock> Blocks => blocks;

    /// <summary>A batch whose bytes hold this many transactions of ten bytes each.</summary>
    public NamedBatch PutBatch(ChainStore store, int transactions)
    {
        byte[] bytes = new byte[(10 * transactions) + random.Next(0, 3_000)];
        random.NextBytes(bytes);
        Hash256 id = Hashing.Sha256(bytes);
        store.PutBatch(id, bytes);
        batches[id] = bytes;
        return new NamedBatch(id, bytes.Length);
    }

    /// <summary>Commits one to three random blocks at once.</summary>
    public void Commit(ChainStore store)
    {
        List<FinalizedBlock> made = [];
        StateView parent = store.Finalised;
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            FinalizedBlock block = MakeBlock(store, parent);
            made.Add(block);
            parent = block.State;
        }
        store.Commit(made);
        blocks.AddRange(made);
    }

    /// <summary>Work on top of the tip that is given up.</summary>
    public static void Abandon(ChainStore store) => Assert.NotEqual(store.Finalised.Root, store.Finalised.With([Put("abandoned", "x")]).Root);

    /// <summary>Compares everything that the store answers with the dictionaries.</summary>
    public void Check(ChainStore store)
    {
        RetentionRecord kept = store.Kept;
        Assert.Equal((ulong)blocks.Count, store.Tip.Height);
        Assert.Equal(state.Select(entry => (entry.Key, entry.Value)), store.Finalised.Enumerate(default).Select(entry => (Text(entry.Key), Text(entry.Value))));
        foreach (FinalizedBlock block in blocks)
        {
            CheckHeader(store, block, isKept: block.Height >= kept.Headers.From);
            CheckTransactions(store, block, isKept: block.Height >= kept.Receipts.From, withBytes: block.Height >= kept.Batches.From);
        }
        CheckHistories(store, kept.Receipts.From);
        CheckMembers(store);
        CheckBytes(store, kept);
    }

    /// <summary>The whole column family of indexes is what the kept blocks make it, with no entry left over.</summary>
    public void CheckIndexIsExact(ChainStore store)
    {
        RetentionRecord kept = store.Kept;
        HashSet<string> expected = [];
        foreach (FinalizedBlock block in blocks)
        {
            if (block.Height >= kept.Headers.From)
            {
                expected.Add($"header {block.HeaderHash} {block.Height}");
                expected.Add($"time {block.TimeMs} {block.Height}");
            }
            if (block.Height >= kept.Batches.From)
                expected.UnionWith(block.Batches.Select(batch => $"batch {batch.Id} {block.Height}"));
            if (block.Height >= kept.Receipts.From)
            {
                foreach ((ExecutedTransaction transaction, int place) in block.Transactions.Select((transaction, place) => (transaction, place)).Where(item => item.transaction.Indexed))
                {
                    expected.Add($"transaction {transaction.Id} {block.Height}/{place}");
                    expected.UnionWith(transaction.Touched.Select(key => $"history {key.Index} {Text(key.Subject)} {block.Height}/{place}"));
                }
            }
        }
        foreach ((string device, (string owner, string service)) in devices)
        {
            expected.Add($"member DevicesOfOwner {owner} {device}");
            expected.Add($"member DevicesOfService {service} {device}");
        }
        List<string> found = [.. store.Records.Index().Where(record => record is not IndexRecord.OfStoredBatch).Select(Describe)];
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private static string Describe(IndexRecord record) => record switch
    {
        IndexRecord.OfTransaction it => $"transaction {it.Id} {it.Location.Height}/{it.Location.Index}",
        IndexRecord.OfHeaderHash it => $"header {it.HeaderHash} {it.Height}",
        IndexRecord.OfBatch it => $"batch {it.Id} {it.Height}",
        IndexRecord.OfTime it => $"time {it.TimeMs} {it.Height}",
        IndexRecord.OfHistory it => $"history {it.Key.Index} {Text(it.Key.Subject)} {it.Location.Height}/{it.Location.Index}",
        IndexRecord.OfMember it => $"member {it.Index} {Text(it.Group)} {Text(it.Member)}",
        _ => throw new ArgumentOutOfRangeException(nameof(record)),
    };

    private FinalizedBlock MakeBlock(ChainStore store, StateView parent)
    {
        List<NamedBatch> named = [];
        List<ExecutedTransaction> transactions = [];
        for (int i = random.Next(0, 4); i > 0; i--)
        {
            int count = random.Next(1, 60);
            NamedBatch batch = PutBatch(store, count);
            for (int k = 0; k < count; k++)
                transactions.Add(MakeTransaction(new BatchSlice(named.Count, 10 * k, 10)));
            named.Add(batch);
        }
        string key = $"key {random.Next(20)}";
        StateChange change = random.Next(4) == 0 && state.Remove(key) ? Delete(key) : Put(key, state[key] = $"{++counter}");
        return BlockOn(parent.With([change])) with
        {
            Batches = named,
            Transactions = transactions,
            TimeMs = 1_000 + (10 * parent.Height),
            Members = MakeMembers(),
        };
    }

    private ExecutedTransaction MakeTransaction(BatchSlice slice)
    {
        Hash256 id = HashOf($"random transaction {++counter}");
        string[] touched = [.. Enumerable.Range(0, Subjects).Where(_ => random.Next(3) == 0).Select(i => $"subject {i}")];
        return new ExecutedTransaction(id, Bytes($"receipt {counter}"), Indexed: random.Next(10) != 0)
        {
            Slice = slice,
            Touched = [.. touched.Select(subject => new HistoryKey(random.Next(2) == 0 ? HistoryIndex.TransactionsOfAccount : HistoryIndex.TransactionsOfDevice, Bytes(subject)))],
        };
    }

    // A device comes, or goes to another owner and service.
    private List<MemberChange> MakeMembers()
    {
        List<MemberChange> changes = [];
        string device = $"device {random.Next(10)}";
        if (devices.TryGetValue(device, out (string Owner, string Service) before))
            changes.AddRange(MembersOf(device, before, joins: false));
        (string, string) after = ($"owner {random.Next(3)}", $"service {random.Next(2)}");
        changes.AddRange(MembersOf(device, after, joins: true));
        devices[device] = after;
        return changes;
    }

    private static IEnumerable<MemberChange> MembersOf(string device, (string Owner, string Service) of, bool joins) =>
    [
        new(MemberIndex.DevicesOfOwner, Bytes(of.Owner), Bytes(device), joins),
        new(MemberIndex.DevicesOfService, Bytes(of.Service), Bytes(device), joins),
    ];

    private static void CheckHeader(ChainStore store, FinalizedBlock block, bool isKept)
    {
        Assert.Equal(isKept, store.TryGetBlock(block.Height, out StoredBlock? stored));
        Assert.Equal(isKept, store.TryGetHeight(block.HeaderHash, out _));
        Assert.Equal(isKept && !block.Finalization.IsEmpty, store.TryGetCertificate(block.Height, out _));
        Assert.Equal(isKept, store.TryGetHeightAt(block.TimeMs + 5, out ulong height));
        if (!isKept)
            return;
        Assert.Equal(block.Height, height);
        Assert.Equal((block.HeaderHash, block.TimeMs, block.Transactions.Count), (stored!.HeaderHash, stored.TimeMs, stored.TransactionCount));
        Assert.Equal((Text(block.Header), Text(block.Payload)), (Text(stored.Header), Text(stored.Payload)));
        Assert.Equal(block.Batches, stored.Batches);
    }

    private void CheckTransactions(ChainStore store, FinalizedBlock block, bool isKept, bool withBytes)
    {
        if (isKept && block.Height >= store.Kept.Headers.From)
            Assert.Equal(block.Transactions.Select(transaction => transaction.Id), store.ReadTransactions(block.Height).Select(transaction => transaction.Executed.Id));
        // Between the two heights a batch may or may not be on disk any more: nothing asks for it there.
        bool isDecided = withBytes || block.Height < store.Kept.Batches.Swept;
        foreach (NamedBatch batch in isDecided ? block.Batches : [])
            Assert.Equal(withBytes, store.TryGetBatch(batch.Id, out ReadOnlyMemory<byte> bytes) && bytes.Span.SequenceEqual(batches[batch.Id]));
        for (int place = 0; place < block.Transactions.Count; place++)
        {
            ExecutedTransaction expected = block.Transactions[place];
            Assert.Equal(isKept && expected.Indexed, store.TryGetTransaction(expected.Id, out _));
            Assert.Equal(isKept, store.TryGetTransaction(new TransactionLocation(block.Height, place), out StoredTransaction? found));
            if (!isKept)
                continue;
            Assert.Equal((expected.Id, expected.Indexed, expected.Slice, Text(expected.Receipt)), (found!.Executed.Id, found.Executed.Indexed, found.Executed.Slice, Text(found.Executed.Receipt)));
            Assert.Equal(withBytes, store.TryGetTransactionBytes(found, out ReadOnlyMemory<byte> bytes));
            if (withBytes)
                Assert.Equal(batches[block.Batches[expected.Slice.Batch].Id].AsSpan(expected.Slice.Offset, 10), bytes.Span);
        }
    }

    private void CheckHistories(ChainStore store, ulong from)
    {
        foreach (HistoryIndex index in Enum.GetValues<HistoryIndex>())
        {
            for (int i = 0; i < Subjects; i++)
            {
                string subject = $"subject {i}";
                List<TransactionLocation> expected =
                [
                    .. from block in blocks.AsEnumerable().Reverse()
                       where block.Height >= @from
                       from place in Enumerable.Range(0, block.Transactions.Count).Reverse()
                       let transaction = block.Transactions[place]
                       where transaction.Indexed && transaction.Touched.Any(key => key.Index == index && Text(key.Subject) == subject)
                       select new TransactionLocation(block.Height, place),
                ];
                HistoryKey key = new(index, Bytes(subject));
                Assert.Equal(expected, store.ReadHistory(key));
                if (expected.Count > 2)
                    Assert.Equal(expected.Skip(expected.Count / 2), store.ReadHistory(key, before: expected[(expected.Count / 2) - 1]));
            }
        }
    }

    private void CheckMembers(ChainStore store)
    {
        foreach (IGrouping<string, string> group in devices.GroupBy(device => device.Value.Owner, device => device.Key))
        {
            List<string> expected = [.. group.Order(StringComparer.Ordinal)];
            Assert.Equal(expected, store.ReadMembers(MemberIndex.DevicesOfOwner, Bytes(group.Key)).Select(Text));
            Assert.Equal(expected.Skip(1), store.ReadMembers(MemberIndex.DevicesOfOwner, Bytes(group.Key), after: Bytes(expected[0])).Select(Text));
        }
    }

    private void CheckBytes(ChainStore store, RetentionRecord kept)
    {
        long batchBytes = blocks.Where(block => block.Height >= kept.Batches.From).SelectMany(block => block.Batches).Sum(batch => 32L + batch.Length);
        Assert.Equal(batchBytes, kept.Batches.Bytes);
        List<StoredBlock> stored = [.. store.Records.Headers()];
        Assert.Equal(stored.Sum(block => block.HeaderBytes), kept.Headers.Bytes);
        Assert.Equal(stored.Where(block => block.Height >= kept.Receipts.From).Sum(block => block.ReceiptBytes), kept.Receipts.Bytes);
    }
}
