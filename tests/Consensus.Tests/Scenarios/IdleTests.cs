namespace AppChain.Consensus.Tests;

public sealed class IdleTests
{
    [Fact]
    public void IdleNetwork_NoWork_OneBlockPerInterval()
    {
        var cluster = new Cluster(new ClusterOptions { Working = false });
        cluster.StartAll();
        cluster.RunFor(30_500);
        Assert.InRange(cluster.MinHeight(), 9UL, 11UL);
        Assert.All(cluster.Nodes[0].Chain, block => Assert.Equal(block.Header.Height.Value, block.View.Value));

        // Per block and node: one vote of two kinds and two certificates to each of three peers; and the greeting.
        Assert.InRange(cluster.MessagesSent, 1, (10 * 4 * 4 * 3) + (4 * 3 * 6));
    }

    [Fact]
    public void IdleNetwork_WorkArrives_ProposedInTheSameInstant()
    {
        var cluster = new Cluster(new ClusterOptions { Working = false });
        cluster.StartAll();
        cluster.RunFor(4_000);
        var height = cluster.MinHeight();
        var arrived = cluster.NowMs;
        foreach (var node in cluster.Nodes)
        {
            node.Take(new Input.Work(true));
        }

        cluster.RunUntil(() => cluster.MinHeight() > height, 30, "a block three delays later");
        Assert.Equal(arrived + 30, cluster.NowMs);
    }

    [Fact]
    public void IdleNetwork_DeadLeaderAndWork_SkippedAfterItsTimeout()
    {
        var cluster = new Cluster(new ClusterOptions { Working = false });
        cluster.StartAll();
        cluster.RunFor(4_000);
        var view = cluster.Nodes[0].Core!.View;
        var leader = cluster.Nodes[0].Core!.LeaderOf(view);
        cluster.Nodes[leader].Crash();
        var others = new[] { 0, 1, 2, 3 }.Where(i => i != leader).ToArray();
        var height = cluster.MinHeight(others);
        foreach (var i in others)
        {
            cluster.Nodes[i].Take(new Input.Work(true));
        }

        var bound = cluster.Options.Timeouts.LeaderMs + 10 + 30;
        cluster.RunUntil(() => cluster.MinHeight(others) > height, bound, "timeout, one delay, and a block");
    }

    [Fact]
    public void IdleNetwork_FinalizeVotesLost_RetryFinalisesWithoutANewBlock()
    {
        var cluster = new Cluster(new ClusterOptions { Working = false });
        cluster.StartAll();
        cluster.Filter = (_, _, message) => message is not Message.Ballot { Vote.Kind: VoteKind.Finalize };
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Core!.View == new View(2)), 4_000, "the first block is notarized");
        cluster.RunFor(20);
        cluster.Filter = (_, _, _) => true;
        Assert.Equal(0UL, cluster.MinHeight());
        cluster.RunUntil(() => cluster.MinHeight() == 1, cluster.Options.Timeouts.RetryMs + 10, "the votes were sent again");
        Assert.All(cluster.Nodes, node => Assert.Equal(new View(2), node.Core!.View));
    }

    [Fact]
    public void IdleNetwork_EveryoneActiveInBursts_NobodyIsTakenForDead()
    {
        // The intervals are longer than the skip time: silence between blocks must not count.
        var options = new ClusterOptions { Working = false, DelayMinMs = 1, DelayMaxMs = 40 };
        Assert.True(options.Timeouts.IdleIntervalMs > options.Timeouts.SkipMs);
        var cluster = new Cluster(options);
        cluster.StartAll();
        cluster.RunFor(90_000);
        Assert.True(cluster.MinHeight() >= 28);
        Assert.All(cluster.Nodes[0].Chain, block => Assert.Equal(block.Header.Height.Value, block.View.Value));
    }

    [Fact]
    public void IdleNetwork_OneNodeMissedABlock_CatchesUpWithoutNewWork()
    {
        var cluster = new Cluster(new ClusterOptions { Working = false });
        cluster.StartAll();
        cluster.Link = (_, to) => to != 2;
        cluster.RunUntil(() => cluster.MinHeight(0, 1, 3) == 1, 4_000, "one block without node 2");
        Assert.Equal(0UL, cluster.Nodes[2].Height);
        cluster.Link = (_, _) => true;
        cluster.RunUntil(() => cluster.Nodes[2].Height == 1, 1_000, "node 2 has it too");
    }
}
