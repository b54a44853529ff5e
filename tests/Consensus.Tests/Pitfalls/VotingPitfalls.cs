namespace AppChain.Consensus.Tests;

/// <summary>What other implementations got wrong when they voted. Each test is a story, its golden file the same in words.</summary>
public sealed class VotingPitfalls
{
    [Fact]
    public void TimedOutView_NotarizedAfterwards_IsFinalizedOnNoPath()
    {
        var story = new Story(
            "A view that we gave up is notarized all the same: our finalize may not leave on a re-send or restart either.");
        var block = story.FirstBlock("B");
        story.Pass(10_000);
        story.Receive(Rig.Proof(Rig.Notarize(block)));
        story.Receive(new Message.BlockResponse(block));
        story.Held(block);
        story.Pass(Rig.Timeouts.RetryMs);
        story.Restart("we restart");
        story.Held(block);

        Assert.Contains(story.Votes, vote => vote.Kind == VoteKind.Nullify && vote.View == block.View);
        Assert.DoesNotContain(story.Votes, vote => vote.Kind == VoteKind.Finalize);
        story.IsAsIn("finalize-after-timeout.txt");
    }

    [Fact]
    public void SkippedView_WithoutItsNullification_NoVoteUntilItComes()
    {
        var story = new Story(
            "A proposal skips a view of which we have no nullification: it may hold a finalised block, so we ask and wait.");
        var view = story.Rig.ViewNotLedBy(0, from: 4);
        var gap = view.Previous.Previous;
        story.SkipTo(gap);
        story.Receive(Rig.Proof(Rig.Nullify(gap.Next)));
        var block = story.Block("B", view);
        story.Propose(block);
        Assert.Null(story.Rig.Effect<Effect.Check>());
        Assert.Contains(story.Rig.Effects, effect =>
            effect is Effect.Send(var to, Message.StatusRequest request) && to == block.Header.Leader && request.From == gap);

        story.Receive(Rig.Proof(Rig.Nullify(gap)), block.Header.Leader);
        Assert.NotNull(story.Rig.Effect<Effect.Check>());
        story.IsAsIn("skipped-view.txt");
    }

    [Fact]
    public void Verdict_LateAndForAnotherBlock_IsNotApplied()
    {
        var story = new Story("We restart while our host checks B. Meanwhile the leader shows us C: the verdict on B says nothing of it.");
        var first = story.FirstBlock("B");
        story.Propose(first);
        story.Restart("we restart");
        story.SkipTo(first.View);
        var second = story.Block("C", first.View, mark: 1);
        story.Propose(second);
        story.Checked(first, CheckResult.Valid);
        Assert.Empty(story.Rig.VotesSent);

        story.Checked(second, CheckResult.Invalid);
        story.Checked(second, CheckResult.Valid);
        Assert.Equal([VoteKind.Nullify], story.Votes.Where(vote => vote.View == first.View).Select(vote => vote.Kind));
        story.IsAsIn("late-verdict.txt");
    }

    [Fact]
    public void Leader_RestartedAfterProposing_SendsTheSameBlockAndBuildsNoOther()
    {
        var story = new Story("A leader that restarts and builds anew equivocates. We send what our journal has.");
        story.SkipTo(story.Rig.ViewLedBy(0));
        story.Built("B", mark: 1);
        var first = story.Rig.Sent.OfType<Message.Proposal>().Single();
        story.Restart("we restart");
        Assert.Null(story.Rig.Effect<Effect.Build>());

        story.Built("C", mark: 2);
        Assert.All(story.Sent.OfType<Message.Proposal>(), proposal => Assert.Equal(first.Block.Hash, proposal.Block.Hash));
        Assert.True(story.Sent.OfType<Message.Proposal>().Count() > 1);
        story.IsAsIn("built-anew.txt");
    }

    [Fact]
    public void Quorum_OfSix_TakesFiveNotTwoFPlusOne()
    {
        var story = new Story(
            "Six validators tolerate one. 2f + 1 would be three, and two thirds are four: a quorum is five.",
            powers: [1, 1, 1, 1, 1, 1]);
        var view = story.View;
        foreach (ushort signer in new[] { 1, 2, 3, 4 })
        {
            story.Receive(Rig.Ballot(signer, Rig.Nullify(view)), signer);
            Assert.Equal(view, story.View);
        }

        story.Receive(Rig.Ballot(5, Rig.Nullify(view)), 5);
        Assert.Equal(view.Next, story.View);
        story.IsAsIn("quorum-of-six.txt");
    }
}

static class StoryBeginnings
{
    /// <summary>A block of the first view that we do not lead; we are in that view, and have not seen it.</summary>
    public static Block FirstBlock(this Story story, string name)
    {
        var view = story.Rig.ViewNotLedBy(0);
        story.SkipTo(view);
        return story.Block(name, view);
    }
}
