namespace AppChain.Consensus.Tests;

/// <summary>What other implementations got wrong around a restart, or when something was lost.</summary>
public sealed class RecoveryPitfalls
{
    [Fact]
    public void OwnNullify_AfterARestart_CountsAgain()
    {
        var story = new Story("All stop after nullifying, and one never returns: the three that do need each own vote, ours too.");
        var view = story.FirstBlock("B").View;
        story.Pass(10_000);
        story.Restart("all restart");
        Assert.Contains(story.Rig.Sent, message => message is Message.Ballot { Vote.Kind: VoteKind.Nullify });

        story.Receive(Rig.Ballot(1, Rig.Nullify(view)), 1);
        story.Receive(Rig.Ballot(2, Rig.Nullify(view)), 2);
        Assert.Equal(view.Next, story.View);
        Assert.Equal([0, 1, 2], story.Rig.Sent.OfType<Message.Proof>().Single().Certificate.Signatures.Select(part => (int)part.Signer));
        story.IsAsIn("own-vote-counted-again.txt");
    }

    [Fact]
    public void Timers_AfterARestart_AreArmedAgain()
    {
        var story = new Story("We voted, restart, and hear nothing more. Only our own timers can end the view.");
        var block = story.FirstBlock("B");
        story.Propose(block);
        story.Checked(block, CheckResult.Valid);
        story.Restart("we restart");
        Assert.NotNull(story.Rig.Core.NextDeadlineMs);

        story.Pass(Rig.Timeouts.IdleIntervalMs + Rig.Timeouts.CapMs);
        Assert.Contains(VoteKind.Nullify, story.Rig.VotesSent);
        story.IsAsIn("timers-armed-again.txt");
    }

    [Fact]
    public void Certificate_GivenToUsAlone_ReachesAllAtOnceByRetryAndOnRequest()
    {
        var story = new Story(
            "A faulty node gives the nullification to us alone. Nobody can verify what we build on it unless we show it.");
        var view = story.View;
        story.Receive(Rig.Proof(Rig.Nullify(view)), 3);
        Assert.Contains(story.Rig.Sent, IsIt);
        story.Receive(new Message.StatusRequest(default, View.Genesis, view, view), 2);
        Assert.Contains(story.Rig.Effects, effect => effect is Effect.Send(2, var message) && IsIt(message));
        story.Pass(Rig.Timeouts.LeaderMs * 2);
        story.Pass(Rig.Timeouts.RetryMs);
        Assert.Contains(story.Rig.Sent, IsIt);
        story.IsAsIn("certificate-known-to-one.txt");

        bool IsIt(Message message) =>
            message is Message.Proof { Certificate: { Kind: VoteKind.Nullify } certificate } && certificate.View == view;
    }

    [Fact]
    public void Block_OfANullifiedView_IsObtainedAllTheSame()
    {
        var story = new Story(
            "We nullified the view, others notarized it. Without its block we could neither leave the view nor verify a child.");
        var block = story.FirstBlock("B");
        story.Pass(10_000);
        story.Receive(Rig.Proof(Rig.Notarize(block)));
        Assert.Contains(story.Rig.Sent, message => message is Message.BlockRequest request && request.HeaderHash == block.Hash);
        story.Receive(new Message.BlockResponse(block), 2);
        Assert.Same(block, story.Rig.Effect<Effect.Obtain>()!.Block);
        story.Held(block);
        Assert.Equal(block.View.Next, story.View);
        story.IsAsIn("obtain-after-nullify.txt");
    }

    [Fact]
    public void Fetch_Lost_IsRepeatedAndAskedOfAnother()
    {
        var story = new Story("Our question for a block is lost. That it was asked once must not keep us from asking again, and another.");
        var block = story.FirstBlock("B");
        story.Receive(Rig.Proof(Rig.Notarize(block)));
        var asked = new List<ushort> { Asked(story) };
        story.Pass(Rig.Timeouts.RetryMs);
        asked.Add(Asked(story));
        story.Pass(Rig.Timeouts.RetryMs * 2);
        asked.Add(Asked(story));
        Assert.Equal(3, asked.Distinct().Count());
        story.IsAsIn("fetch-lost.txt");

        ushort Asked(Story now) => now.Rig.Effects.OfType<Effect.Send>().Single(send => send.Message is Message.BlockRequest).To;
    }

    [Fact]
    public void Store_AheadOfTheJournal_NothingBelowItsTipIsTakenUpAgain()
    {
        var story = new Story("Our store has blocks up to view 50, the journal ends long before: what it says is over.");
        story.FirstBlock("B");
        story.Pass(10_000);
        var tip = story.Rig.Block(new View(50), new ChainPoint(new View(49), new Height(40), Digest.Zero, 9_000, Digest.Zero));
        story.Restart("we restart", ChainPoint.Of(tip), Rig.Proof(Rig.Finalize(tip)).Certificate);
        Assert.All(story.Rig.Replayed, result => Assert.Equal(ReplayResult.Obsolete, result));
        Assert.Equal(new View(51), story.View);
        story.IsAsIn("store-ahead-of-journal.txt");
    }

    /// <summary>A core neither counts what comes from another epoch nor recovers from its journal. How an epoch ends:
    /// <see cref="EpochTests"/>.</summary>
    [Fact]
    public void Epoch_OfVotesAndJournal_OthersAreDropped()
    {
        var story = new Story("Votes and certificates of another epoch name the same views. They, and its journal, mean nothing here.");
        var view = story.View;
        var stale = VoteBody.Nullify(new Epoch(7), view);
        foreach (ushort signer in new[] { 1, 2, 3 })
        {
            story.Receive(Rig.Ballot(signer, stale), signer, "of epoch 7");
        }

        story.Receive(Rig.Proof(stale), remark: "of epoch 7");
        Assert.Equal(view, story.View);

        story.Pass(10_000);
        story.Restart("we restart in epoch 8", epoch: new Epoch(8));
        Assert.NotEmpty(story.Rig.Replayed);
        Assert.All(story.Rig.Replayed, result => Assert.Equal(ReplayResult.Obsolete, result));
        Assert.DoesNotContain(story.Rig.Sent, message => message is Message.Ballot or Message.Proposal);
        story.IsAsIn("epochs.txt");
    }
}
