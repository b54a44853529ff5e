namespace AppChain.Consensus.Tests;

/// <summary>Whole runs as text that a person can follow. A change of behaviour shows as a change of these files.</summary>
public sealed class TranscriptTests
{
    [Fact]
    public void TwoViews_NoFaults_AsInTheGoldenFile()
    {
        var cluster = new Cluster(new ClusterOptions()) { KeepTranscript = true };
        cluster.StartAll();
        cluster.RunUntil(() => cluster.MinHeight() >= 2, 100, "two blocks");
        GoldenFile.AssertSame("two-views.txt", cluster.Transcript);
    }

    [Fact]
    public void DeadLeader_ThenRestart_AsInTheGoldenFile()
    {
        var cluster = new Cluster(new ClusterOptions { Working = false }) { KeepTranscript = true };
        var leader = new Rig().Core.LeaderOf(new View(1));
        foreach (var node in cluster.Nodes.Where(node => node.Index != leader))
        {
            node.Start();
            node.Take(new Input.Work(true));
        }

        var others = cluster.Nodes.Where(node => node.Index != leader).Select(node => (int)node.Index).ToArray();
        cluster.RunUntil(() => cluster.MinHeight(others) >= 1, 200, "one block without the first leader");
        foreach (var node in cluster.Nodes.Where(node => node.Running))
        {
            node.Take(new Input.Work(false));
        }

        cluster.Nodes[leader].Start();
        cluster.RunUntil(() => cluster.MinHeight() >= 1, 200, "the first leader has it too");
        GoldenFile.AssertSame("dead-leader.txt", cluster.Transcript);
    }

    [Fact]
    public void SameSeed_Twice_SameTranscript()
    {
        string Run()
        {
            var cluster = new Cluster(new ClusterOptions
            {
                Seed = 42,
                DelayMinMs = 1,
                DelayMaxMs = 30,
                CrashPerMille = 10,
                LossPercent = 10,
                DuplicatePercent = 10,
            })
            { KeepTranscript = true };
            cluster.StartAll();
            cluster.RunFor(2_000);
            return cluster.Transcript;
        }

        var first = Run();
        Assert.True(first.Length > 10_000);
        Assert.Equal(first, Run());
    }
}
