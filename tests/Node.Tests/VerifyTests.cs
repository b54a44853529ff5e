using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Verify;
using AppChain.Storage;

namespace Node.Tests;

public sealed class VerifyTests
{
    private const int Blocks = 5;

    [Fact]
    public async Task Verification_OfAStoppedValidator_FindsWhatIsDamagedAndNothingElse()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.RegisterDeviceAsync();
        await network.MakeBlocksAsync(Blocks);
        await network.WaitForHeightAsync(3, Blocks);
        Assert.Equal(StorageFault.Locked, Assert.Throws<StorageException>(() => Verify(network)).Fault);
        await network.StopAsync(3);

        Dictionary<string, byte[]> before = Files(network);
        List<string> lines = Verify(network);
        Assert.Empty(Problems(lines));
        Assert.Contains(lines, line => line.StartsWith("blocks from height 1 to ", StringComparison.Ordinal));
        Assert.Equal(before, Files(network));
        Assert.Equal(0, ExitCode(network));

        ChainOfAnotherGenesisIsRefused(network);
        EveryDamagedTableIsReported(network);
        DamagedBatchIsNamed(network);
    }

    [Fact]
    public async Task Verification_AcrossEpochs_ChecksThemAll()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(EpochTests.Genesis());
        await network.MakeBlocksAsync((int)EpochTests.Length + 3);
        await network.WaitForHeightAsync(3, EpochTests.Length + 3);
        await network.StopAsync(3);

        List<string> lines = Verify(network);
        Assert.Empty(Problems(lines));
        Assert.DoesNotContain(lines, line => line.StartsWith("not checked", StringComparison.Ordinal));
    }

    /// <summary>Another network's genesis: same validators, another hash.</summary>
    private static void ChainOfAnotherGenesisIsRefused(LocalNetwork network)
    {
        string problem = Assert.Single(Problems(Verify(network, network.Genesis with { TimeMs = network.Genesis.TimeMs + 1, Hash = Hashing.Sha256([1]) })));
        Assert.Contains("column family meta, key genesis", problem);
    }

    /// <summary>A byte that changed before the database's checksum was made: only the batch's id tells.</summary>
    private static void DamagedBatchIsNamed(LocalNetwork network)
    {
        Hash256 id;
        byte[] batch;
        using (StoreRecords records = StoreRecords.Open(network.Home(3).DataDirectory))
        {
            id = records.Headers().First(block => block.Batches.Count > 0).Batches[0].Id;
            batch = records.Batch(id)!.Value.ToArray();
        }
        Put(network, id, [.. batch[..^1], (byte)(batch[^1] ^ 1)]);
        string problem = Assert.Single(Problems(Verify(network)));
        Assert.Contains($"column family batches, key {id}", problem);
        Assert.Equal(1, ExitCode(network));
        Put(network, id, batch);
        Assert.Empty(Problems(Verify(network)));
    }

    private static void EveryDamagedTableIsReported(LocalNetwork network)
    {
        // Opening moves what is in the log to tables, one for each column family that was written.
        ChainStore.Open(network.Home(3).DataDirectory, new StoreOptions()).Dispose();
        string[] tables = [.. Directory.GetFiles(Path.Combine(network.Home(3).DataDirectory, "db"), "*.sst")];
        Assert.True(tables.Length >= 6, $"{tables.Length} tables");
        HashSet<string> named = [];
        foreach (string table in tables)
        {
            byte[] whole = File.ReadAllBytes(table);
            byte[] damaged = [.. whole];
            damaged[20] ^= 1;
            File.WriteAllBytes(table, damaged);
            List<string> problems = ReportsOf(network);
            Assert.NotEmpty(problems);
            named.UnionWith(from problem in problems from family in Families where problem.Contains("column family " + family, StringComparison.Ordinal) select family);
            File.WriteAllBytes(table, whole);
        }
        Assert.Superset(new HashSet<string>(Families), named);
        Assert.Empty(Problems(Verify(network)));
    }

    private static string[] Families => ["state", "headers", "batches", "certificates", "receipts", "index", "meta"];

    // Without its meta a directory does not open: then that is the report.
    private static List<string> ReportsOf(LocalNetwork network)
    {
        try
        {
            return Problems(Verify(network));
        }
        catch (StorageException damage) when (damage.Fault == StorageFault.Corruption)
        {
            return [damage.Message];
        }
    }

    private static void Put(LocalNetwork network, Hash256 id, byte[] batch)
    {
        using ChainStore store = ChainStore.Open(network.Home(3).DataDirectory, new StoreOptions());
        store.PutBatch(id, batch);
    }

    private static List<string> Verify(LocalNetwork network, Genesis? genesis = null)
    {
        List<string> lines = [];
        using StoreRecords records = StoreRecords.Open(network.Home(3).DataDirectory);
        VerifyReport report = new((label, text) => lines.Add($"{label} {text}"));
        ChainVerification.Run(records, genesis ?? network.Genesis, report);
        Assert.Equal(Problems(lines).Count, Math.Min(report.Problems, VerifyReport.ProblemsPrintedMax + 1));
        return lines;
    }

    private static int ExitCode(LocalNetwork network) => VerifyCommand.Create().Parse([network.Home(3).Path]).Invoke();

    private static List<string> Problems(List<string> lines) => [.. lines.Where(line => line.StartsWith("problem ", StringComparison.Ordinal))];

    private static Dictionary<string, byte[]> Files(LocalNetwork network) => Directory
        .EnumerateFiles(network.Home(3).DataDirectory, "*", SearchOption.AllDirectories)
        .ToDictionary(static file => file, File.ReadAllBytes);
}
