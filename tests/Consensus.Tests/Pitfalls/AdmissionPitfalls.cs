namespace AppChain.Consensus.Tests;

/// <summary>What other implementations took in too easily.</summary>
public sealed class AdmissionPitfalls
{
    [Fact]
    public void Vote_Forged_DoesNotTakeThePlaceOfTheTrueOne()
    {
        var story = new Story("A forged vote comes before the true one of its signer, and another after it. The true one counts.");
        var block = story.FirstBlock("B");
        var other = story.Block("C", block.View, mark: 1);
        story.Propose(block);
        ushort[] signers = [.. new ushort[] { 1, 2, 3 }.Where(signer => signer != block.Header.Leader)];
        story.Receive(Forged(signers[0], other), 3, "forged");
        story.Receive(Rig.Ballot(signers[0], Rig.Notarize(block)), signers[0]);
        story.Receive(Forged(signers[0], other), 3, "forged");
        story.Receive(Rig.Ballot(signers[1], Rig.Notarize(block)), signers[1]);

        var proof = Assert.Single(story.Sent.OfType<Message.Proof>(), proof => proof.Certificate.Kind == VoteKind.Notarize);
        Assert.Equal([1, 2, 3], proof.Certificate.Signatures.Select(part => (int)part.Signer));
        Assert.Null(story.Rig.Effect<Effect.Report>());
        story.IsAsIn("forged-vote.txt");
    }

    [Fact]
    public void Equivocation_OfManyBlocks_FillsNothingAndIsReportedOnce()
    {
        var story = new Story(
            "A leader signs a hundred blocks of its view. The first has the slot, the second is evidence, the rest is nothing.");
        var block = story.FirstBlock("B");
        story.Propose(block);
        story.Propose(story.Block("C", block.View, mark: 1));
        Assert.NotNull(story.Rig.Effect<Effect.Report>());

        story.ReceiveInVain(
            "98 more blocks come",
            Enumerable.Range(2, 98).Select(mark => Rig.Proposal(story.Rig.Block(block.View, mark: (byte)mark))));
        story.IsAsIn("equivocation-flood.txt");
    }

    [Fact]
    public void Votes_OfViewsFarAhead_AreNotKept()
    {
        var story = new Story(
            "Votes of views to come could fill our memory: one view ahead is kept. What is far behind goes to the host's sync.");
        var view = story.View;
        story.ReceiveInVain(
            "votes of a quorum come for views 3 to 1000",
            from ahead in Enumerable.Range(3, 998)
            from signer in new ushort[] { 1, 2, 3 }
            select Rig.Ballot(signer, Rig.Nullify(new View((ulong)ahead))));
        Assert.Equal(view, story.View);

        // Those of the next view were kept: they make a certificate, which carries us beyond it. Of the view after it nothing is there.
        foreach (ushort signer in new[] { 1, 2, 3 })
        {
            story.Receive(Rig.Ballot(signer, Rig.Nullify(view.Next)), signer);
        }

        Assert.Equal(view.Next.Next, story.View);

        var far = new View(ConsensusLimits.BehindViews + 5);
        var block = story.Block("F", far, new ChainPoint(far.Previous, new Height(30), Digest.Zero, 9_000, Digest.Zero));
        story.Receive(Rig.Proof(Rig.Finalize(block)), 3);
        Assert.NotNull(story.Rig.Effect<Effect.Behind>());
        story.IsAsIn("far-ahead.txt");
    }

    [Fact]
    public void Proposal_UnsignedFirst_DoesNotTakeTheSlot()
    {
        var story = new Story("Somebody is quicker than the leader, with a block in its name. Only a signed block takes the slot.");
        var block = story.FirstBlock("B");
        var forged = story.Block("F", block.View, mark: 9);
        story.Receive(new Message.Proposal(forged, new byte[Vote.SignatureBytes]), 3, "not signed by its leader");
        Assert.Empty(story.Rig.Effects);

        story.Propose(block);
        Assert.Same(block, story.Rig.Effect<Effect.Check>()!.Block);
        story.IsAsIn("unsigned-first.txt");
    }

    static Message.Ballot Forged(ushort signer, Block block) =>
        new(new Vote(Rig.Notarize(block), signer, new byte[Vote.SignatureBytes]));
}
