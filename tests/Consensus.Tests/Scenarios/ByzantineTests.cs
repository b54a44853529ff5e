namespace AppChain.Consensus.Tests;

public sealed class ByzantineTests
{
    [Fact]
    public void EquivocatingLeader_TwoBlocks_ReportedAndSafe()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var cluster = new Cluster(new ClusterOptions { Seed = seed, DelayMinMs = 1, DelayMaxMs = 30 });
            var traitor = cluster.Nodes[3];
            cluster.Oracle.Faulty.Add(3);
            traitor.Misbehave = message => message is Message.Proposal proposal && Equivocate(cluster, traitor, proposal);
            cluster.StartAll();
            cluster.RunUntil(() => cluster.MinHeight(0, 1, 2) >= 20, 10_000, "20 blocks among the honest");

            Assert.Contains(cluster.Nodes.Take(3), node => node.Reports.Count > 0);
            Assert.All(cluster.Nodes.Take(3).SelectMany(node => node.Reports), evidence =>
            {
                Assert.Equal(3, evidence.Offender);
                Assert.True(evidence.IsProof(Cluster.ChainId, cluster.Validators, new KeyedHashCrypto(0)));
            });
        }
    }

    [Fact]
    public void Nuller_NullifiesWhatItFinalizes_ReportedAndSafe()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var cluster = new Cluster(new ClusterOptions { Seed = seed, DelayMinMs = 1, DelayMaxMs = 30, LossPercent = 5 });
            var traitor = cluster.Nodes[1];
            cluster.Oracle.Faulty.Add(1);
            traitor.Misbehave = message =>
            {
                if (message is Message.Ballot { Vote.Kind: VoteKind.Finalize } ballot)
                {
                    SendSigned(cluster, traitor, VoteBody.Nullify(default, ballot.Vote.View), to: [0, 2, 3]);
                }

                return false;
            };
            cluster.StartAll();
            cluster.RunUntil(() => cluster.MinHeight(0, 2, 3) >= 20, 10_000, "20 blocks among the honest");
            Assert.Contains(cluster.Nodes, node => node.Reports.Exists(evidence => evidence.Offender == 1));
        }
    }

    [Fact]
    public void SelectiveSender_ProposesToTwoOnly_OthersFetchAndGoOn()
    {
        // Two honest nodes and the traitor are a quorum; the fourth learns of the block by its notarization only.
        var cluster = new Cluster(new ClusterOptions());
        var traitor = cluster.Nodes[2];
        traitor.Misbehave = message =>
        {
            if (message is not Message.Proposal)
            {
                return false;
            }

            traitor.Watch(message);
            cluster.Send(2, 0, message);
            cluster.Send(2, 1, message);
            return true;
        };
        cluster.StartAll();
        cluster.RunUntil(() => cluster.MinHeight() >= 40, 3_000, "40 blocks at all");
        Assert.Contains(cluster.Nodes[3].Chain, block => block.Header.Leader == 2);
    }

    [Fact]
    public void InvalidProposer_WrongStateRoot_ItsViewsAreNullifiedAtOnce()
    {
        var cluster = new Cluster(new ClusterOptions());
        cluster.Nodes[0].Building = content => content! with { StateRoot = Digest.Zero };
        cluster.StartAll();
        cluster.RunUntil(() => cluster.MinHeight() >= 30, 2_000, "30 blocks");
        Assert.DoesNotContain(cluster.Nodes[1].Chain, block => block.Header.Leader == 0);

        // Two delays per view, good or bad: one for the proposal, one for the votes. Nothing waited for a timeout.
        Assert.InRange(cluster.NowMs, 0UL, 20UL * 42);
    }

    [Fact]
    public void LeaderThatCannotBuild_NullifiesAtOnce()
    {
        var cluster = new Cluster(new ClusterOptions());
        cluster.Nodes[0].Building = _ => null;
        cluster.StartAll();
        cluster.RunUntil(() => cluster.MinHeight() >= 6, 1_000, "6 blocks");
        Assert.DoesNotContain(cluster.Nodes[1].Chain, block => block.Header.Leader == 0);
    }

    [Fact]
    public void Impersonator_SignsForOthers_ChangesNothing()
    {
        var cluster = new Cluster(new ClusterOptions());
        cluster.Oracle.Faulty.Add(3);
        cluster.Nodes[3].Misbehave = message =>
        {
            if (message is Message.Ballot ballot)
            {
                var forged = ballot.Vote with { Body = VoteBody.Nullify(default, ballot.Vote.View.Next), Signer = 0 };
                foreach (var to in new[] { 0, 1, 2 })
                {
                    cluster.Send(3, to, new Message.Ballot(forged));
                }
            }

            return false;
        };
        cluster.StartAll();
        cluster.RunUntil(() => cluster.MinHeight() >= 30, 30 * 20 + 40, "30 blocks at full speed");
        Assert.All(cluster.Nodes, node => Assert.Empty(node.Reports));
    }

    static bool Equivocate(Cluster cluster, Node traitor, Message.Proposal proposal)
    {
        traitor.Watch(proposal);
        var header = proposal.Block.Header with { PayloadHash = Block.HashOfPayload([7]) };
        Assert.True(Block.TryCreate(header, new byte[] { 7 }, out var other));
        var body = VoteBody.For(VoteKind.Notarize, header, other.Hash);
        var signature = new KeyedHashCrypto(traitor.Index).Sign(body.SigningDigest(Cluster.ChainId));
        cluster.Oracle.OnVote(traitor.Index, new Vote(body, traitor.Index, signature));

        // Each peer gets one, and some get both.
        for (var to = 0; to < 3; to++)
        {
            var choice = cluster.Random.Next(3);
            if (choice != 0)
            {
                cluster.Send(traitor.Index, to, proposal);
            }

            if (choice != 1)
            {
                cluster.Send(traitor.Index, to, new Message.Proposal(other, signature));
            }
        }

        return true;
    }

    static void SendSigned(Cluster cluster, Node node, VoteBody body, int[] to)
    {
        var vote = new Vote(body, node.Index, new KeyedHashCrypto(node.Index).Sign(body.SigningDigest(Cluster.ChainId)));
        cluster.Oracle.OnVote(node.Index, vote);
        foreach (var peer in to)
        {
            cluster.Send(node.Index, peer, new Message.Ballot(vote));
        }
    }
}
