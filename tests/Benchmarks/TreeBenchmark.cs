using System.Diagnostics;
using AppChain.Crypto;
using AppChain.Storage;

namespace AppChain.Benchmarks;

/// <summary>The tree alone: hashes of what a block changes, update and proof, with as many versions as a node holds.</summary>
internal static class TreeBenchmark
{
    private const int KeysPerLoad = 100_000, Proofs = 20_000;

    public static void Run(BenchmarkOptions options, Report report)
    {
        TreeHistory history = Load(options);
        report.ResidentMemory();
        report.Number("tree, per key", history.CapacityBytes / (double)options.Keys, "bytes");
        Update(options, report, history);
        report.Number("tree with retained versions, per key", history.CapacityBytes / (double)options.Keys, "bytes");
        Prove(options, report, history.Newest);
    }

    /// <summary>A tree of all records, without older versions.</summary>
    public static TreeHistory Load(BenchmarkOptions options)
    {
        TreeHistory history = new();
        foreach (int[] devices in Enumerable.Range(0, options.Keys).Chunk(KeysPerLoad))
        {
            StateChange[] records = Array.ConvertAll(devices, static device => Devices.Record(device, 0));
            history.Finalise(history.Newest.Update(ChangeHashing.Hash(records)));
            history.ExpireBefore(history.Newest);
        }
        return history;
    }

    private static void Update(BenchmarkOptions options, Report report, TreeHistory history)
    {
        List<Cost> hashing = [], updates = [], finalising = [];
        Queue<StateTree> retained = [];
        int retainedMax = new StoreOptions().RetainedViews;
        for (int block = 1; block <= options.Blocks + retainedMax; block++)
        {
            StateChange[] changes = Devices.Block(options, block);
            TreeChange[] hashed = [];
            StateTree next = history.Newest;
            Cost hash = Cost.Of(() => hashed = ChangeHashing.Hash(changes));
            Cost update = Cost.Of(() => next = history.Newest.Update(hashed));
            Cost finalise = Cost.Of(() =>
            {
                history.Finalise(next);
                retained.Enqueue(next);
                if (retained.Count > retainedMax)
                    retained.Dequeue();
                history.ExpireBefore(retained.Peek());
            });
            // Only with all the versions that a node holds.
            if (block > retainedMax)
            {
                hashing.Add(hash);
                updates.Add(update);
                finalising.Add(finalise);
            }
        }
        report.PerOperation("hashing and sorting, per touched key", hashing, options.Touched);
        report.PerOperation("tree update with root, per touched key", updates, options.Touched);
        List<Cost> both = [.. hashing.Zip(updates, static (x, y) => new Cost(x.Wall + y.Wall, x.Cpu + y.Cpu))];
        report.PerOperation("both, per touched key", both, options.Touched);
        report.PerOperation("finalising and expiring, per touched key", finalising, options.Touched);
    }

    private static void Prove(BenchmarkOptions options, Report report, StateTree tree)
    {
        List<double> times = [];
        Random random = new(1);
        for (int i = 0; i < Proofs; i++)
        {
            Hash256 keyHash = Hashing.Sha256(Devices.Record(random.Next(2 * options.Keys), 0).Key.Span);
            long begin = Stopwatch.GetTimestamp();
            tree.Prove(keyHash);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
        }
        times.Sort();
        report.Microseconds("proof, median", times[times.Count / 2]);
        report.Microseconds("proof, 99th percentile", times[times.Count * 99 / 100]);
    }
}
