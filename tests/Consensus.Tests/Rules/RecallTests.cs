namespace AppChain.Consensus.Tests;

/// <summary>The journal is gone or old, and something else remembers what was signed, exactly or up to a view.</summary>
public sealed class RecallTests
{
    [Fact]
    public void Recall_ANotarizeOfALostJournal_IsSentAgainAndTheOnlyOne()
    {
        var (before, view) = InAViewOfOthers();
        before.AcceptProposal(before.Block(view));
        var signed = Assert.Single(before.OwnVotes);

        var after = new Rig().Recalling([signed]).Started();

        Assert.Equal(view, after.Core.View);
        Assert.Contains(after.Sent, message => message is Message.Ballot(var vote) && vote == signed);
        var other = after.Block(view, mark: 7);
        after.Receive(Rig.Proposal(other), other.Header.Leader);
        after.Do(new Input.Checked(view, other.Hash, CheckResult.Valid));
        Assert.DoesNotContain(VoteKind.Notarize, after.VotesSent);
    }

    [Fact]
    public void Recall_AFinalizeOfALostJournal_ForbidsNullify()
    {
        var (before, view) = InAViewOfOthers();
        before.Notarized(before.Block(view));
        Assert.Equal([VoteKind.Notarize, VoteKind.Finalize], before.OwnVotes.Select(vote => vote.Kind));

        var after = new Rig().Recalling(before.OwnVotes).Started();

        for (var i = 0; i < 20; i++)
        {
            after.TickAfter(500);
            Assert.DoesNotContain(VoteKind.Nullify, after.VotesSent);
        }

        Assert.Equal(view, after.Core.View);
    }

    [Fact]
    public void Recall_ANullifyOfALostJournal_ForbidsFinalize()
    {
        var (before, view) = InAViewOfOthers();
        before.TickAfter(Rig.Timeouts.AdvanceMs);
        Assert.Equal(VoteKind.Nullify, Assert.Single(before.OwnVotes).Kind);

        var after = new Rig().Recalling(before.OwnVotes).Started();
        after.Notarized(after.Block(view));

        Assert.Equal(view.Next, after.Core.View);
        Assert.Empty(after.VotesSent);
    }

    [Fact]
    public void Recall_AProposalOfALostJournal_IsNotBuiltAgain()
    {
        var before = new Rig().Started();
        var view = before.ViewLedBy(0);
        before.SkipTo(view);
        before.Do(new Input.Built(view, new BlockContent(2_000, new byte[] { 1 }, Digest.Zero, Digest.Zero)));
        Assert.Equal(VoteKind.Notarize, Assert.Single(before.OwnVotes, vote => vote.View == view).Kind);

        var after = new Rig().Recalling(before.OwnVotes).Started();

        Assert.Null(after.Effect<Effect.Build>());
        after.TickAfter(Rig.Timeouts.AdvanceMs);
        Assert.Equal([VoteKind.Nullify], after.VotesSent.Where(kind => kind != VoteKind.Notarize).Distinct());
    }

    [Fact]
    public void Recall_WhatTheJournalKnowsOrIsOfAnotherEpoch_ChangesNothing()
    {
        var (before, view) = InAViewOfOthers();
        before.AcceptProposal(before.Block(view));
        var stranger = Rig.Sign(0, VoteBody.Nullify(new Epoch(1), new View(90)));

        var after = new Rig(restartOf: before).Recalling([.. before.OwnVotes, stranger]).Started();

        Assert.Equal(view, after.Core.View);
        Assert.Equal([VoteKind.Notarize], after.VotesSent);
    }

    [Fact]
    public void SignAbove_InAnOlderView_AsksButCastsNothing()
    {
        var rig = new Rig(signAbove: new View(50)).Started();
        for (ulong view = 1; view <= 50; view++)
        {
            Assert.Empty(rig.VotesSent);
            Assert.Null(rig.Effect<Effect.Build>());
            var block = rig.Block(new View(view));
            if (block.Header.Leader != 0)
            {
                rig.AcceptProposal(block);
                Assert.Empty(rig.VotesSent);
            }

            rig.TickAfter(Rig.Timeouts.CapMs);
            Assert.Empty(rig.VotesSent);
            Assert.Contains(rig.Sent, message => message is Message.StatusRequest);
            rig.SkipTo(new View(view + 1));
        }

        rig.TickAfter(Rig.Timeouts.CapMs);
        Assert.Contains(VoteKind.Nullify, rig.VotesSent);
    }

    [Fact]
    public void SignAbove_ANotarizationOfAnOlderView_IsNotFinalized()
    {
        var rig = new Rig(signAbove: new View(50)).Started();
        var view = rig.ViewNotLedBy(0, from: 50);
        rig.SkipTo(new View(50));
        var below = rig.Notarized(rig.Block(new View(50)));
        Assert.Equal(new View(51), rig.Core.View);
        Assert.DoesNotContain(VoteKind.Finalize, rig.VotesSent);

        view = rig.ViewNotLedBy(0, from: 51);
        rig.SkipTo(view);
        rig.Notarized(rig.Block(view, below));
        Assert.Contains(VoteKind.Finalize, rig.VotesSent);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public void LateBlock_OfAView_IsFinalizedWithinTheVotedViewsOnly(ulong inside, bool finalized)
    {
        var rig = new Rig().Started();
        var view = rig.ViewNotLedBy(0, from: 1);
        rig.SkipTo(view);
        var block = rig.Block(view);
        rig.Receive(Rig.Proposal(block), block.Header.Leader);
        // Others skip views up to the edge; then the notarization of the old one comes.
        rig.SkipTo(new View(view.Value + ConsensusLimits.VotedViews - inside));
        rig.Receive(Rig.Proof(Rig.Notarize(block)));

        rig.Do(new Input.Held(view, block.Hash));

        Assert.Equal(finalized, rig.VotesSent.Contains(VoteKind.Finalize));
    }

    [Fact]
    public void TryReadOwnVote_AnyOtherRecord_IsNone()
    {
        var (rig, view) = InAViewOfOthers();
        rig.Notarized(rig.Block(view));
        Assert.True(rig.Journal.Count > rig.OwnVotes.Count());
        Assert.False(Core.TryReadOwnVote([], out _));
        Assert.False(Core.TryReadOwnVote([1, 2, 3], out _));
    }

    static (Rig Rig, View View) InAViewOfOthers()
    {
        var rig = new Rig().Started();
        var view = rig.ViewNotLedBy(0);
        rig.SkipTo(view);
        return (rig, view);
    }
}
