namespace AppChain.Consensus.Tests;

/// <summary>Rule 11: an epoch's boundary block, proposing it again, and the start of the next epoch.</summary>
public sealed class EpochTests
{
    static readonly Digest NextSet = new TaggedHash("test/next-set").Of([]);

    [Fact]
    public void Leader_HostEndsTheEpoch_ProposesABoundaryBlock()
    {
        var rig = new Rig().Started();
        var view = rig.ViewLedBy(0);
        rig.SkipTo(view);
        rig.Do(new Input.Built(view, new BlockContent(5_000, new byte[] { 1 }, Digest.Zero, Digest.Zero, NextSet)));
        var header = rig.Sent.OfType<Message.Proposal>().Single().Block.Header;
        Assert.True(header.EndsEpoch);
        Assert.Equal(NextSet, header.NextValidatorsHash);
    }

    [Fact]
    public void Boundary_OwnViewFinalized_EndsTheEpoch()
    {
        var rig = new Rig().Started();
        var boundary = NotarizeBoundary(rig);
        rig.Receive(Rig.Proof(Rig.Finalize(boundary)));
        Assert.Equal([boundary], rig.Effect<Effect.Finalize>()!.Blocks);
        Assert.True(rig.Core.EpochEnded);
        Assert.Null(rig.Core.NextDeadlineMs);
        Assert.Empty(rig.TickAfter(60_000));
    }

    [Fact]
    public void Leader_BoundaryNotFinal_ProposesItAgainAfterTheLeaderTimeoutAndBuildsNothing()
    {
        var rig = new Rig().Started();
        var boundary = NotarizeBoundary(rig, beforeTurnOf: 0);
        Assert.Empty(rig.Effects.OfType<Effect.Build>());
        Assert.DoesNotContain(VoteKind.Notarize, rig.VotesSent); // Its finalization is most likely on the way.

        rig.TickAfter(Rig.Timeouts.LeaderMs);
        Assert.Null(rig.Effect<Effect.Build>());
        Assert.Equal([Again(boundary, rig.Core.View, boundary.View)], NotarizesSent(rig));
    }

    [Fact]
    public void Reproposal_ParentNotarized_IsNotarizedWithoutAnotherCheck()
    {
        var rig = new Rig().Started();
        var boundary = NotarizeBoundary(rig, beforeTurnOf: 1);
        var again = Again(boundary, rig.Core.View, boundary.View);
        rig.Receive(Rig.Ballot(1, again));
        Assert.Null(rig.Effect<Effect.Check>());
        Assert.Equal(again, rig.Sent.OfType<Message.Ballot>().Single().Vote.Body);
    }

    [Fact]
    public void Reproposal_FinalizedInItsView_FinalisesTheBoundaryBlock()
    {
        var rig = new Rig().Started();
        var boundary = NotarizeBoundary(rig, beforeTurnOf: 1);
        var again = Again(boundary, rig.Core.View, boundary.View);
        rig.Receive(Rig.Ballot(1, again));
        rig.Receive(Rig.Proof(again));
        Assert.Equal([VoteKind.Finalize], rig.VotesSent); // Held since its own view.

        rig.Receive(Rig.Proof(again with { Kind = VoteKind.Finalize }));
        Assert.Equal([boundary], rig.Effect<Effect.Finalize>()!.Blocks);
        Assert.Equal((again.View, boundary.Hash), (rig.Core.Finalized.View, rig.Core.Finalized.Hash));
        Assert.True(rig.Core.EpochEnded);
    }

    [Fact]
    public void Reproposal_OfAReproposal_NamesTheLastNotarizedViewAsItsParent()
    {
        var rig = new Rig().Started();
        var boundary = NotarizeBoundary(rig, beforeTurnOf: 1);
        var again = Again(boundary, rig.Core.View, boundary.View);
        rig.Receive(Rig.Ballot(1, again));
        rig.Receive(Rig.Proof(again));
        rig.SkipTo(rig.ViewLedBy(0, rig.Core.View.Value));
        rig.TickAfter(Rig.Timeouts.LeaderMs);
        Assert.Equal([Again(boundary, rig.Core.View, again.View)], NotarizesSent(rig));
    }

    [Fact]
    public void Reproposal_SkippingAViewWithoutNullification_WaitsAndAsks()
    {
        var rig = new Rig().Started();
        var boundary = NotarizeBoundary(rig);
        var missing = rig.Core.View;
        // A nullification of a later view takes us there without the one of the view between.
        var view = rig.ViewNotLedBy(0, missing.Value + 2);
        rig.Receive(Rig.Proof(Rig.Nullify(view.Previous)));
        Assert.Equal(view, rig.Core.View);

        var leader = rig.Core.LeaderOf(view);
        rig.Receive(Rig.Ballot(leader, Again(boundary, view, boundary.View)), leader);
        Assert.DoesNotContain(VoteKind.Notarize, rig.VotesSent);
        Assert.Contains(rig.Sent, message => message is Message.StatusRequest request && request.From == missing);

        for (var between = missing.Next; between < view; between = between.Next)
        {
            rig.Receive(Rig.Proof(Rig.Nullify(between)));
            Assert.DoesNotContain(VoteKind.Notarize, rig.VotesSent);
        }

        rig.Receive(Rig.Proof(Rig.Nullify(missing)));
        Assert.Equal([Again(boundary, view, boundary.View)], NotarizesSent(rig));
    }

    [Fact]
    public void Proposal_OnTheBoundaryBlock_IsNullified()
    {
        var rig = new Rig().Started();
        var boundary = NotarizeBoundary(rig, beforeTurnOf: 1);
        var child = rig.Block(rig.Core.View, ChainPoint.Of(boundary));
        rig.Receive(Rig.Proposal(child));
        Assert.Null(rig.Effect<Effect.Check>());
        Assert.Equal([VoteKind.Nullify], rig.VotesSent);
    }

    [Fact]
    public void Leader_ProposingAgainAndSomethingElse_IsReported()
    {
        var rig = new Rig().Started();
        var boundary = NotarizeBoundary(rig, beforeTurnOf: 1);
        rig.Receive(Rig.Ballot(1, Again(boundary, rig.Core.View, boundary.View)));
        rig.Receive(Rig.Proposal(rig.Block(rig.Core.View, ChainPoint.Of(boundary))));
        Assert.Equal(1, rig.Effect<Effect.Report>()!.Evidence.Offender);
    }

    [Fact]
    public void Certificate_OfAReproposalOnly_FetchesTheBlockByHash()
    {
        var rig = new Rig().Started();
        var boundary = Boundary(rig, rig.ViewNotLedBy(0));
        var again = Again(boundary, boundary.View.Next, boundary.View) with { Kind = VoteKind.Finalize };
        rig.Receive(Rig.Proof(again));
        var request = rig.Sent.OfType<Message.BlockRequest>().Single();
        Assert.Equal((again.View, boundary.Hash), (request.View, request.HeaderHash));

        rig.Receive(new Message.BlockResponse(boundary));
        Assert.Same(boundary, rig.Effect<Effect.Obtain>()!.Block);
        rig.Do(new Input.Held(boundary.View, boundary.Hash));
        Assert.Equal([boundary], rig.Effect<Effect.Finalize>()!.Blocks);
    }

    [Fact]
    public void Leader_RestartedAfterProposingAgain_SaysTheSameAgain()
    {
        var rig = new Rig().Started();
        var boundary = NotarizeBoundary(rig, beforeTurnOf: 0);
        rig.TickAfter(Rig.Timeouts.LeaderMs);
        var view = rig.Core.View;

        var restarted = new Rig(restartOf: rig).Started();
        Assert.Equal(view, restarted.Core.View);
        Assert.Contains(
            restarted.Sent,
            message => message is Message.Ballot(var vote) && vote.Body == Again(boundary, view, boundary.View));
        restarted.Do(new Input.Held(boundary.View, boundary.Hash));
        restarted.TickAfter(Rig.Timeouts.LeaderMs);
        Assert.Empty(restarted.Effects.OfType<Effect.Build>());
    }

    [Fact]
    public void EndedEpoch_StatusRequest_IsAnsweredWithItsFinalization()
    {
        var rig = new Rig().Started();
        var boundary = NotarizeBoundary(rig);
        rig.Receive(Rig.Proof(Rig.Finalize(boundary)));
        rig.Receive(new Message.StatusRequest(default, View.Genesis, new View(1), new View(1)));
        Assert.Contains(rig.Sent, message => message is Message.Proof(var proof) && proof.Body == Rig.Finalize(boundary));
        Assert.Empty(rig.Receive(Rig.Ballot(1, Rig.Nullify(rig.Core.View))));
    }

    [Fact]
    public void NextEpoch_StaleVotesAndOldJournal_CountForNothing()
    {
        var old = new Rig().Started();
        var boundary = NotarizeBoundary(old);
        old.Receive(Rig.Proof(Rig.Finalize(boundary)));

        var next = new Rig(restartOf: old, tip: ChainPoint.AfterEpochOf(boundary), epoch: new Epoch(1));
        Assert.All(next.Replayed, result => Assert.Equal(ReplayResult.Obsolete, result));
        next.Started();
        Assert.Equal(new View(1), next.Core.View);
        for (ushort signer = 1; signer < 4; signer++)
        {
            next.Receive(Rig.Ballot(signer, Rig.Nullify(new View(1))), signer); // Of epoch 0.
        }

        next.Receive(Rig.Proof(Rig.Nullify(new View(1))));
        Assert.Equal(new View(1), next.Core.View);
        next.Receive(Rig.Proof(VoteBody.Nullify(new Epoch(1), new View(1))));
        Assert.Equal(new View(2), next.Core.View);
    }

    [Fact]
    public void Journal_OwnVotesOfAnEpochInWhichOurSeatWasAnother_AreOurs()
    {
        var old = new Rig().Started();
        old.TickAfter(Rig.Timeouts.AdvanceMs);
        Assert.NotEmpty(old.Journal);

        var next = new Rig(self: 2, restartOf: old, tip: ChainPoint.AfterEpochOf(Boundary(old, new View(1))), epoch: new Epoch(1));
        Assert.All(next.Replayed, result => Assert.Equal(ReplayResult.Obsolete, result));
    }

    [Fact]
    public void Journal_RecordsOfALaterEpoch_AreToldApartAndLeftAlone()
    {
        var later = new Rig(epoch: new Epoch(1)).Started();
        later.TickAfter(Rig.Timeouts.AdvanceMs);
        Assert.NotEmpty(later.Journal);

        var earlier = new Rig(restartOf: later);
        Assert.All(earlier.Replayed, result => Assert.Equal(ReplayResult.OfLaterEpoch, result));
        Assert.Equal(new View(1), earlier.Core.View);
    }

    [Fact]
    public void FirstBlockOfAnEpoch_BuildsOnTheBoundaryBlockAtViewZero()
    {
        var old = new Rig();
        var boundary = Boundary(old, new View(5));
        var rig = new Rig(tip: ChainPoint.AfterEpochOf(boundary), epoch: new Epoch(1)).Started();
        var view = rig.ViewNotLedBy(0);
        while (rig.Core.View < view)
        {
            rig.Receive(Rig.Proof(VoteBody.Nullify(new Epoch(1), rig.Core.View)));
        }

        var first = rig.Block(view, ChainPoint.AfterEpochOf(boundary), change: header => header with { Epoch = new Epoch(1) });
        rig.Receive(Rig.Proposal(first), first.Header.Leader);
        Assert.Same(first, rig.Effect<Effect.Check>()!.Block);
        Assert.Equal((View.Genesis, boundary.Hash), (first.Header.ParentView, first.Header.ParentHash));
    }

    static Block Boundary(Rig rig, View view) => rig.Block(view, change: header => header with { NextValidatorsHash = NextSet });

    /// <summary>A boundary block is proposed, notarized and held, and we have entered the view after it.</summary>
    static Block NotarizeBoundary(Rig rig, ushort? beforeTurnOf = null)
    {
        var view = rig.ViewNotLedBy(0);
        while (beforeTurnOf is { } next && rig.Core.LeaderOf(view.Next) != next)
        {
            view = rig.ViewNotLedBy(0, view.Value + 1);
        }

        rig.SkipTo(view);
        var boundary = Boundary(rig, view);
        rig.Notarized(boundary);
        Assert.Equal(view.Next, rig.Core.View);
        return boundary;
    }

    /// <summary>A vote is sent, and maybe sent again.</summary>
    static IEnumerable<VoteBody> NotarizesSent(Rig rig) => rig.Sent.OfType<Message.Ballot>()
        .Select(ballot => ballot.Vote.Body).Where(body => body.Kind == VoteKind.Notarize).Distinct();

    static VoteBody Again(Block boundary, View view, View parentView) =>
        new(VoteKind.Notarize, boundary.Header.Epoch, view, parentView, boundary.Hash);
}
