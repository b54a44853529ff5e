namespace AppChain.Simulation.Tests;

public sealed class SeedTests
{
    const ulong SeedsPerProfile = 50;

    public static TheoryData<string> ProfileNames => [.. Profiles.Names];

    [Theory]
    [MemberData(nameof(ProfileNames))]
    public void Seeds_OfEveryProfile_SafeAndLive(string profile)
    {
        ulong views = 0, blocks = 0;
        for (ulong seed = 0; seed < SeedsPerProfile; seed++)
        {
            var outcome = Run.Of(Profiles.Make(seed, profile));
            Assert.True(outcome.Failure is null, $"{outcome.Scenario}: {outcome.Failure}");
            views += outcome.Views;
            blocks += outcome.Blocks;
        }

        Assert.True(views > SeedsPerProfile * 15, $"{views} views are too few to mean anything");
        Assert.True(blocks > SeedsPerProfile * Run.BlocksAfterHealing, $"{blocks} blocks");
    }

    /// <summary>Seeds that failed once, whether the core or the simulator was to blame, stay for ever.</summary>
    [Theory]
    [InlineData("crashes", 9)]     // A validator that is a quorum alone, stopped between making a block and sending it.
    [InlineData("crashes", 20)]    // The same, alone in the world.
    [InlineData("everything", 65)] // The same, among forgetful ones.
    [InlineData("clocks", 93)]     // A machine that is switched on for the first time just when the faults end.
    [InlineData("crashes", 4)]     // The core's: a deadline in the past, back in a view that was finalized before a restart.
    [InlineData("byzantine", 76)]  // Three voters for everything that answer each other.
    public void Seeds_ThatFailedOnce_SafeAndLive(string profile, ulong seed)
    {
        var outcome = Run.Of(Profiles.Make(seed, profile));
        Assert.True(outcome.Failure is null, $"{outcome.Scenario}: {outcome.Failure}");
    }

    [Theory]
    [InlineData("calm", 3)]
    [InlineData("everything", 4)]
    [InlineData("byzantine", 5)]
    public void SameSeed_TwiceAndWithATranscript_SameTrace(string profile, ulong seed)
    {
        var first = Run.Of(Profiles.Make(seed, profile));
        var second = Run.Of(Profiles.Make(seed, profile));
        var told = Run.Of(Profiles.Make(seed, profile), transcribe: true);

        Assert.Equal(first with { Scenario = second.Scenario, Coverage = second.Coverage }, second);
        Assert.Equal(first.Coverage.All(), second.Coverage.All());
        Assert.Equal(first.TraceHash, told.TraceHash);
        Assert.NotEqual(first.TraceHash, Run.Of(Profiles.Make(seed + 1, profile)).TraceHash);
        Assert.Contains("the faults are over", told.Transcript, StringComparison.Ordinal);
        Assert.Contains("commits block", told.Transcript, StringComparison.Ordinal);
    }

    /// <summary>A fault that never fires, or a traitor that never betrays, tests nothing.</summary>
    [Fact]
    public void Seeds_ThreeHundred_MeetEveryFaultAndEveryMisdeed()
    {
        var coverage = new Coverage();
        for (ulong seed = 0; seed < 300; seed++)
        {
            coverage.Add(Run.Of(Profiles.Make(seed)).Coverage);
        }

        Assert.All(coverage.All(), entry => Assert.True(entry.Times > 0, $"{entry.Name} never happened"));
    }

    [Fact]
    public void Scenarios_OfManySeeds_StayWithinTheBound()
    {
        var sizes = new HashSet<int>();
        var misdeeds = new HashSet<Misdeed>();
        for (ulong seed = 0; seed < 2_000; seed++)
        {
            var scenario = Profiles.Make(seed);
            var notThere = Power.Mask(scenario.Byzantine.Keys.Concat(scenario.Dead));
            Assert.True(Power.IsBelowThird(scenario.Powers, notThere), scenario.ToString());
            sizes.Add(scenario.Powers.Length);
            misdeeds.UnionWith(scenario.Byzantine.Values);
        }

        Assert.Equal(10, sizes.Count);
        Assert.Equal(Enum.GetValues<Misdeed>().Length, misdeeds.Count);
    }
}
