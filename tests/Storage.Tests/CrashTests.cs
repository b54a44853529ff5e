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
            (ulong acknowledgedHeight, Hash256 root, ulong acknowledgedSequence) = await WriteUntilKilled(random.Next(1, LinesMax));
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

    private async Task<(ulong Height, Hash256 Root, ulong Sequence)> WriteUntilKilled(int lines)
    {
        using Process child = Process.Start(new ProcessStartInfo(Executable(), [CrashWriter.Argument, files.Path])
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
