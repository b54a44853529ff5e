namespace AppChain.Consensus.Tests;

/// <summary>Rules 5 to 8.</summary>
public sealed class CertifyTests
{
    [Fact]
    public void Notarization_FormedFromVotes_IsJournaledAndBroadcastOnce()
    {
        var (rig, block) = Begin();
        rig.AcceptProposal(block);
        var others = new ushort[] { 1, 2, 3 }.Where(signer => signer != block.Header.Leader).ToArray();
        rig.Receive(Rig.Ballot(others[0], Rig.Notarize(block)), others[0]);
        var proof = Assert.Single(rig.Sent.OfType<Message.Proof>());
        Assert.Equal(VoteKind.Notarize, proof.Certificate.Kind);
        Assert.Equal(CertificateCheck.Valid, proof.Certificate.Check(Cluster.ChainId, rig.Validators, new KeyedHashCrypto(0)));

        // The block's record comes with it: both are durable before our finalize can leave.
        Assert.Equal(2, rig.Effects.OfType<Effect.Append>().Count());
        Assert.Same(block, rig.Effect<Effect.Obtain>()!.Block);

        rig.Receive(Rig.Proof(Rig.Notarize(block)));
        rig.Receive(Rig.Ballot(others[1], Rig.Notarize(block)), others[1]);
        Assert.Empty(rig.Effects);
    }

    [Fact]
    public void NotarizedBlock_NotHeldYet_NeitherLeavesTheViewNorFinalizes()
    {
        var (rig, block) = Begin();
        rig.AcceptProposal(block);
        rig.Receive(Rig.Proof(Rig.Notarize(block)));
        Assert.Equal(block.View, rig.Core.View);
        Assert.DoesNotContain(VoteKind.Finalize, rig.VotesSent);

        rig.Do(new Input.Held(block.View, block.Hash));
        Assert.Equal(block.View.Next, rig.Core.View);
        Assert.Equal([VoteKind.Finalize], rig.VotesSent);
    }

    [Fact]
    public void Nullify_AfterNotarize_IsAllowed()
    {
        var (rig, block) = Begin();
        rig.AcceptProposal(block);
        rig.TickAfter(Rig.Timeouts.AdvanceMs * 3);
        Assert.Contains(VoteKind.Nullify, rig.VotesSent);
    }

    [Fact]
    public void Nullify_AfterFinalize_Never()
    {
        var (rig, block) = Begin();
        rig.Notarized(block);
        Assert.Equal([VoteKind.Finalize], rig.VotesSent);
        for (var i = 0; i < 20; i++)
        {
            rig.TickAfter(500);
            Assert.DoesNotContain(rig.Sent, IsNullify);
        }

        var again = new Rig(restartOf: rig).Started();
        again.TickAfter(10_000);
        Assert.DoesNotContain(again.Sent, IsNullify);

        bool IsNullify(Message message) => message is Message.Ballot { Vote: { Kind: VoteKind.Nullify } vote } && vote.View == block.View;
    }

    [Fact]
    public void Finalize_RestartedBeforeTheBlockIsHeldAgain_NoDeadlineLiesInThePast()
    {
        var (rig, block) = Begin();
        rig.Notarized(block);
        Assert.Contains(VoteKind.Finalize, rig.VotesSent);

        // The restarted core stands in the view that it has finalized, and its host is slow to say that it holds the block. Nothing may be
        // nullified (rule 7), so the view's deadlines must not wake the driver for ever.
        var again = new Rig(restartOf: rig).Started();
        Assert.Equal(block.View, again.Core.View);
        again.TickAfter(Rig.Timeouts.AdvanceMs);
        Assert.NotNull(again.Core.NextDeadlineMs);
        Assert.InRange(again.Core.NextDeadlineMs.Value, again.NowMs + 1, again.NowMs + (2 * Rig.Timeouts.RetryMs));

        again.Do(new Input.Held(block.View, block.Hash));
        Assert.Equal(block.View.Next, again.Core.View);
    }

    [Fact]
    public void Finalize_AfterLeaderEquivocated_Never()
    {
        var (rig, block) = Begin();
        rig.AcceptProposal(block);
        rig.Receive(Rig.Proposal(rig.Block(block.View, mark: 1)), block.Header.Leader);
        rig.Receive(Rig.Proof(Rig.Notarize(block)));
        rig.Do(new Input.Held(block.View, block.Hash));
        Assert.Equal(block.View.Next, rig.Core.View);
        Assert.DoesNotContain(VoteKind.Finalize, rig.VotesSent);
    }

    [Fact]
    public void Nullify_NoQuorum_IsSentAgainEveryRetryWithBackOff()
    {
        var (rig, _) = Begin();
        var times = new List<ulong>();
        for (var i = 0; i < 4_000; i++)
        {
            rig.TickAfter(10);
            if (rig.VotesSent.Contains(VoteKind.Nullify))
            {
                times.Add(rig.NowMs);
            }
        }

        var gaps = times.Zip(times.Skip(1), (earlier, later) => later - earlier).ToArray();
        Assert.Equal(Rig.Timeouts.RetryMs, gaps[0]);
        Assert.InRange(gaps[^1], Rig.Timeouts.CapMs, Rig.Timeouts.CapMs + 10);
    }

    [Fact]
    public void Finalization_WithAncestors_FinalisesAllInOrder()
    {
        var (rig, first) = Begin();
        rig.Notarized(first);
        var view = rig.ViewNotLedBy(0, first.View.Value + 1);
        rig.SkipTo(view);
        var second = rig.Block(view, ChainPoint.Of(first));
        rig.AcceptProposal(second);
        rig.Receive(Rig.Proof(Rig.Notarize(second)));
        rig.Do(new Input.Held(second.View, second.Hash));
        rig.Receive(Rig.Proof(Rig.Finalize(second)));

        Assert.Equal([first.Hash, second.Hash], rig.Effect<Effect.Finalize>()!.Blocks.Select(block => block.Hash));
        Assert.Equal(ChainPoint.Of(second), rig.Core.Finalized);
        Assert.Equal(second.View, rig.Core.JournalFloor);
    }

    [Fact]
    public void Finalization_BlockMissing_EntersTheNextViewAndFinalisesWhenItIsHeld()
    {
        var (rig, block) = Begin();
        rig.Receive(Rig.Proof(Rig.Finalize(block)), from: 2);
        Assert.Equal(block.View.Next, rig.Core.View);
        Assert.Contains(rig.Sent, message => message is Message.BlockRequest);
        rig.Receive(new Message.BlockResponse(block));
        Assert.Null(rig.Effect<Effect.Finalize>());
        rig.Do(new Input.Held(block.View, block.Hash));
        Assert.NotNull(rig.Effect<Effect.Finalize>());
    }

    [Fact]
    public void Finalization_FarAhead_AsksTheHostToSyncAndGoesOnFromThere()
    {
        var rig = new Rig().Started();
        var far = new View(ConsensusLimits.BehindViews + 5);
        var block = rig.Block(far, new ChainPoint(far.Previous, new Height(30), Digest.Zero, 9_000, Digest.Zero));
        var finalization = Rig.Proof(Rig.Finalize(block)).Certificate;
        rig.Receive(new Message.Proof(finalization), from: 3);
        Assert.Equal(new Effect.Behind(finalization, 3), rig.Effect<Effect.Behind>());
        Assert.Equal(far.Next, rig.Core.View);

        rig.TickAfter(Rig.Timeouts.CapMs);
        Assert.NotNull(rig.Effect<Effect.Behind>());

        rig.Do(new Input.CaughtUp(block.Header, finalization));
        Assert.Equal(ChainPoint.Of(block), rig.Core.Finalized);
        rig.TickAfter(Rig.Timeouts.CapMs);
        Assert.Null(rig.Effect<Effect.Behind>());
    }

    [Fact]
    public void CaughtUp_WithoutAValidFinalization_StopsTheNode()
    {
        var (rig, block) = Begin();
        Assert.Throws<InvariantException>(() => rig.Do(new Input.CaughtUp(block.Header, Rig.Proof(Rig.Notarize(block)).Certificate)));
        Assert.Throws<InvariantException>(() => rig.Do(new Input.CaughtUp(block.Header, Rig.Proof(Rig.Finalize(block), 1, 2).Certificate)));
    }

    [Fact]
    public void Certificates_NullificationOfAFinalisedView_StopsTheNode()
    {
        var (rig, block) = Begin();
        rig.Receive(Rig.Proof(Rig.Finalize(block)));
        Assert.Throws<InvariantException>(() => rig.Receive(Rig.Proof(Rig.Nullify(block.View))));
    }

    [Fact]
    public void Journal_OfAnotherValidatorEpochOrRoom_IsToldApart()
    {
        var (rig, _) = Begin();
        rig.TickAfter(10_000);
        Assert.Contains(ReplayResult.Foreign, new Rig(self: 1, restartOf: rig).Replayed);
        Assert.All(new Rig(restartOf: rig, epoch: new Epoch(2)).Replayed, result => Assert.Equal(ReplayResult.Obsolete, result));
        Assert.Equal(ReplayResult.Foreign, new Rig().Core.Replay([]));
        Assert.Equal(ReplayResult.Foreign, new Rig().Core.Replay([9, 1, 2, 3]));
    }

    [Fact]
    public void Journal_Lost_OurOwnVoteInACertificateStillBindsUs()
    {
        var (rig, block) = Begin();
        rig.Receive(Rig.Proof(Rig.Notarize(block), 0, 1, 2));
        rig.Receive(Rig.Proposal(block), block.Header.Leader);
        rig.Do(new Input.Checked(block.View, block.Hash, CheckResult.Valid));
        Assert.DoesNotContain(VoteKind.Notarize, rig.VotesSent);
    }

    [Fact]
    public void Follower_WithoutAKey_FinalisesAndSendsNothing()
    {
        var rig = new Rig(self: null).Started();
        var view = new View(1);
        var block = rig.Block(view);
        rig.Receive(Rig.Proposal(block), block.Header.Leader);
        Assert.Empty(rig.Sent);
        rig.Receive(Rig.Proof(Rig.Finalize(block)));
        Assert.Empty(rig.Sent);
        rig.Do(new Input.Held(view, block.Hash));
        Assert.NotNull(rig.Effect<Effect.Finalize>());
        rig.TickAfter(60_000);
        Assert.Empty(rig.Sent);
    }

    static (Rig Rig, Block Block) Begin()
    {
        var rig = new Rig().Started();
        var view = rig.ViewNotLedBy(0);
        rig.SkipTo(view);
        return (rig, rig.Block(view));
    }
}
