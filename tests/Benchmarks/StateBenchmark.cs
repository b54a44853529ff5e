using System.Diagnostics;
using AppChain.Crypto;
using AppChain.Storage;

namespace AppChain.Benchmarks;

/// <summary>The store as the node uses it: start with the rebuild of the tree, speculative update, commit and proof.</summary>
internal static class StateBenchmark
{
    private const int KeysPerLoad = 100_000, Proofs = 20_000, Starts = 3;

    public static void Run(BenchmarkOptions options, Report report)
    {
        using WorkDirectory directory = new(options);
        Load(options, directory.Path);
        List<Cost> starts = [];
        for (int i = 0; i < Starts; i++)
            starts.Add(Cost.Of(() => Open(directory.Path).Dispose()));
        report.Long($"start with {options.Keys:N0} keys", starts);
        GC.Collect();
        using ChainStore store = Open(directory.Path);
        report.ResidentMemory();
        report.Number("tree, per key", store.TreeBytes / (double)options.Keys, "bytes");
        Updates(options, report, store);
        Prove(options, report, store);
        report.Number("tree with retained versions, per key", store.TreeBytes / (double)options.Keys, "bytes");
        report.ResidentMemory();
    }

    private static void Load(BenchmarkOptions options, string path)
    {
        using ChainStore store = Open(path);
        if (store.IsInitialized)
            return;
        store.InitializeGenesis("bench", Hashing.Sha256("bench"u8), []);
        for (int device = 0; device < options.Keys;)
        {
            List<StateChange> changes = [];
            for (int end = Math.Min(options.Keys, device + KeysPerLoad); device < end; device++)
                changes.Add(Devices.Record(device, 0));
            store.Commit(BlockOf(store.Finalised.With(changes)));
        }
    }

    private static void Updates(BenchmarkOptions options, Report report, ChainStore store)
    {
        List<Cost> trees = [], views = [], commits = [];
        for (int i = 0; i < options.Blocks; i++)
        {
            StateChange[] changes = Devices.Block(options, (int)store.Tip.Height + 1);
            trees.Add(Cost.Of(() => store.Finalised.Tree.Update(ChangeHashing.Hash(changes))));
            StateView next = store.Finalised;
            views.Add(Cost.Of(() => next = store.Finalised.With(changes)));
            commits.Add(Cost.Of(() => store.Commit(BlockOf(next))));
        }
        report.PerOperation("tree update with root, per touched key", trees, options.Touched);
        report.PerOperation("StateView.With, per touched key", views, options.Touched);
        report.PerOperation("Commit with sync, per touched key", commits, options.Touched);
    }

    private static void Prove(BenchmarkOptions options, Report report, ChainStore store)
    {
        List<double> times = [];
        for (int i = 0; i < Proofs; i++)
        {
            ReadOnlyMemory<byte> key = Devices.Record(Random.Shared.Next(2 * options.Keys), 0).Key;
            long begin = Stopwatch.GetTimestamp();
            store.Finalised.Prove(key.Span);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
        }
        times.Sort();
        report.Microseconds("proof, median", times[times.Count / 2]);
        report.Microseconds("proof, 99th percentile", times[times.Count * 99 / 100]);
    }

    private static ChainStore Open(string path) => ChainStore.Open(path, new StoreOptions());

    private static FinalizedBlock BlockOf(StateView state) => new()
    {
        Height = state.Height,
        HeaderHash = Hashing.Sha256(BitConverter.GetBytes(state.Height)),
        Header = new byte[128],
        Payload = default,
        TimeMs = state.Height,
        Transactions = [],
        State = state,
    };
}
