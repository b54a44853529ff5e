namespace AppChain.Simulation.Tests;

/// <summary>Each of the oracle's checks sees a history that is wrong in just that way.</summary>
public sealed class OracleTests
{
    static readonly Header First = Court.Block(1);
    static readonly Header Other = Court.Block(1, salt: 1);

    readonly Court court = new();

    [Fact]
    public void GoodHistory_TwoBlocksAndASkippedView_Passes()
    {
        var second = Court.Block(3, First);
        court.Notarize(First).Vote(Court.Nullify(2), 0, 1, 2).Notarize(second);
        court.Vote(Court.Body(VoteKind.Finalize, second), 0, 1, 2).Believe(Court.Body(VoteKind.Finalize, second), 0, 1, 2);
        foreach (var node in new[] { 0, 1 })
        {
            court.Oracle.OnCommit(node, First);
            court.Oracle.OnCommit(node, second);
        }

        court.Oracle.AtTheEnd();
        Assert.Equal(2UL, court.Oracle.Height);
    }

    [Fact]
    public void HonestSigner_TwoNotarizesInAView_DoubleVote()
    {
        court.Notarize(First).Oracle.OnHeader(Other);
        Court.Catches("double vote", () => court.Vote(Court.Body(VoteKind.Notarize, Other), 1));
    }

    [Fact]
    public void HonestSigner_DoubleVoteShownByACertificate_DoubleVote()
    {
        court.Notarize(First).Oracle.OnHeader(Other);
        Court.Catches("double vote", () => court.Believe(Court.Body(VoteKind.Notarize, Other), 1, 2, 3));
    }

    [Theory]
    [InlineData(VoteKind.Nullify, VoteKind.Finalize)]
    [InlineData(VoteKind.Finalize, VoteKind.Nullify)]
    public void HonestSigner_NullifyAndFinalize_IsCaught(VoteKind first, VoteKind second)
    {
        VoteBody Of(VoteKind kind) => kind == VoteKind.Nullify ? Court.Nullify(1) : Court.Body(kind, First);
        court.Notarize(First).Vote(Of(first), 0);
        Court.Catches("nullify and finalize", () => court.Vote(Of(second), 0));
    }

    [Fact]
    public void HonestSigner_NotarizeSignedAfterItsNullify_IsCaught()
    {
        court.Oracle.OnHeader(First);
        court.Vote(Court.Nullify(1), 0);
        Court.Catches("notarize after nullify", () => court.Vote(Court.Body(VoteKind.Notarize, First), 0));
    }

    [Fact]
    public void HonestSigner_NotarizeSignedBeforeButShownAfterItsNullify_Passes()
    {
        court.Oracle.OnHeader(First);
        var notarize = court.Sign(0, Court.Body(VoteKind.Notarize, First));
        court.Vote(Court.Nullify(1), 0);
        Assert.Null(Record.Exception(() => court.Oracle.OnVote(0, notarize)));
    }

    [Fact]
    public void FinalizeVote_WithoutNotarization_IsCaught()
    {
        court.Oracle.OnHeader(First);
        court.Vote(Court.Body(VoteKind.Notarize, First), 0, 1);
        Court.Catches("finalize without notarization", () => court.Vote(Court.Body(VoteKind.Finalize, First), 0));
    }

    [Fact]
    public void NotarizeVote_ForABlockNobodyProposed_IsCaught() =>
        Court.Catches("unknown header", () => court.Vote(Court.Body(VoteKind.Notarize, First), 0));

    [Fact]
    public void NotarizeVote_ParentNotNotarized_IsCaught()
    {
        var second = Court.Block(2, First);
        court.Oracle.OnHeader(First);
        court.Oracle.OnHeader(second);
        Court.Catches("ancestry", () => court.Vote(Court.Body(VoteKind.Notarize, second), 0));
    }

    [Fact]
    public void NotarizeVote_SkippedViewWithoutNullification_IsCaught()
    {
        var third = Court.Block(3, First);
        court.Notarize(First).Vote(Court.Nullify(2), 0, 1).Oracle.OnHeader(third);
        Court.Catches("skipped view", () => court.Vote(Court.Body(VoteKind.Notarize, third), 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void NotarizeVote_InvalidBlock_IsCaught(int what)
    {
        var bad = what switch
        {
            0 => First with { Height = new Height(2) },
            1 => First with { TimeMs = Scenario.Genesis.TimeMs },
            2 => First with { StateRoot = Digest.Zero },
            _ => First with { ChainId = ChainId.Parse("another") },
        };
        court.Oracle.OnHeader(bad);
        Court.Catches("invalid block", () => court.Vote(Court.Body(VoteKind.Notarize, bad), 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void NotarizeVote_BeaconNotItsLeadersDraw_IsCaught(int what)
    {
        var other = SignatureBook.Draw(1, Scenario.Genesis.Beacon);
        var bad = what switch
        {
            0 => First with { Beacon = Digest.Zero },
            1 => First with { BeaconProof = default },
            _ => First with { Beacon = other.Beacon, BeaconProof = other.Proof },
        };
        court.Oracle.OnHeader(bad);
        Court.Catches("beacon", () => court.Vote(Court.Body(VoteKind.Notarize, bad), 0));
    }

    [Fact]
    public void Vote_OfAnEpochThatHasNotBegun_IsCaught() =>
        Court.Catches("epoch", () => court.Vote(VoteBody.Nullify(new Epoch(1), new View(1)), 1));

    [Fact]
    public void Vote_OfAnotherSigner_IsCaught() =>
        Court.Catches("signer", () => court.Oracle.OnVote(0, court.Sign(1, Court.Nullify(1))));

    [Fact]
    public void Vote_WithAForgedSignature_IsCaught()
    {
        var forged = court.Sign(1, Court.Nullify(1)) with { Signer = 0 };
        Court.Catches("signature", () => court.Oracle.OnVote(0, forged));
    }

    // Two of four faulty: above the bound a view can split without any honest double vote, and the oracle must see that as well.
    [Fact]
    public void View_TwoPossibleNotarizations_IsCaught()
    {
        var above = new Court(2, 3);
        above.Oracle.OnHeader(First);
        above.Oracle.OnHeader(Other);
        above.Vote(Court.Body(VoteKind.Notarize, First), 0);
        Court.Catches("two notarizations", () => above.Vote(Court.Body(VoteKind.Notarize, Other), 1));
    }

    [Fact]
    public void View_NullificationAndFinalizationPossible_IsCaught()
    {
        var above = new Court(2, 3);
        above.Notarize(First).Vote(Court.Body(VoteKind.Finalize, First), 0);
        Court.Catches("nullified and finalised", () => above.Vote(Court.Nullify(1), 1));
    }

    [Fact]
    public void View_TwoPossibleFinalizations_IsCaught()
    {
        var above = new Court(1, 2, 3);
        above.Oracle.OnHeader(First);
        above.Vote(Court.Body(VoteKind.Notarize, First), 0, 1, 2);
        above.Vote(Court.Body(VoteKind.Finalize, First), 0);
        Court.Catches("two finalizations", () => above.Vote(Court.Body(VoteKind.Finalize, Other), 1));
    }

    [Fact]
    public void Certificate_OfTooLittlePower_IsCaught() =>
        Court.Catches("certificate power", () => court.Believe(Court.Nullify(1), 1, 2));

    [Fact]
    public void Certificate_WithASignerOutsideTheSet_IsCaught() =>
        Court.Catches("certificate signers", () => court.Believe(Court.Nullify(1), 1, 2, 4));

    [Fact]
    public void Certificate_WithASignatureNeverMade_IsCaught()
    {
        var genuine = court.Certificate(Court.Nullify(1), 1, 2, 3);
        var forged = Certificate.Of(Court.Nullify(2), genuine.Signatures);
        Court.Catches("certificate signature", () => court.Oracle.OnCertificate(0, forged));
    }

    [Fact]
    public void Commit_DifferentBlocksAtOneHeight_Disagreement()
    {
        court.Notarize(First).Oracle.OnCommit(0, First);
        Court.Catches("agreement", () => court.Oracle.OnCommit(1, Other));
    }

    [Fact]
    public void Commit_AHeightLeftOut_IsAGap()
    {
        court.Notarize(First);
        Court.Catches("gap", () => court.Oracle.OnCommit(0, Court.Block(2, First)));
    }

    [Fact]
    public void Commit_NotOnTheChain_IsCaught()
    {
        court.Notarize(First).Oracle.OnCommit(0, First);
        Court.Catches("ancestry", () => court.Oracle.OnCommit(0, Court.Block(2, Other)));
    }

    [Fact]
    public void Commit_OfABlockThatIsNotNotarized_IsCaught() =>
        Court.Catches("commit without notarization", () => court.Oracle.OnCommit(0, First));

    [Fact]
    public void Finalization_OfAViewThatTheChainLeavesOut_IsCaught()
    {
        var above = new Court(1, 2, 3);
        var late = Court.Block(2);
        above.Notarize(First).Believe(Court.Body(VoteKind.Finalize, First), 0, 1, 2);
        above.Oracle.OnHeader(late);
        foreach (var signer in new[] { 1, 2, 3 })
        {
            above.Sign(signer, Court.Nullify(1));
            above.Sign(signer, Court.Body(VoteKind.Notarize, late));
        }

        above.Oracle.OnCommit(0, late);
        Court.Catches("agreement", above.Oracle.AtTheEnd);
    }

    [Fact]
    public void Evidence_AgainstAnHonestValidator_IsCaught()
    {
        var evidence = new Evidence(court.Sign(0, Court.Nullify(1)), court.Sign(0, Court.Body(VoteKind.Finalize, First)));
        Court.Catches("evidence", () => court.Oracle.OnReport(evidence));
    }

    [Fact]
    public void Evidence_WithAVoteNeverSigned_IsCaught()
    {
        var nullify = court.Sign(3, Court.Nullify(1));
        var evidence = new Evidence(nullify, nullify with { Body = Court.Body(VoteKind.Finalize, First) });
        Court.Catches("evidence", () => court.Oracle.OnReport(evidence));
    }

    [Fact]
    public void Core_AsksItsHostAboutAWrongBlock_IsCaught()
    {
        court.Ask(First, [0]);
        Court.Catches("proposer", () => court.Ask(First, [0], leader: 1));
        Court.Catches("proposer", () => court.Ask(First with { Leader = 1 }, [0], leader: 1));
        Court.Catches("validators", () => court.Ask(First with { ValidatorsHash = Digest.Zero }, [0]));
        Court.Catches("parent held", () => court.Ask(First, [0], parentHeld: false));
    }
}
