using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using AppChain.Crypto;
using AppChain.Storage;
using AppChain.Storage.Native;

namespace AppChain.Benchmarks.Store;

/// <summary>
/// The store with a million devices: what a block of proofs costs to commit, to keep and to look up, and what pruning does to commits.
/// One row for each setting; the numbers of one run compare, those of different runs hardly. Kept in docs/storage.md.
/// </summary>
public static class StoreBenchmark
{
    private const int Reads = 10_000;

    public static int Run(ReadOnlySpan<string> args)
    {
        if (!StoreBenchmarkOptions.TryParse(args, out StoreBenchmarkOptions options))
        {
            Console.Error.WriteLine(
                $"usage: [--devices N] [--blocks N] [--proofs N] [--directory PATH] [--variants all|NAME,…]  names: {string.Join(' ', StoreVariants.Names)}");
            return 2;
        }
        Print("SHA-256 of 64 bytes", HashTime());
        foreach (string variant in options.Variants)
        {
            string path = Path.Combine(options.Directory, $"appchain-store-benchmark-{variant}-{Environment.ProcessId}");
            Console.WriteLine($"-- {variant}");
            try
            {
                Measure(options, variant, path);
            }
            finally
            {
                Directory.Delete(path, recursive: true);
            }
        }
        return 0;
    }

    private static void Measure(StoreBenchmarkOptions options, string variant, string path)
    {
        ProofLoad load = new(options);
        using ChainStore store = ChainStore.Open(path, StoreVariants.Options(variant));
        store.InitializeGenesis("benchmark", Hashing.Sha256("genesis"u8), []);
        foreach (FinalizedBlock block in load.Registrations(store))
            store.Commit(block);
        FlushAll(store);

        long proofs = (long)options.Blocks * options.Proofs;
        long wire = proofs * ProofLoad.ProofBytes;
        long written = WrittenBytes();
        Dictionary<ColumnFamily, long> before = BytesByFamily(store);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        Timings commits = Commit(store, load, 1, options.Blocks);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        FlushAll(store);

        Print("commit of a block", commits);
        Print("commit, per proof", string.Create(CultureInfo.InvariantCulture, $"{commits.At(0.5) / options.Proofs:N2} µs; with tree, load and compactions CPU {cpu.TotalMicroseconds / proofs:N1} µs"));
        Print("written to disk ÷ bytes of proofs", Ratio(WrittenBytes() - written, wire));
        Dictionary<ColumnFamily, long> after = BytesByFamily(store);
        Print("kept on disk per proof", string.Join(", ", after
            .Where(family => family.Value > before[family.Key])
            .Select(family => string.Create(CultureInfo.InvariantCulture, $"{ColumnFamilies.Name(family.Key)} {(double)(family.Value - before[family.Key]) / proofs:N0}"))));
        Print("kept on disk ÷ bytes of proofs", Ratio(after.Values.Sum() - before.Values.Sum(), wire));
        MeasureReads(options, store);
        MeasurePruning(options, store, load);
    }

    private static Timings Commit(ChainStore store, ProofLoad load, int first, int count)
    {
        Timings timings = new();
        for (int number = first; number < first + count; number++)
        {
            FinalizedBlock block = load.Proofs(store, number);
            timings.Time(() => store.Commit(block));
        }
        return timings;
    }

    private static void MeasureReads(StoreBenchmarkOptions options, ChainStore store)
    {
        Random random = new(2);
        (Timings state, Timings absent, Timings transaction, Timings bytes, Timings history) = (new(), new(), new(), new(), new());
        for (int i = 0; i < Reads; i++)
        {
            byte[] key = ProofLoad.StateKey(random.Next(options.Devices));
            state.Time(() => Require(store.Finalised.TryGet(key, out _)));
            absent.Time(() => Require(!store.Finalised.TryGet(ProofLoad.StateKey(-2 - i), out _)));
            Hash256 id = ProofLoad.TransactionId(random.Next(options.Blocks) + 1, random.Next(options.Proofs));
            StoredTransaction? found = null;
            transaction.Time(() => Require(store.TryGetTransaction(id, out found)));
            bytes.Time(() => Require(store.TryGetTransactionBytes(found!, out _)));
            HistoryKey device = found!.Executed.Touched[0];
            history.Time(() => Require(store.ReadHistory(device).Take(20).Any()));
        }
        Print("read of a device", state);
        Print("read of an absent key", absent);
        Print("receipt by transaction id", transaction);
        Print("transaction's bytes", bytes);
        Print("history of a device", history);
    }

    /// <summary>Prunes three quarters while blocks are committed, every other block without pruning, so that both meet the same machine.</summary>
    private static void MeasurePruning(StoreBenchmarkOptions options, ChainStore store, ProofLoad load)
    {
        int blocks = Math.Max(20, options.Blocks / 2);
        FlushAll(store);
        long before = BytesByFamily(store).Values.Sum();
        RetentionBudget budget = new() { Batches = store.Kept.Batches.Bytes / 4, Receipts = store.Kept.Receipts.Bytes / 4, Headers = store.Kept.Headers.Bytes / 4 };
        (Timings steps, Timings alone, Timings with) = (new(), new(), new());
        using ManualResetEventSlim mayPrune = new(initialState: true);
        Thread pruning = new(() =>
        {
            for (bool more = true; more;)
            {
                mayPrune.Wait();
                steps.Time(() => more = store.Prune(budget, static drop => drop(static _ => false)));
                Thread.Sleep(10); // as the node paces it
            }
        });
        pruning.Start();
        for (int number = options.Blocks + 1; number <= options.Blocks + blocks; number++)
        {
            bool prunes = number % 2 == 0 && pruning.IsAlive;
            if (prunes)
                mayPrune.Set();
            else
                mayPrune.Reset();
            FinalizedBlock block = load.Proofs(store, number);
            (prunes ? with : alone).Time(() => store.Commit(block));
        }
        mayPrune.Set();
        pruning.Join();
        Commit(store, load, options.Blocks + blocks + 1, 10); // past the retained views
        long begin = Stopwatch.GetTimestamp();
        store.ReclaimSpace();
        TimeSpan reclaimed = Stopwatch.GetElapsedTime(begin);
        FlushAll(store);
        Print("step of pruning", steps);
        Print("commit alone", alone);
        Print("commit while pruning", with);
        Print("disk before and after pruning to 1/4", string.Create(
            CultureInfo.InvariantCulture, $"{before >> 20} MiB, {BytesByFamily(store).Values.Sum() >> 20} MiB; reclaiming took {reclaimed.TotalSeconds:N2} s; kept {(store.Kept.Batches.Bytes + store.Kept.Receipts.Bytes + store.Kept.Headers.Bytes) >> 20} MiB besides the state"));
    }

    private static Dictionary<ColumnFamily, long> BytesByFamily(ChainStore store) =>
        Enum.GetValues<ColumnFamily>().ToDictionary(family => family, family =>
            (long)(store.Property(family, "rocksdb.total-sst-files-size") + store.Property(family, "rocksdb.total-blob-file-size")));

    private static void FlushAll(ChainStore store)
    {
        foreach (ColumnFamily family in Enum.GetValues<ColumnFamily>())
            store.Flush(family);
    }

    /// <summary>Bytes that this process has sent to disks so far.</summary>
    private static long WrittenBytes() => long.Parse(
        File.ReadLines("/proc/self/io").First(static line => line.StartsWith("write_bytes:", StringComparison.Ordinal))[12..], CultureInfo.InvariantCulture);

    private static string HashTime()
    {
        byte[] message = new byte[64], digest = new byte[32];
        Timings timings = new();
        for (int repeat = 0; repeat < 30; repeat++)
        {
            timings.Time(() =>
            {
                for (int i = 0; i < 10_000; i++)
                    SHA256.HashData(message, digest);
            });
        }
        return string.Create(CultureInfo.InvariantCulture, $"{timings.At(0.5) / 10_000:N3} µs");
    }

    private static void Require(bool holds)
    {
        if (!holds)
            throw new InvalidOperationException("the store did not answer what was put into it");
    }

    private static string Ratio(long bytes, long of) => string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / of:N2}");

    private static void Print(string name, object value) => Console.WriteLine($"{name,-38} {value}");
}
