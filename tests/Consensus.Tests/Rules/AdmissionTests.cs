namespace AppChain.Consensus.Tests;

/// <summary>Rules 9 and 10, and answers to requests.</summary>
public sealed class AdmissionTests
{
    [Fact]
    public void Votes_OfUnknownSignersOrOtherEpochs_AreIgnored()
    {
        var rig = new Rig().Started();
        rig.Receive(Rig.Ballot(7, Rig.Nullify(rig.Core.View)));
        foreach (ushort signer in new[] { 1, 2, 3 })
        {
            rig.Receive(Rig.Ballot(signer, VoteBody.Nullify(new Epoch(1), rig.Core.View)), signer);
        }

        Assert.Equal(new View(1), rig.Core.View);
        rig.Receive(new Message.Proof(Rig.Proof(VoteBody.Nullify(new Epoch(1), rig.Core.View)).Certificate));
        Assert.Equal(new View(1), rig.Core.View);
        rig.Do(new Input.Received(9, Rig.Ballot(1, Rig.Nullify(rig.Core.View))));
        Assert.Empty(rig.Effects);
    }

    [Fact]
    public void Certificate_OfALaterView_FastForwards()
    {
        var rig = new Rig().Started();
        rig.Receive(Rig.Proof(Rig.Nullify(new View(40))));
        Assert.Equal(new View(41), rig.Core.View);
        var block = rig.Block(new View(60), new ChainPoint(new View(59), new Height(9), Digest.Zero, 5_000, Digest.Zero));
        rig.Receive(Rig.Proof(Rig.Notarize(block)));
        Assert.Equal(new View(60), rig.Core.View);
    }

    [Theory]
    [InlineData(new ushort[] { 1, 2 })]
    [InlineData(new ushort[] { 1, 2, 9 })]
    public void Certificate_WithoutAQuorumOfTheSet_IsIgnored(ushort[] signers)
    {
        var rig = new Rig().Started();
        rig.Receive(Rig.Proof(Rig.Nullify(new View(5)), signers));
        Assert.Equal(new View(1), rig.Core.View);
    }

    [Fact]
    public void Certificate_WithOneWrongSignature_IsIgnored()
    {
        var rig = new Rig().Started();
        var right = Rig.Proof(Rig.Nullify(new View(5))).Certificate;
        var wrong = Certificate.Of(right.Body, [.. right.Signatures.Take(2), new CertificateSignature(3, new byte[Vote.SignatureBytes])]);
        rig.Receive(new Message.Proof(wrong));
        Assert.Equal(new View(1), rig.Core.View);
        Assert.Equal(CertificateCheck.BadSignature, wrong.Check(Cluster.ChainId, rig.Validators, new KeyedHashCrypto(0)));
    }

    [Theory]
    [InlineData(VoteKind.Notarize, VoteKind.Notarize, true)]
    [InlineData(VoteKind.Finalize, VoteKind.Finalize, true)]
    [InlineData(VoteKind.Nullify, VoteKind.Finalize, true)]
    [InlineData(VoteKind.Finalize, VoteKind.Nullify, true)]
    [InlineData(VoteKind.Notarize, VoteKind.Nullify, false)]
    [InlineData(VoteKind.Nullify, VoteKind.Notarize, false)]
    [InlineData(VoteKind.Notarize, VoteKind.Finalize, false)]
    public void Evidence_TwoVotesInOneView_OnlyWhatContradicts(VoteKind first, VoteKind second, bool reported)
    {
        var rig = new Rig().Started();
        var view = rig.Core.View;
        rig.Receive(Rig.Ballot(2, Body(rig, first, view, 1)), 2);
        rig.Receive(Rig.Ballot(2, Body(rig, second, view, 2)), 2);
        Assert.Equal(reported, rig.Effect<Effect.Report>() is not null);
        if (rig.Effect<Effect.Report>() is { Evidence: var evidence })
        {
            Assert.True(evidence.IsProof(Cluster.ChainId, rig.Validators, new KeyedHashCrypto(0)));

            // It is journaled: a restart reports it again.
            Assert.Single(new Rig(restartOf: rig).Started().Effects.OfType<Effect.Report>());
        }
    }

    [Fact]
    public void Evidence_InsideACertificate_IsFound()
    {
        var rig = new Rig().Started();
        var view = rig.ViewNotLedBy(0);
        rig.SkipTo(view);
        var block = rig.Block(view);
        rig.Receive(Rig.Ballot(2, Rig.Nullify(view)), 2);
        rig.Receive(Rig.Proof(Rig.Finalize(block)));
        Assert.Equal(2, rig.Effect<Effect.Report>()!.Evidence.Offender);
    }

    [Fact]
    public void StatusRequest_FromOneBehind_GetsWhatItNeeds()
    {
        var rig = new Rig().Started();
        var view = rig.ViewNotLedBy(0);
        rig.SkipTo(view);
        var block = rig.Block(view);
        rig.Notarized(block);
        rig.Receive(Rig.Proof(Rig.Finalize(block)));
        rig.Receive(Rig.Proof(Rig.Nullify(view.Next)));

        rig.Receive(new Message.StatusRequest(default, View.Genesis, new View(1), new View(1)), from: 2);
        Assert.All(rig.Effects.OfType<Effect.Send>(), send => Assert.Equal(2, send.To));
        var kinds = rig.Sent.OfType<Message.Proof>().Select(proof => (proof.Certificate.Kind, proof.Certificate.View)).ToHashSet();
        Assert.Equal([(VoteKind.Finalize, view), (VoteKind.Nullify, view.Next)], kinds);
    }

    [Fact]
    public void Requests_TooMany_AreNotAnsweredUntilTheNextWindow()
    {
        var rig = new Rig().Started();
        rig.Receive(Rig.Proof(Rig.Nullify(new View(1))));
        var request = new Message.StatusRequest(default, View.Genesis, new View(1), new View(1));
        var answered = 0;
        for (var i = 0; i < 50; i++)
        {
            answered += rig.Receive(request).OfType<Effect.Send>().Any() ? 1 : 0;
        }

        Assert.Equal(ConsensusLimits.AnswersPerPeerMax, answered);
        Assert.Contains(rig.Receive(request, from: 2), effect => effect is Effect.Send);
        rig.TickAfter(Rig.Timeouts.RetryMs);
        Assert.Contains(rig.Receive(request), effect => effect is Effect.Send);
    }

    [Fact]
    public void StatusRequest_LongSkippedRange_IsAnsweredInParts()
    {
        var rig = new Rig().Started();
        rig.SkipTo(new View(100));
        rig.Receive(new Message.StatusRequest(default, View.Genesis, new View(20), new View(100)));
        var views = rig.Sent.OfType<Message.Proof>().Select(proof => proof.Certificate.View.Value).ToArray();
        Assert.Equal(Enumerable.Range(20, ConsensusLimits.CertificatesPerAnswerMax).Select(view => (ulong)view), views);
    }

    [Fact]
    public void BlockRequest_KnownBlock_IsAnsweredUnknownIsNot()
    {
        var rig = new Rig().Started();
        var view = rig.ViewNotLedBy(0);
        rig.SkipTo(view);
        var block = rig.Block(view);
        rig.AcceptProposal(block);
        rig.Receive(new Message.BlockRequest(default, view, block.Hash), from: 3);
        Assert.Same(block, Assert.IsType<Message.BlockResponse>(rig.Sent.Single()).Block);
        rig.Receive(new Message.BlockRequest(default, view, Digest.Zero), from: 3);
        Assert.Empty(rig.Sent);
    }

    [Fact]
    public void BlockResponse_NobodyAskedFor_IsIgnored()
    {
        var rig = new Rig().Started();
        rig.Receive(new Message.BlockResponse(rig.Block(new View(1))));
        Assert.Empty(rig.Effects);
    }

    [Fact]
    public void Power_Unequal_QuorumIsByPowerNotByHeads()
    {
        // Three small ones have 3 of 10: no quorum with us. The large one and one small do: 7 of 10.
        var rig = new Rig(powers: [1, 6, 1, 1, 1]).Started();
        foreach (ushort signer in new[] { 2, 3, 4 })
        {
            rig.Receive(Rig.Ballot(signer, Rig.Nullify(new View(1))), signer);
        }

        Assert.Equal(new View(1), rig.Core.View);
        rig.Receive(Rig.Ballot(1, Rig.Nullify(new View(1))), 1);
        Assert.Equal(new View(2), rig.Core.View);
    }

    static VoteBody Body(Rig rig, VoteKind kind, View view, byte mark) =>
        kind == VoteKind.Nullify ? Rig.Nullify(view) : Rig.Notarize(rig.Block(view, mark: mark)) with { Kind = kind };
}
