namespace AppChain.Consensus.Tests;

public sealed class CatchUpTests
{
    [Fact]
    public void LateJoiner_FarBehind_IsToldAtOnceAndSyncs()
    {
        var cluster = new Cluster(new ClusterOptions());
        foreach (var node in cluster.Nodes.Take(3))
        {
            node.Start();
        }

        cluster.RunUntil(() => cluster.MinHeight(0, 1, 2) >= 200, 20_000, "200 blocks before the fourth joins");
        cluster.Nodes[3].Start();
        cluster.RunUntil(() => cluster.MinHeight() >= 210, 1_000, "the fourth is at the tip");
        Assert.True(cluster.Nodes[3].Syncs >= 1);
        var chains = cluster.Nodes.Select(node => string.Join(' ', node.Chain.Take(210).Select(block => block.Hash)));
        Assert.Single(chains.Distinct());
    }

    [Fact]
    public void Proposal_LostToOneNode_IsFetchedFromThoseWhoVoted()
    {
        var cluster = new Cluster(new ClusterOptions());
        cluster.Filter = (_, to, message) => !(to == 1 && message is Message.Proposal);
        cluster.StartAll();
        cluster.RunUntil(() => cluster.MinHeight() >= 30, 2_000, "30 blocks at all");
        Assert.Equal(0, cluster.Nodes[1].Syncs);
    }

    [Fact]
    public void BlockRequests_FirstAnswersLost_AreRepeated()
    {
        // A retry must not be held back because the same thing was asked for before.
        var cluster = new Cluster(new ClusterOptions());
        var lost = 0;
        cluster.Filter = (_, to, message) =>
            !(to == 1 && message is Message.Proposal) && !(to == 1 && message is Message.BlockResponse && lost++ < 3);
        cluster.StartAll();
        cluster.RunUntil(() => lost > 3 && cluster.MinHeight() >= 10, 3_000, "10 blocks at all, three answers lost");
    }

    [Fact]
    public void Certificates_LostToTheNextLeader_AreFetched()
    {
        // Nullifications reach everybody but node 1, who must ask for them to verify what skips their views.
        var cluster = new Cluster(new ClusterOptions());
        cluster.Filter = (from, to, message) => from == 1 || to != 1
            || message is not (Message.Ballot { Vote.Kind: VoteKind.Nullify } or Message.Proof { Certificate.Kind: VoteKind.Nullify })
            || cluster.Random.Next(3) == 0;
        foreach (var node in cluster.Nodes.Take(3))
        {
            node.Start();
        }

        cluster.RunUntil(() => cluster.MinHeight(0, 1, 2) >= 30, 10_000, "30 blocks with a dead leader and nullifications lost to node 1");
    }

    [Fact]
    public void SlowHost_ObtainTakesLong_StillLive()
    {
        var cluster = new Cluster(new ClusterOptions { ObtainMs = 60 });
        cluster.StartAll();
        cluster.RunUntil(() => cluster.MinHeight() >= 20, 20 * 100, "20 blocks");
    }

    [Fact]
    public void SlowestHost_ObtainTakesLongerThanTheTimeouts_TimeoutsGrowUntilItIsLive()
    {
        var cluster = new Cluster(new ClusterOptions { ObtainMs = 400 });
        cluster.StartAll();
        cluster.RunUntil(() => cluster.MinHeight() >= 5, 20_000, "5 blocks");
    }
}
