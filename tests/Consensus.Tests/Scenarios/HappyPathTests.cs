namespace AppChain.Consensus.Tests;

public sealed class HappyPathTests
{
    [Fact]
    public void Cluster_ConstantDelay_FinalityIsThreeDelaysAndIntervalTwo()
    {
        const ulong delta = 10;
        var cluster = new Cluster(new ClusterOptions { DelayMinMs = delta, DelayMaxMs = delta });
        cluster.StartAll();
        cluster.RunUntil(() => cluster.MinHeight() >= 50, 50 * 3 * delta, "50 blocks");

        for (ulong height = 1; height <= 40; height++)
        {
            var proposed = cluster.Nodes.Where(node => node.ProposedAtMs.ContainsKey(height)).Min(node => node.ProposedAtMs[height]);
            Assert.Equal((height - 1) * 2 * delta, proposed);
            Assert.All(cluster.Nodes, node => Assert.Equal(proposed + (3 * delta), node.FinalizedAtMs[height]));
        }

        // No view was skipped, nobody asked anybody for anything after the greeting.
        Assert.All(cluster.Nodes[0].Chain, block => Assert.Equal(block.Header.Height.Value, block.View.Value));
        Assert.All(cluster.Nodes, node => Assert.Empty(node.Reports));
        Assert.All(cluster.Nodes, node => Assert.Equal(0, node.Syncs));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(10)]
    public void Cluster_AnySize_Finalises(int validators)
    {
        var cluster = new Cluster(new ClusterOptions { Powers = [.. Enumerable.Repeat(1UL, validators)], ObtainMs = 1 });
        cluster.StartAll();
        cluster.RunUntil(() => cluster.MinHeight() >= 20, 2_000, "20 blocks");
        Assert.True(cluster.Oracle.Committed >= 20);
    }
}
