namespace AppChain.Consensus.Tests;

/// <summary>Rules 1 and 2.</summary>
public sealed class ProposeTests
{
    [Fact]
    public void Leader_Entering_BuildsOnTheTipJournalsThenProposes()
    {
        var rig = new Rig().Started();
        var view = rig.ViewLedBy(0);
        rig.SkipTo(view);
        Assert.Equal(new Effect.Build(view, Rig.Genesis), rig.Effect<Effect.Build>());

        rig.Do(new Input.Built(view, new BlockContent(5, new byte[] { 1 }, Digest.Zero, Digest.Zero)));
        var appends = rig.Effects.FindLastIndex(effect => effect is Effect.Append);
        var proposal = rig.Effects.FindIndex(effect => effect is Effect.Broadcast(Message.Proposal));
        Assert.Equal(2, rig.Effects.OfType<Effect.Append>().Count());
        Assert.True(appends < proposal);

        // The host's time was not above the parent's, so the core raised it.
        var header = ((Message.Proposal)rig.Sent.Single()).Block.Header;
        Assert.Equal(Rig.Genesis.TimeMs + 1, header.TimeMs);
        Assert.Equal((view, new View(0), new Height(1)), (header.View, header.ParentView, header.Height));
    }

    [Fact]
    public void Leader_SoonAfterTheProposalBefore_WaitsForTheInterval()
    {
        var rig = new Rig(timeouts: Rig.Timeouts with { ProposalIntervalMs = 40 }).Started();
        var view = rig.ViewLedBy(0, from: 2);
        rig.SkipTo(view.Previous);
        rig.TickAfter(7);
        rig.Notarized(rig.Block(view.Previous));
        Assert.Equal(view, rig.Core.View);
        Assert.Null(rig.Effect<Effect.Build>());
        Assert.Equal(rig.NowMs + 40, rig.Core.NextDeadlineMs);

        rig.TickAfter(39);
        Assert.Null(rig.Effect<Effect.Build>());
        rig.TickAfter(1);
        Assert.Equal(view, rig.Effect<Effect.Build>()?.View);
    }

    [Fact]
    public void Leader_LongAfterTheProposalBefore_WaitsForNothing()
    {
        var rig = new Rig(timeouts: Rig.Timeouts with { ProposalIntervalMs = 40 }).Started(working: false);
        var view = rig.ViewLedBy(0, from: 2);
        rig.SkipTo(view.Previous);
        rig.Notarized(rig.Block(view.Previous));
        rig.TickAfter(60);
        rig.Do(new Input.Work(true));
        Assert.Equal(view, rig.Effect<Effect.Build>()?.View);
    }

    // No second draw by waiting for another turn, nor by another content of the block.
    [Fact]
    public void Leader_OnOneParent_DrawsTheSameBeaconInEveryViewAndForEveryContent()
    {
        var first = new Rig().ViewLedBy(0);
        var draws = new[] { (first, (byte)1), (first, (byte)2), (new Rig().ViewLedBy(0, first.Value + 1), (byte)3) }.Select(Draw).ToArray();
        Assert.Single(draws.Distinct());
        Assert.Equal(BeaconDraw.After(Rig.Genesis.Beacon, new KeyedHashCrypto(0)), draws[0]);

        static BeaconDraw Draw((View View, byte Mark) turn)
        {
            var rig = new Rig().Started();
            rig.SkipTo(turn.View);
            rig.Do(new Input.Built(turn.View, new BlockContent(5_000UL + turn.Mark, new[] { turn.Mark }, Digest.Zero, Digest.Zero)));
            var header = ((Message.Proposal)rig.Sent.Single()).Block.Header;
            return new BeaconDraw(header.Beacon, header.BeaconProof);
        }
    }

    [Fact]
    public void Leader_AskedTwice_ProposesOnce()
    {
        var rig = new Rig().Started();
        var view = rig.ViewLedBy(0);
        rig.SkipTo(view);
        var content = new BlockContent(5_000, new byte[] { 1 }, Digest.Zero, Digest.Zero);
        rig.Do(new Input.Built(view, content));
        rig.Do(new Input.Built(view, content with { Payload = new byte[] { 2 } }));
        Assert.Empty(rig.Effects);
    }

    [Fact]
    public void Leader_AnswerForAnEarlierView_IsIgnored()
    {
        var rig = new Rig().Started();
        var view = rig.ViewLedBy(0);
        rig.SkipTo(view.Next);
        rig.Do(new Input.Built(view, new BlockContent(5_000, Array.Empty<byte>(), Digest.Zero, Digest.Zero)));
        Assert.Empty(rig.Effects);
    }

    [Fact]
    public void Leader_NotarizedBlockBelowNullifiedViews_IsTheParent()
    {
        var rig = new Rig().Started();
        var parent = rig.ViewNotLedBy(0);
        var block = rig.Block(parent);
        rig.SkipTo(parent);
        rig.Notarized(block);
        rig.SkipTo(rig.ViewLedBy(0, parent.Value + 2));
        Assert.Equal(ChainPoint.Of(block), rig.Effect<Effect.Build>()!.Parent);
    }

    [Fact]
    public void Leader_CertificateOnTheWayMissing_AsksAndDoesNotPropose()
    {
        var rig = new Rig().Started();
        var view = rig.ViewLedBy(0, from: 4);
        var gap = view.Previous.Previous;
        rig.SkipTo(gap);

        // The nullification of the next view takes us past the gap.
        rig.Receive(Rig.Proof(Rig.Nullify(gap.Next)));
        Assert.Equal(view, rig.Core.View);
        Assert.Null(rig.Effect<Effect.Build>());
        Assert.Contains(rig.Sent, message => message is Message.StatusRequest request && request.From == gap);

        rig.Receive(Rig.Proof(Rig.Nullify(gap)));
        Assert.NotNull(rig.Effect<Effect.Build>());
    }

    [Fact]
    public void Leader_CannotBuild_NullifiesAtOnce()
    {
        var rig = new Rig().Started();
        var view = rig.ViewLedBy(0);
        rig.SkipTo(view);
        rig.Do(new Input.Built(view, null));
        Assert.Equal([VoteKind.Nullify], rig.VotesSent);
    }

    [Fact]
    public void Leader_RestartedBetweenProposalAndVoteRecord_VotesForItsJournaledBlock()
    {
        var rig = new Rig().Started();
        var view = rig.ViewLedBy(0);
        rig.SkipTo(view);
        rig.Do(new Input.Built(view, new BlockContent(5_000, new byte[] { 1 }, Digest.Zero, Digest.Zero)));
        var first = (Message.Proposal)rig.Sent.Single();
        rig.Journal.RemoveAt(rig.Journal.Count - 1);

        var again = new Rig(restartOf: rig).Started();
        Assert.Equal(first.Block.Hash, Assert.Single(again.Sent.OfType<Message.Proposal>()).Block.Hash);
        Assert.Null(again.Effect<Effect.Build>());
    }

    [Fact]
    public void Follower_NoProposal_NullifiesAtTheLeaderDeadlineNotBefore()
    {
        var rig = new Rig().Started();
        rig.SkipTo(rig.ViewNotLedBy(0));
        rig.TickAfter(Rig.Timeouts.LeaderMs - 1);
        var early = rig.VotesSent.ToArray();
        rig.TickAfter(2 * Rig.Timeouts.LeaderMs);
        Assert.Empty(early);
        Assert.Contains(VoteKind.Nullify, rig.VotesSent);
    }

    [Fact]
    public void Timeouts_ConsecutiveNullifiedViews_GrowByHalfAndReturnOnFinalization()
    {
        var rig = new Rig().Started();
        var view = rig.ViewNotLedBy(0, from: 3);
        rig.SkipTo(view);
        var steps = (int)view.Value - 1;
        var expected = Rig.Timeouts.LeaderMs;
        for (var i = 0; i < steps; i++)
        {
            expected = expected * 3 / 2;
        }

        Assert.Equal(rig.NowMs + expected, rig.Core.NextDeadlineMs);

        var block = rig.Block(view);
        rig.Notarized(block);
        rig.Receive(Rig.Proof(Rig.Finalize(block)));
        Assert.Equal(view, rig.Core.Finalized.View);
        Assert.True(rig.Core.NextDeadlineMs <= rig.NowMs + Rig.Timeouts.LeaderMs);
    }

    [Fact]
    public void Timeouts_ManySteps_StopAtTheCap()
    {
        Assert.Equal(Rig.Timeouts.CapMs, Rig.Timeouts.Grown(1, 10_000));
        Assert.Equal(150UL, Rig.Timeouts.Grown(100, 1));
        Assert.Null(new TimeoutOptions().Problem());
        Assert.NotNull((Rig.Timeouts with { SkipMs = 150 }).Problem());
        Assert.NotNull((Rig.Timeouts with { RetryMs = 0 }).Problem());
    }
}
