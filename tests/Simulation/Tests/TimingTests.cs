using System.Globalization;
using AppChain.Simulation.Geography;

namespace AppChain.Simulation.Tests;

/// <summary>The promise of the protocol, in hops: with a constant delay δ, hosts and disks that take no time, and no faults.</summary>
public sealed class TimingTests
{
    const long DeltaUs = 10_000;
    const int Blocks = 60;

    static readonly TimeoutOptions Timeouts =
        new() { LeaderMs = 100, AdvanceMs = 150, SkipMs = 1_000, RetryMs = 80, IdleIntervalMs = 1_000, CapMs = 2_000 };

    /// <summary>No two validators are a quorum together: then nobody can be faster than the hops say.</summary>
    public static TheoryData<string> Powers =>
    [
        "1 1 1 1",
        "1 1 1 1 1",
        "1 1 1 1 1 1 1",
        string.Join(' ', Enumerable.Repeat(1, 13)),
        "3 2 2 2",
        "10 9 8 7 6 5 4 3 2 1",
        "1000003 999999 1000001 500000 700000",
    ];

    [Theory]
    [MemberData(nameof(Powers))]
    public void NoFaults_ConstantDelay_FinalAfterThreeDelaysAndABlockEveryTwo(string powers)
    {
        var blocks = Run(Parsed(powers), silent: null);

        Assert.All(blocks, block => Assert.Equal(3 * DeltaUs, block.MedianUs - block.ProposedUs));
        Assert.All(blocks, block => Assert.Equal(3 * DeltaUs, block.AllUs - block.ProposedUs));
        Assert.All(blocks.Zip(blocks.Skip(1)), pair => Assert.Equal(2 * DeltaUs, pair.Second.ProposedUs - pair.First.ProposedUs));
    }

    [Theory]
    [MemberData(nameof(Powers))]
    public void OneSilentLeader_ConstantDelay_CostsAtMostItsTimeoutAndTwoDelays(string powers)
    {
        var all = Parsed(powers);
        var blocks = Run(all, silent: all.Length - 1);
        var skipped = blocks.Zip(blocks.Skip(1)).Where(pair => pair.Second.Header.View.Value > pair.First.Header.View.Value + 1).ToArray();

        Assert.NotEmpty(skipped);
        Assert.All(skipped, pair =>
        {
            var views = (long)(pair.Second.Header.View.Value - pair.First.Header.View.Value - 1);
            Assert.Equal(1, views); // One silent leader never has two turns in a row in these schedules.
            Assert.InRange(Cost(pair), 1, ((long)Timeouts.LeaderMs * 1_000) + (2 * DeltaUs));
        });

        // Every other block is as without faults.
        Assert.All(blocks.Zip(blocks.Skip(1)).Except(skipped), pair => Assert.Equal(0, Cost(pair)));
    }

    /// <summary>Once the leader is known to be silent its view costs no timeout: two delays at most.</summary>
    [Theory]
    [MemberData(nameof(Powers))]
    public void OneSilentLeader_BeyondTheSkipTime_CostsAtMostTwoDelays(string powers)
    {
        var all = Parsed(powers);
        var blocks = Run(all, silent: all.Length - 1, fromUs: 5_000_000);
        var skipped = blocks.Zip(blocks.Skip(1)).Where(pair => pair.Second.Header.View.Value > pair.First.Header.View.Value + 1).ToArray();

        Assert.NotEmpty(skipped);
        Assert.All(skipped, pair => Assert.InRange(Cost(pair), 1, 2 * DeltaUs));
    }

    /// <summary>What the wait for the second block was longer than without faults.</summary>
    static long Cost((Finality First, Finality Second) pair) => pair.Second.ProposedUs - pair.First.ProposedUs - (2 * DeltaUs);

    static ulong[] Parsed(string powers) => [.. powers.Split(' ').Select(power => ulong.Parse(power, CultureInfo.InvariantCulture))];

    static IReadOnlyList<Finality> Run(ulong[] powers, int? silent, long fromUs = 0)
    {
        var world = new World(new Scenario
        {
            Seed = 1,
            Profile = "timing",
            Powers = powers,
            Latency = Latency.Constant,
            LatencyUs = DeltaUs,
            HostUsMin = 0,
            HostUsMax = 0,
            Timeouts = Timeouts,
        });
        var timeline = world.Timeline = new Timeline(world.Agenda, powers.Length - (silent is null ? 0 : 1), fromUs);
        foreach (var machine in world.Machines.Where(machine => machine.Place != silent))
        {
            machine.Start();
            machine.Take(new Input.Work(true));
        }

        while (timeline.Complete < Blocks && world.Agenda.Step(fromUs + 30_000_000))
        {
        }

        Assert.True(timeline.Complete >= Blocks, $"{timeline.Complete} blocks");
        return timeline.Blocks();
    }
}
