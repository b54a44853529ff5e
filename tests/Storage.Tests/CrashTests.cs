using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AppChain.Crypto;
using static AppChain.Storage.Tests.TestStore;

namespace AppChain.Storage.Tests;

public sealed class CrashTests : IDisposable
{
    private const int Kills = 12;
    private const int LinesMax = 240;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestStore files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task Store_KilledWhileWriting_ReopensWithEverythingAcknowledged()
    {
        Random random = new(5);
        ulong height = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            // The kill lands somewhere in the writes after that line: the process writes on while the signal is on its way.
            (ulong acknowledgedHeight, Hash256 root, ulong acknowledgedSequence) = await WriteUntilKilled(CrashWriter.Argument, random.Next(1, LinesMax));
            using ChainStore store = files.Open();
            Assert.True(store.Tip.Height >= acknowledgedHeight, $"block {acknowledgedHeight} is gone; the tip is {store.Tip.Height}");
            Assert.True(store.Journal.LastSequence >= acknowledgedSequence);
            Assert.True(store.Tip.Height >= height, "an earlier life's blocks are gone");
            height = store.Tip.Height;
            if (height == acknowledgedHeight)
                Assert.Equal(root, store.Tip.StateRoot);
            CheckContent(store);
        }
        Assert.True(height > Kills);
    }

    [Fact]
    public async Task Store_KilledWhilePruning_ReopensWholeAndFinishesPruning()
    {
        Random random = new(6);
        ulong kept = 0;
        for (int kill = 0; kill < Kills / 2; kill++)
        {
            (ulong acknowledgedHeight, _, _) = await WriteUntilKilled(CrashWriter.PruneArgument, random.Next(40, LinesMax));
            using ChainStore store = files.Open(Options with { KeptBlocksMin = 4 });
            Assert.True(store.Tip.Height >= acknowledgedHeight, $"block {acknowledgedHeight} is gone; the tip is {store.Tip.Height}");
            CheckKept(store);
            while (store.Prune(CrashWriter.Budget, Unguarded))
            {
            }
            CheckKept(store);
            Assert.True(store.Kept.Headers.From > kept);
            kept = store.Kept.Headers.From;
        }
    }

    // Every class from its lowest height to the tip, and no index entry of anything else.
    private static void CheckKept(ChainStore store)
    {
        static IEnumerable<ulong> To(ulong from, ulong tip) => Enumerable.Range((int)from, (int)(tip + 1 - from)).Select(height => (ulong)height);

        (RetentionRecord kept, ulong tip) = (store.Kept, store.Tip.Height);
        List<ulong> headers = [.. To(kept.Headers.From, tip)], receipts = [.. To(kept.Receipts.From, tip)], batches = [.. To(kept.Batches.From, tip)];
        Assert.Equal(headers, store.Records.Headers().Select(block => block.Height));
        Assert.Equal(headers.Where(height => height % 2 == 0), store.Records.Certificates().Select(certificate => certificate.Height));
        Assert.Equal(receipts.SelectMany(height => new[] { height, height }), store.Records.Receipts().Select(receipt => receipt.Location.Height));
        Assert.All(batches, height => Assert.True(store.HasBatch(HashOf($"batch {height}"))));

        ILookup<Type, IndexRecord> index = store.Records.Index().ToLookup(record => record.GetType());
        Assert.Equal(headers, index[typeof(IndexRecord.OfTime)].Select(record => ((IndexRecord.OfTime)record).Height));
        Assert.Equal(headers, index[typeof(IndexRecord.OfHeaderHash)].Select(record => ((IndexRecord.OfHeaderHash)record).Height).Order());
        Assert.Equal(batches, index[typeof(IndexRecord.OfBatch)].Select(record => ((IndexRecord.OfBatch)record).Height).Order());
        Assert.Equal(
            receipts.SelectMany(height => new[] { height, height }),
            index[typeof(IndexRecord.OfTransaction)].Select(record => ((IndexRecord.OfTransaction)record).Location.Height).Order());
    }

    private static void CheckContent(ChainStore store)
    {
        SortedDictionary<string, byte[]> model = new() { [Hex("a")] = Bytes("1"), [Hex("b")] = Bytes("2") };
        for (ulong height = 1; height <= store.Tip.Height; height++)
        {
            foreach (StateChange change in CrashWriter.ChangesOf(height))
            {
                string key = Convert.ToHexString(change.Key.Span);
                if (change.Value is { } value)
                    model[key] = value.ToArray();
                else
                    model.Remove(key);
            }
            Assert.True(store.TryGetBatch(HashOf($"batch {height}"), out ReadOnlyMemory<byte> batch));
            Assert.True(batch.Span.SequenceEqual(CrashWriter.BatchOf(height)));
        }
        Assert.Equal(NaiveTree.Root(model), store.Tip.StateRoot.ToArray());
        Assert.Equal(model.Keys, store.Finalised.Enumerate(default).Select(entry => Convert.ToHexString(entry.Key.Span)));
        ChainStoreTests.CheckBlocks(store, store.Tip.Height);

        // One vote per try of a height: consecutive, each height at least once, none beyond the next block.
        List<JournalRecord> votes = [.. store.Journal.ReadAll()];
        Assert.Equal(store.Journal.LastSequence, (ulong)votes.Count);
        Assert.True((ulong)votes.Count >= store.Tip.Height);
    }

    private async Task<(ulong Height, Hash256 Root, ulong Sequence)> WriteUntilKilled(string argument, int lines)
    {
        using Process child = Process.Start(new ProcessStartInfo(Executable(), [argument, files.Path])
        {
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..")) },
        })!;
        using CancellationTokenSource timeout = new(Patience);
        (ulong height, Hash256 root, ulong sequence) = (0UL, default(Hash256), 0UL);
        for (int i = 0; await child.StandardOutput.ReadLineAsync(timeout.Token) is { } line; i++)
        {
            string[] words = line.Split(' ');
            if (words is ["journal", string number])
            {
                sequence = ulong.Parse(number, CultureInfo.InvariantCulture);
            }
            else if (words is ["commit", string committed, string hex])
            {
                height = ulong.Parse(committed, CultureInfo.InvariantCulture);
                Assert.True(Hash256.TryParse(hex, out root));
            }
            if (i == lines)
                child.Kill();
        }
        await child.WaitForExitAsync(timeout.Token);
        Assert.Equal(128 + 9, child.ExitCode);
        return (height, root, sequence);
    }

    private static string Executable() => Path.Combine(AppContext.BaseDirectory, "Storage.Tests");

    private static string Hex(string text) => Convert.ToHexString(Bytes(text));
}
