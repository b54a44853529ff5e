using System.Globalization;
using AppChain.Storage;
using AppChain.Storage.Native;

namespace AppChain.Benchmarks;

/// <summary>
/// The same updates as <see cref="StateBenchmark"/> on the alternative, <see cref="JellyfishTree"/>. Of the flat state nothing is
/// written: what is measured is the tree alone.
/// </summary>
internal static class JellyfishBenchmark
{
    private const int KeysPerLoad = 100_000;

    public static void Run(BenchmarkOptions options, Report report)
    {
        using WorkDirectory directory = new(options);
        StateTree expected = Load(options, directory.Path);
        List<Cost> starts = [];
        for (int i = 0; i < 3; i++)
        {
            starts.Add(Cost.Of(() =>
            {
                using Database database = Open(directory.Path);
                _ = new JellyfishTree(database).Root;
            }));
        }
        report.Long($"start with {options.Keys:N0} keys", starts);
        Update(options, report, directory.Path, expected);
        report.Number("disk, per key", new DirectoryInfo(directory.Path).EnumerateFiles("*", SearchOption.AllDirectories)
            .Sum(static file => file.Length) / (double)options.Keys, "bytes");
    }

    // Sorted by hash, so that each part touches a part of the tree only: as quick as loading gets.
    private static StateTree Load(BenchmarkOptions options, string path)
    {
        TreeChange[] changes = TreeChange.Sorted([.. Enumerable.Range(0, options.Keys).Chunk(KeysPerLoad)
            .SelectMany(static devices => ChangeHashing.Hash(Array.ConvertAll(devices, static device => Devices.Record(device, 0))))]);
        TreeHistory history = new();
        using Database database = Open(path);
        JellyfishTree tree = new(database);
        bool isLoaded = tree.Version > 0;
        foreach (TreeChange[] part in changes.Chunk(KeysPerLoad))
        {
            history.Finalise(history.Newest.Update(part));
            history.ExpireBefore(history.Newest);
            if (!isLoaded)
                tree.Update(part);
        }
        if (!isLoaded && tree.Root != history.Newest.Root)
            throw new InvalidOperationException($"The two trees disagree: {tree.Root} and {history.Newest.Root}.");
        return history.Newest;
    }

    private static void Update(BenchmarkOptions options, Report report, string path, StateTree expected)
    {
        using Database database = Open(path);
        JellyfishTree tree = new(database);
        List<Cost> costs = [];
        long written = tree.BytesWritten, toDisk = BytesToDisk();
        int first = (int)tree.Version;
        for (int block = 0; block < options.Blocks; block++)
        {
            StateChange[] changes = Devices.Block(options, first + block);
            TreeChange[] hashed = [];
            costs.Add(Cost.Of(() =>
            {
                hashed = ChangeHashing.Hash(changes);
                tree.Update(hashed);
            }));
            expected = expected.Update(hashed);
        }
        if (options.Directory is null && tree.Root != expected.Root)
            throw new InvalidOperationException($"The two trees disagree: {tree.Root} and {expected.Root}.");
        double touched = (double)options.Blocks * options.Touched;
        report.PerOperation("tree update with root, per touched key", costs, options.Touched);
        report.Number("given to RocksDB, per touched key", (tree.BytesWritten - written) / touched, "bytes");
        report.Number("written to disk, per touched key", (BytesToDisk() - toDisk) / touched, "bytes");
    }

    private static Database Open(string path) => Database.Open(path, new StoreOptions { BlockCacheBytes = 512L << 20 });

    // Log, flushes and compaction together.
    private static long BytesToDisk() => long.Parse(
        File.ReadLines("/proc/self/io").First(static line => line.StartsWith("write_bytes:", StringComparison.Ordinal)).Split(' ')[1],
        CultureInfo.InvariantCulture);
}
