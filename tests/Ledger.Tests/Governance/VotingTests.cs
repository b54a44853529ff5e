using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.GovernedWorld;

namespace AppChain.Tests.Ledger;

/// <summary>Whose vote weighs how much, and that no stake votes twice.</summary>
public class VotingTests
{
    private static readonly SetParameters Harmless = Set((Parameter.FeeTokens, 7));

    [Fact]
    public void Vote_WeighsTheVotersOwnStake_AndTheLastOneCounts()
    {
        World world = Create();
        world.Delegated(Keys.Alice, Large, 50);
        ulong number = world.Proposed(Harmless);

        Assert.Equal(Reason.None, world.Vote(Large, number, VoteChoice.Yes));
        Assert.Equal(Reason.None, world.Vote(Keys.Alice, number, VoteChoice.No));
        Assert.Equal(new Tally(Amount.FromTokens(200), Amount.FromTokens(50), Amount.Zero), world.Proposal(number).Votes);

        world.Vote(Large, number, VoteChoice.Abstain);
        Assert.Equal(new Tally(Amount.Zero, Amount.FromTokens(50), Amount.FromTokens(200)), world.Proposal(number).Votes);
    }

    [Fact]
    public void Vote_AgainAfterTheStakeChanged_WeighsWhatThereIsThen()
    {
        World world = Create();
        ulong number = world.Proposed(Harmless);
        world.Delegated(Keys.Alice, Large, 50);
        world.Vote(Keys.Alice, number, VoteChoice.Yes);
        world.RunOne(world.Sign(new UnbondStake(Large.Address, Amount.FromTokens(20)), Keys.Alice));
        Assert.Equal(Amount.FromTokens(50), world.Proposal(number).Votes.Yes);

        world.Vote(Keys.Alice, number, VoteChoice.Yes);

        Assert.Equal(Amount.FromTokens(30), world.Proposal(number).Votes.Yes);
    }

    [Fact]
    public void Vote_WithoutStakeOrProposal_IsRefusedAndLeavesNothing()
    {
        World world = Create();
        ulong number = world.Proposed(Harmless);
        string before = world.State.Dump();

        Assert.Equal(Reason.NoVotingPower, world.Vote(Keys.Carol, number, VoteChoice.Yes));
        Assert.Equal(Reason.UnknownProposal, world.Vote(Large, number + 1, VoteChoice.Yes));
        Assert.Equal(before, world.State.Dump());
    }

    [Fact]
    public void Vote_AtTheEnd_ComesTooLate()
    {
        World world = Create();
        ulong number = world.Proposed(Harmless);
        world.NowMs += VotingMs - 1;
        Assert.Equal(Reason.None, world.Vote(Large, number, VoteChoice.Yes));
        world.NowMs += 1;
        Assert.Equal(Reason.VotingClosed, world.Vote(Small, number, VoteChoice.No));
    }

    // A queue deals with who came first: a shorter period that was voted meanwhile lets a later proposal wait behind an earlier one.
    [Fact]
    public void Vote_AfterTheEndThatIsNotWorkedOffYet_ComesTooLate()
    {
        World world = Create();
        ulong change = world.Proposed(Set((Parameter.VotingPeriodMs, 1_000)));
        world.Vote(Large, change, VoteChoice.Yes);
        world.Pass(VotingMs);
        world.NowMs += DelayMs - 500;
        ulong slow = world.Proposed(Harmless);
        world.Pass(500);
        ulong quick = world.Proposed(Harmless);
        world.Pass(1_000);
        Assert.Equal(ProposalStatus.Voting, world.Proposal(quick).Status);

        Assert.Equal(Reason.VotingOver, world.Vote(Large, quick, VoteChoice.Yes));

        world.Pass(VotingMs);
        Assert.Equal((ProposalStatus.NoQuorum, ProposalStatus.NoQuorum), (world.Proposal(slow).Status, world.Proposal(quick).Status));
    }

    [Fact]
    public void Ballots_OfClosedProposals_GoWithTheNextVote()
    {
        World world = Create();
        ulong first = world.Proposed(Harmless);
        world.Vote(Small, first, VoteChoice.No);
        world.Pass(VotingMs);
        ulong second = world.Proposed(Harmless);

        world.Vote(Small, second, VoteChoice.No);

        Assert.Equal([second], BallotsRecord.Get(world.State, Small.Address).Ballots.Select(ballot => ballot.Proposal));
    }

    // The attack: vote, unbond, hand the tokens to somebody who bonds and votes with them as well.
    [Fact]
    public void Stake_ThatVotedAndIsUnbonded_IsNotFreeBeforeTheVoteHasEnded()
    {
        World world = Create();
        world.Delegated(Keys.Bob, Large, 1_000);
        ulong number = world.Proposed(Harmless);
        world.Vote(Keys.Bob, number, VoteChoice.Yes);
        world.RunOne(world.Sign(new UnbondStake(Large.Address, Amount.FromTokens(1_000)), Keys.Bob));

        world.NowMs += VotingMs - 1;
        Assert.Equal(Reason.InsufficientBalance, world.RunOne(world.Transfer(Keys.Bob, Keys.Carol, 1)).Reason);
        world.Pass(1);

        Assert.Equal(ProposalStatus.Waiting, world.Proposal(number).Status);
        Assert.Equal(0ul, world.Balance(Keys.Bob));
    }

    // The same attack by way of a vote that shortens the unbonding while a longer vote is open.
    [Fact]
    public void Unbonding_ShortenedBelowAnOpenVote_Fails()
    {
        World world = Create();
        ulong shorten = world.Proposed(Set((Parameter.UnbondingMs, 3_000), (Parameter.VotingPeriodMs, 2_000), (Parameter.ExecutionDelayMs, 1_000)));
        world.Vote(Large, shorten, VoteChoice.Yes);
        world.Pass(VotingMs);
        world.NowMs += DelayMs - 1;
        world.Proposed(Harmless); // ends in ten seconds
        world.Pass(1);

        Assert.Equal((ProposalStatus.Failed, Reason.UnbondingShorterThanVoting), (world.Proposal(shorten).Status, world.Proposal(shorten).Failure));
        Assert.Equal(UnbondingMs, world.Parameters()[Parameter.UnbondingMs]);
    }

    [Fact]
    public void Unbonding_ShortenedWithNoVoteOpen_IsExecuted()
    {
        World world = Create();
        Assert.Equal(
            ProposalStatus.Executed,
            world.Decided(Set((Parameter.UnbondingMs, 3_000), (Parameter.VotingPeriodMs, 2_000), (Parameter.ExecutionDelayMs, 1_000))).Status);
    }

    [Fact]
    public void Vote_Replayed_IsRefused()
    {
        World world = Create();
        ulong number = world.Proposed(Harmless);
        Transaction vote = world.Sign(new CastVote(number, VoteChoice.Yes), Large);
        Assert.Equal(Reason.None, world.RunOne(vote).Reason);
        Assert.Equal(Reason.SequenceUsed, world.RunOne(vote).Reason);
    }

    // Small has 100 of 300: just below 33.4 %.
    [Fact]
    public void Quorum_WhenStakeLeavesBeforeTheEnd_IsOfWhatWasThereAtTheOpening()
    {
        World world = Create();
        ulong number = world.Proposed(Harmless);
        world.Vote(Small, number, VoteChoice.Yes);
        world.RunOne(world.Sign(new Transfer(Large.Address, new Amount(1)), Keys.Alice)); // an account, to act at all
        Assert.Equal(Reason.None, world.RunOne(world.Sign(new UnbondStake(Large.Address, Amount.FromTokens(150)), Large)).Reason);
        world.Pass(VotingMs);

        Assert.Equal(ProposalStatus.NoQuorum, world.Proposal(number).Status);
        Assert.Equal(Amount.FromTokens(300), world.Proposal(number).Bonded);
    }

    [Fact]
    public void Quorum_WhenStakeComesAfterTheOpening_IsOfWhatIsThereAtTheEnd()
    {
        World world = Create();
        ulong number = world.Proposed(Harmless);
        world.Vote(Large, number, VoteChoice.Yes);
        world.Delegated(Keys.Alice, Small, 500);
        world.Pass(VotingMs);

        Assert.Equal(ProposalStatus.NoQuorum, world.Proposal(number).Status);
        Assert.Equal(Amount.FromTokens(800), world.Proposal(number).Bonded);
    }

    // Stake that comes, votes and goes again would else be part of the turnout and not of what the turnout is a share of.
    [Fact]
    public void Quorum_WhenStakeComesToVoteAndGoes_IsOfWhatWasThereAtTheVote()
    {
        World world = Create();
        ulong number = world.Proposed(Harmless);
        world.Delegated(Keys.Alice, Small, 120);
        world.Vote(Keys.Alice, number, VoteChoice.Yes); // 120 of 420
        world.RunOne(world.Sign(new UnbondStake(Small.Address, Amount.Zero), Keys.Alice));
        world.Pass(VotingMs);

        Assert.Equal(ProposalStatus.NoQuorum, world.Proposal(number).Status);
        Assert.Equal(Amount.FromTokens(420), world.Proposal(number).Bonded);
    }

    // The attack: vote, have oneself reported by a friend, and let the friend vote with what the report brings.
    [Fact]
    public void Stake_ThatVotedAndIsAReportersReward_IsNotFreeBeforeTheVoteHasEnded()
    {
        World world = Create();
        ulong number = world.Proposed(Harmless);
        world.Vote(Large, number, VoteChoice.Yes);
        Assert.Equal(Reason.None, world.RunOne(world.Sign(world.Contradiction(Large), Keys.Bob)).Reason);

        world.Pass(VotingMs);
        Assert.Equal(Amount.FromTokens(1_000).Grains, world.Balance(Keys.Bob));

        world.Pass(UnbondingMs - VotingMs);
        Assert.Equal((Amount.FromTokens(1_000) + new Amount(Amount.GrainsPerToken / 2)).Grains, world.Balance(Keys.Bob)); // 5 % of 5 % of 200
    }
}
