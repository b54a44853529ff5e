namespace AppChain.Consensus.Tests;

public sealed class FaultTests
{
    [Fact]
    public void SilentLeader_FirstTime_CostsItsTimeoutAndOneDelayMore()
    {
        var cluster = new Cluster(new ClusterOptions());
        foreach (var node in cluster.Nodes.Skip(1))
        {
            node.Start();
        }

        cluster.RunUntil(() => cluster.MinHeight(1, 2, 3) >= 8, 3_000, "8 blocks without node 0");

        var views = Enumerable.Range(1, 4).Select(view => new View((ulong)view));
        var skipped = views.Single(view => cluster.Nodes[1].Core!.LeaderOf(view) == 0);
        var next = cluster.Nodes[1].Chain.First(block => block.View > skipped);
        var before = next.Header.Height.Value - 1;
        Assert.Equal(skipped.Next, next.View);

        // The view before ends two delays after its proposal; then the leader timeout, one delay for the nullify votes, and the next
        // proposal.
        var enteredMs = before == 0 ? 0 : Proposed(cluster, before) + 20;
        Assert.Equal(enteredMs + cluster.Options.Timeouts.LeaderMs + 10, Proposed(cluster, before + 1));
    }

    [Fact]
    public void SilentLeader_LongSilent_IsNotWaitedFor()
    {
        var cluster = new Cluster(new ClusterOptions());
        foreach (var node in cluster.Nodes.Skip(1))
        {
            node.Start();
        }

        cluster.RunFor(3_000);
        var start = cluster.MinHeight(1, 2, 3);
        cluster.RunFor(900);

        // Three blocks per cycle of 3 × 20 ms and one skipped view of one delay: 70 ms.
        Assert.InRange(cluster.MinHeight(1, 2, 3) - start, 900UL / 70 * 3 - 3, 900UL / 70 * 3 + 3);
    }

    [Fact]
    public void Node_CrashedForAWhile_RejoinsAndCatchesUp()
    {
        var cluster = new Cluster(new ClusterOptions());
        cluster.StartAll();
        cluster.RunFor(500);
        cluster.Nodes[2].Crash();
        cluster.RunFor(5_000);
        Assert.True(cluster.MinHeight(0, 1, 3) > cluster.Nodes[2].Height + 50, "the chain went on");

        cluster.Nodes[2].Start();
        cluster.RunFor(1_000);
        Assert.InRange(cluster.Nodes.Max(node => node.Height) - cluster.MinHeight(), 0UL, 2UL);
        Assert.True(cluster.Nodes[2].Syncs > 0);

        // It votes and leads again: blocks come at full speed.
        var height = cluster.MinHeight();
        cluster.RunFor(400);
        Assert.InRange(cluster.MinHeight() - height, 19UL, 21UL);
    }

    [Fact]
    public void TwoOfFour_StoppedThenOneReturns_ChainHaltsQuietlyAndResumesPromptly()
    {
        var cluster = new Cluster(new ClusterOptions());
        cluster.StartAll();
        cluster.RunFor(500);
        cluster.Nodes[0].Crash();
        cluster.Nodes[1].Crash();
        cluster.RunFor(60_000);
        var halted = cluster.MinHeight(2, 3);

        var sent = cluster.MessagesSent;
        cluster.RunFor(20_000);
        Assert.Equal(halted, cluster.MinHeight(2, 3));
        Assert.InRange(cluster.MessagesSent - sent, 1, 2 * 10 * 3 * 8);

        cluster.Nodes[0].Start();
        cluster.RunUntil(() => cluster.MinHeight(0, 2, 3) >= halted + 5, 600, "five blocks after one returned");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AllNodes_StoppedAtOnceAndRestarted_GoOn(bool whileStuck)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var cluster = new Cluster(new ClusterOptions { Seed = seed, DelayMinMs = 1, DelayMaxMs = 30 });
            cluster.StartAll();
            if (whileStuck)
            {
                // Everybody comes to nullify, and nobody hears of it.
                cluster.RunFor((ulong)(100 + seed));
                cluster.Link = (_, _) => false;
                cluster.RunFor(1_000);
                Assert.All(cluster.Nodes, node => Assert.True(node.Running));
            }
            else
            {
                cluster.RunFor((ulong)(100 + (3 * seed)));
            }

            foreach (var node in cluster.Nodes)
            {
                node.Crash();
            }

            cluster.Link = (_, _) => true;
            cluster.RunFor(1_000);
            var height = cluster.Nodes.Max(node => node.Height);
            cluster.StartAll();
            cluster.RunUntil(() => cluster.MinHeight() >= height + 5, 2_000, "five blocks after everybody restarted");
        }
    }

    [Fact]
    public void RandomCrashes_OneAtATime_SafeAndLive() => RunSeeds(100, seed => new ClusterOptions
    {
        Seed = seed,
        DelayMinMs = 1,
        DelayMaxMs = 30,
        CrashPerMille = 8,
        DownMax = 1,
        LossPercent = seed % 10,
        ObtainMs = (ulong)(seed % 3 * 7),
    });

    [Fact]
    public void RandomCrashes_AnyNumber_SafeThenLive() => RunSeeds(100, seed => new ClusterOptions
    {
        Seed = seed,
        DelayMinMs = 1,
        DelayMaxMs = 40,
        CrashPerMille = 10 + (seed % 20),
        LossPercent = seed % 20,
        DuplicatePercent = 10,
    });

    [Fact]
    public void LostMessages_ThirtyPercent_SafeAndLive() => RunSeeds(60, seed => new ClusterOptions
    {
        Seed = seed,
        DelayMinMs = 1,
        DelayMaxMs = 60,
        LossPercent = 30,
        DuplicatePercent = 30,
    }, progressUnderFaults: 10);

    [Fact]
    public void UnequalPowers_CrashesAndLoss_SafeThenLive() => RunSeeds(60, seed => new ClusterOptions
    {
        Seed = seed,
        Powers = [5, 1, 3, 3, 2, 7, 1],
        DelayMinMs = 1,
        DelayMaxMs = 30,
        CrashPerMille = 5,
        LossPercent = 10,
    });

    [Fact]
    public void Partitions_ComingAndGoing_SafeThenLive()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var cluster = new Cluster(new ClusterOptions { Seed = seed, DelayMinMs = 1, DelayMaxMs = 30 });
            var random = new Random(seed);
            cluster.StartAll();
            for (var phase = 0; phase < 12; phase++)
            {
                // Each directed link is cut on its own: asymmetric partitions too.
                var cut = Enumerable.Range(0, 16).Select(_ => random.Next(3) == 0).ToArray();
                cluster.Link = (from, to) => !cut[(from * 4) + to];
                cluster.RunFor((ulong)random.Next(50, 1_000));
            }

            cluster.Link = (_, _) => true;
            var height = cluster.Nodes.Max(node => node.Height);
            cluster.RunUntil(() => cluster.MinHeight() >= height + 5, 5_000, "five blocks after the partitions healed");
        }
    }

    /// <summary>Faults for a while: only safety counts. Then everybody runs and messages arrive: the chain must move.</summary>
    static void RunSeeds(int seeds, Func<int, ClusterOptions> options, ulong progressUnderFaults = 0)
    {
        ulong crashes = 0;
        for (var seed = 0; seed < seeds; seed++)
        {
            var cluster = new Cluster(options(seed));
            cluster.StartAll();
            cluster.RunFor(5_000);
            crashes += (ulong)cluster.Nodes.Sum(node => node.Starts - 1);
            var committed = (ulong)cluster.Oracle.Committed;
            Assert.True(committed >= progressUnderFaults, $"seed {seed}: {committed} blocks under faults");

            cluster.FaultsOn = false;
            cluster.RunFor(cluster.Options.RestartAfterMaxMs);
            foreach (var node in cluster.Nodes.Where(node => !node.Running))
            {
                node.Start();
            }

            var height = cluster.Nodes.Max(node => node.Height);
            cluster.RunUntil(() => cluster.MinHeight() >= height + 5, 6_000, "five blocks after healing");
        }

        Assert.True(crashes > 0 || options(0).CrashPerMille == 0, "the run had the faults that it is about");
    }

    static ulong Proposed(Cluster cluster, ulong height) =>
        cluster.Nodes.Where(node => node.ProposedAtMs.ContainsKey(height)).Min(node => node.ProposedAtMs[height]);
}
