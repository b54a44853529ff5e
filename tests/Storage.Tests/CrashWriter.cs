using System.Globalization;
using static AppChain.Storage.Tests.TestStore;

namespace AppChain.Storage.Tests;

/// <summary>
/// The process that the crash tests kill: writes blocks and journal records without end and says on standard output what is durable.
/// </summary>
internal static class CrashWriter
{
    public const string Argument = "--crash-writer";

    /// <summary>The same, and it prunes.</summary>
    public const string PruneArgument = "--crash-pruner";

    /// <summary>What a pruning writer keeps: less than it writes between two kills.</summary>
    public static readonly RetentionBudget Budget = new() { Batches = 30_000, Receipts = 1_500, Headers = 4_000 };

    public static int Run(string path, bool prune)
    {
        // Small buffers, so that the kill also hits flushes, compactions and changes of log.
        using ChainStore store = Open(path, Options with { WriteBufferBytes = 64 << 10, WriteAheadLogBytesMax = 256 << 10, KeptBlocksMin = 4 });
        using StreamWriter output = new(Console.OpenStandardOutput()) { AutoFlush = true };
        while (true)
        {
            ulong height = store.Tip.Height + 1;
            store.PutBatch(HashOf($"batch {height}"), BatchOf(height));
            FinalizedBlock block = BlockOn(store.Finalised.With(ChangesOf(height))) with { Batches = [new NamedBatch(HashOf($"batch {height}"), 3_000)] };
            ulong sequence = store.Journal.Append([Bytes($"vote {height}")]);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"journal {sequence}"));
            store.Commit(block);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"commit {height} {store.Tip.StateRoot}"));
            while (prune && store.Prune(Budget, Unguarded))
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"pruned {store.Kept.Headers.From}"));
        }
    }

    public static byte[] BatchOf(ulong height)
    {
        byte[] batch = new byte[3_000];
        new Random((int)height).NextBytes(batch);
        return batch;
    }

    public static StateChange[] ChangesOf(ulong height)
        =>
        [
            Put("height", $"{height}"),
            Put($"key {height % 97}", $"{height}"),
            Delete($"key {(height + 40) % 97}"),
            Put($"only {height}", "x"),
        ];
}
