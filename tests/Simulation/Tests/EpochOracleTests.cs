namespace AppChain.Simulation.Tests;

/// <summary>The oracle's checks of epochs: a boundary block at height 3, after which validator 0 is not in the set.</summary>
public sealed class EpochOracleTests
{
    static readonly Header First = Court.Block(1);
    static readonly Header Second = Court.Block(2, First);
    static readonly Header Boundary = Court.Block(3, Second);

    readonly Court court = new();

    public EpochOracleTests() => court.Notarize(First).Notarize(Second).Notarize(Boundary);

    [Fact]
    public void GoodHistory_BoundaryProposedAgainThenTheNextEpoch_Passes()
    {
        var again = Court.Again(Boundary, 5, 3);
        court.Vote(Court.Nullify(4), 0, 1, 2).Vote(again, 0, 1, 2);
        court.Vote(again with { Kind = VoteKind.Finalize }, 0, 1, 2).Believe(again with { Kind = VoteKind.Finalize }, 0, 1, 2);
        CommitAll();

        var next = Court.Block(1, Boundary);
        court.Oracle.OnHeader(next);
        court.Vote(Court.Body(VoteKind.Notarize, next), 1, 2, 3);
        court.Oracle.OnCommit(1, next);
        court.Oracle.AtTheEnd();
        Assert.Equal((4UL, 1UL), (court.Oracle.Height, court.Oracle.EpochsEnded));
    }

    [Fact]
    public void Block_OnTheBoundaryBlockInTheSameEpoch_IsCaught()
    {
        var child = Court.Block(4, Boundary) with { Epoch = default, ParentView = Boundary.View, ValidatorsHash = Boundary.ValidatorsHash };
        court.Oracle.OnHeader(child);
        Court.Catches("ancestry", () => court.Vote(Court.Body(VoteKind.Notarize, child), 0));
    }

    [Fact]
    public void FirstBlock_OfTheNextEpoch_OnAnotherThanItsLast_IsCaught()
    {
        CommitAll();
        var next = Court.Block(1, Boundary) with { ParentHash = Second.Hash };
        court.Oracle.OnHeader(next);
        Court.Catches("ancestry", () => court.Vote(Court.Body(VoteKind.Notarize, next), 1));
    }

    [Fact]
    public void Vote_OfWhoHasLeftTheSet_IsCaught()
    {
        CommitAll();
        Court.Catches("signer", () => court.Vote(VoteBody.Nullify(new Epoch(1), new View(1)), 0));
    }

    [Fact]
    public void Vote_OfAnEpochThatTheSignerHasLeft_IsCaught()
    {
        CommitAll();
        court.Vote(VoteBody.Nullify(new Epoch(1), new View(1)), 1);
        Court.Catches("epoch", () => court.Vote(Court.Nullify(4), 1));
    }

    [Fact]
    public void Block_ThatEndsTheEpochTooEarly_IsCaught()
    {
        var early = Court.Block(2, First, salt: 1) with { NextValidatorsHash = First.ValidatorsHash };
        var fresh = new Court().Notarize(First);
        fresh.Oracle.OnHeader(early);
        Court.Catches("invalid block", () => fresh.Vote(Court.Body(VoteKind.Notarize, early), 0));
    }

    [Fact]
    public void Block_WithTheWrongSet_IsCaught()
    {
        var wrong = Court.Block(2, First, salt: 1) with { ValidatorsHash = Boundary.NextValidatorsHash };
        var fresh = new Court().Notarize(First);
        fresh.Oracle.OnHeader(wrong);
        Court.Catches("invalid block", () => fresh.Vote(Court.Body(VoteKind.Notarize, wrong), 0));
    }

    [Fact]
    public void OrdinaryBlock_ProposedAgain_IsCaught() =>
        Court.Catches("unknown header", () => court.Vote(Court.Again(Second, 4, 2), 0));

    [Fact]
    public void BoundaryBlock_ProposedAgainOnAViewThatDidNotNotarizeIt_IsCaught()
    {
        court.Vote(Court.Nullify(4), 0, 1, 2);
        Court.Catches("unknown header", () => court.Vote(Court.Again(Boundary, 5, 4), 0));
    }

    [Fact]
    public void BoundaryBlock_ProposedAgainOverAViewWithoutNullification_IsCaught() =>
        Court.Catches("skipped view", () => court.Vote(Court.Again(Boundary, 5, 3), 0));

    [Fact]
    public void Certificate_OfTheNextEpochBySeatsOfTheLast_IsCaught()
    {
        CommitAll();
        var body = VoteBody.Nullify(new Epoch(1), new View(1));
        Court.Catches("certificate signers", () => court.Believe(body, 1, 2, 3, 0));
    }

    void CommitAll()
    {
        foreach (var header in new[] { First, Second, Boundary })
        {
            court.Oracle.OnCommit(1, header);
        }
    }
}
