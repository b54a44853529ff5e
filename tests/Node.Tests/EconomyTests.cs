using System.Globalization;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Cli;
using AppChain.Node.Cli.Economy;

namespace Node.Tests;

/// <summary><c>appchain economy simulate</c>: years of a genesis, the same on each run.</summary>
public class EconomyTests
{
    private static readonly GenesisFile Devnet = GenesisFile.Load(Path.Combine(Repository(), "genesis.json"));

    [Theory]
    [InlineData("constant")]
    [InlineData("growth")]
    [InlineData("crash")]
    public async Task Simulate_Twice_WritesTheSameAndItAddsUp(string demand)
    {
        string[] first = await SimulateAsync(demand), second = await SimulateAsync(demand);

        Assert.Equal(first, second);
        Assert.Equal(2 * 365 + 1, first.Length);
        Assert.Equal("epoch,demand_dollars,price,burned,scheduled,net,minted,usage,coverage,validators,treasury,circulating", first[0]);
        UInt128 supply = 0;
        foreach (ulong[] row in first.Skip(1).Select(static line => line.Split(',').Select(static cell => ulong.Parse(cell, CultureInfo.InvariantCulture)).ToArray()))
        {
            (ulong burned, ulong scheduled, ulong net, ulong minted, ulong usage, ulong coverage, ulong validators, ulong treasury) =
                (row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10]);
            Assert.Equal(minted, usage + coverage + validators + treasury);
            Assert.True(minted <= scheduled + net);
            Assert.True(usage <= burned);
            if (supply != 0)
                Assert.Equal(supply + minted - burned, row[11]);
            supply = row[11];
        }
    }

    [Fact]
    public void Table_OfARun_HasARowAndABarForEachPart()
    {
        SimulatedEpoch[] run = [.. EconomyRun.Of(Devnet.Genesis, DemandCurve.Parse("constant"), 48)];

        string[] lines = [.. EconomyTable.Lines(run)];

        Assert.Equal(1 + 24 + (4 * 26), lines.Length);
        Assert.StartsWith("0–1 ", lines[1]);
        Assert.Equal(4 * 24, lines.Count(static line => line.EndsWith('█')));
    }

    [Fact]
    public void Demand_OfAFile_IsItsLastPointSoFar()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(path, "# epoch,dollars,price\n0,100,1.5\n10,200,0.25\n");
        try
        {
            DemandCurve curve = DemandCurve.Parse(path);
            Assert.Equal([new(100, 1_500_000), new(100, 1_500_000), new(200, 250_000)], new ulong[] { 0, 9, 1_000 }.Select(curve.At));
            File.WriteAllText(path, "0,100\n");
            Assert.Throws<CommandException>(() => DemandCurve.Parse(path));
            File.WriteAllText(path, "5,100,1\n5,100,1\n");
            Assert.Throws<CommandException>(() => DemandCurve.Parse(path));
            File.WriteAllText(path, "");
            Assert.Throws<CommandException>(() => DemandCurve.Parse(path));
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Throws<CommandException>(() => DemandCurve.Parse("boom"));
    }

    private static async Task<string[]> SimulateAsync(string demand)
    {
        string csv = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            string genesis = Path.Combine(Repository(), "genesis.json");
            Assert.Equal(0, await EconomyCommand.Create().Parse(["simulate", "--years", "2", "--demand", demand, "--parameters", genesis, "--csv", csv])
                .InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));
            return await File.ReadAllLinesAsync(csv, TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(csv);
        }
    }

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "AppChain.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
