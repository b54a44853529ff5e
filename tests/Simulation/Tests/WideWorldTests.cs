using AppChain.Simulation.Cli;
using AppChain.Simulation.Geography;

namespace AppChain.Simulation.Tests;

public sealed class WideWorldTests
{
    static readonly LatencyTable Table = LatencyTable.Embedded();

    static WideWorld World(int validators, bool withSilent, long bytesPerSecond) => new()
    {
        Latencies = Table,
        Regions = Table.Regions,
        Validators = validators,
        Rates = [bytesPerSecond],
        RateName = "any",
        WithSilent = withSilent,
        Blocks = 20,
        Seed = 1,
    };

    [Theory]
    [InlineData(4, false)]
    [InlineData(7, true)]
    [InlineData(10, false)]
    public void World_FastLinks_IsNearThePhysicalBoundAndNeverBelowIt(int validators, bool withSilent)
    {
        var result = World(validators, withSilent, 125_000_000).Run();

        Assert.Equal(withSilent ? (validators - 1) / 3 : 0, result.Silent);
        Assert.InRange((double)result.FinalityUs(50) / result.BoundUs(50), 1.0, 1.25);
        Assert.True(result.FinalityUs(50) <= result.FinalityOfAllUs(50));
        Assert.Equal(0, result.Dropped);
        if (!withSilent)
        {
            Assert.Equal(0UL, result.SkippedViews);
        }
    }

    [Fact]
    public void World_NarrowLinks_IsSlowerThanFastOnes() =>
        Assert.True(World(10, false, 500_000).Run().FinalityUs(50) > World(10, false, 125_000_000).Run().FinalityUs(50) * 11 / 10);

    [Fact]
    public void World_NarrowLinksWithTwoLanes_IsFasterThanWithOne() =>
        Assert.True(
            (World(10, false, 500_000) with { CertificatesLast = true }).Run().FinalityUs(50)
                < World(10, false, 500_000).Run().FinalityUs(50));

    [Fact]
    public void World_SameSeed_SameTrace()
    {
        var world = World(7, true, 5_000_000);

        Assert.Equal(world.Run().TraceHash, world.Run().TraceHash);
        Assert.NotEqual(world.Run().TraceHash, (world with { Seed = 2 }).Run().TraceHash);
    }

    [Fact]
    public void World_OfAHundredAndMore_TheOracleKeepsCount()
    {
        var result = (World(101, false, 125_000_000) with { Blocks = 1 }).Run();

        Assert.InRange((double)result.FinalityUs(50) / result.BoundUs(50), 1.0, 1.5);
    }

    [Fact]
    public void Placement_ManyDraws_FitBothPercentiles()
    {
        var placement = new Placement(Table, ["us-east-1", "eu-central-1"], 2);
        var (median, ninetieth) = Table.RoundTrip("us-east-1", "eu-central-1");
        var dice = new Dice(7);
        long[] drawn = [.. Enumerable.Range(0, 20_000).Select(_ => placement.DelayUs(0, 1, dice)).Order()];

        Assert.InRange(Quantile.Of(drawn, 50), (median / 2) - 100, (median / 2) + 100);
        Assert.InRange(Quantile.Of(drawn, 90), (ninetieth / 2) - 200, (ninetieth / 2) + 200);
    }

    [Fact]
    public void Bound_ConstantLatency_IsThreeHopsAndTwo()
    {
        // Four in one region: a round trip of 3 ms there, so 1.5 ms a hop.
        var bound = new PhysicalBound(new Placement(Table, ["us-east-1"], 4), []);

        Assert.All(bound.ByLeader(), leader => Assert.Equal((4_500, 4_500), leader));
        Assert.All(bound.Intervals(), interval => Assert.Equal(3_000, interval));
    }

    [Fact]
    public void Bound_WithSilentValidators_IsNotSmaller()
    {
        var placement = new Placement(Table, Table.Regions, 10);
        var (all, fewer) = (new PhysicalBound(placement, []), new PhysicalBound(placement, [0, 3, 7]));

        Assert.Equal(7, fewer.ByLeader().Count);
        Assert.True(all.ByLeader().Min(leader => leader.MedianUs) <= fewer.ByLeader().Min(leader => leader.MedianUs));
    }

    [Fact]
    public void Table_FolderThatIsNotThere_IsEmbeddedAndSaysSo()
    {
        var table = LatencyTable.Load(Path.Combine(Path.GetTempPath(), "no-such-latencies"));

        Assert.Equal(5, table.Regions.Count);
        Assert.Contains("EMBEDDED", table.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_AllGiven_AreUnderstood()
    {
        var line = WorldCommandLine.Parse(
            [
                "--validators", "4,100", "--rates", "5,12.5,mixed", "--regions", "us-east-1,eu-central-1", "--faults", "silent",
                "--blocks", "9", "--seed", "0", "--lanes", "two",
            ],
            out _);

        Assert.NotNull(line);
        var worlds = line.Worlds(Table, line.RegionsOf(Table, out _)!).ToArray();
        Assert.Equal(6, worlds.Length);
        Assert.All(worlds, world => Assert.True(world is { WithSilent: true, Blocks: 9, Seed: 0, CertificatesLast: true, Regions.Count: 2 }));
        Assert.Equal([5_000_000L], worlds[0].Rates);
        Assert.Equal([12_500_000L], worlds[1].Rates);
        Assert.Equal(5, worlds[2].Rates.Count);
    }

    [Theory]
    [InlineData("--validators", "0")]
    [InlineData("--validators", "4,many")]
    [InlineData("--rates", "-1")]
    [InlineData("--rates", "1e3")]
    [InlineData("--faults", "many")]
    [InlineData("--blocks", "0")]
    [InlineData("--lanes", "three")]
    [InlineData("--colour", "red")]
    public void Options_Wrong_AreRefused(params string[] args)
    {
        Assert.Null(WorldCommandLine.Parse(args, out var problem));
        Assert.Contains(args[0], problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Regions_UnknownOne_IsNamed()
    {
        var line = WorldCommandLine.Parse(["--regions", "atlantis-1"], out _);

        Assert.Null(line!.RegionsOf(Table, out var problem));
        Assert.Contains("atlantis-1", problem, StringComparison.Ordinal);
    }
}
