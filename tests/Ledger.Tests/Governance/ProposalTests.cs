using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.GovernedWorld;

namespace AppChain.Tests.Ledger;

/// <summary>What a proposal may ask for, what it costs, and when it is closed.</summary>
public class ProposalTests
{
    private static readonly SetParameters Harmless = Set((Parameter.FeeTokens, 7));

    [Fact]
    public void Propose_HoldsTheDepositUntilTheVotingEnds()
    {
        World world = Create();
        ulong before = world.Balance(Keys.Alice);

        ulong number = world.Proposed(Harmless);

        Assert.Equal(1ul, number);
        Assert.Equal(before - Deposit.Grains, world.Balance(Keys.Alice));
        Assert.Equal(Deposit.Grains, (ulong)world.Audit().Deposits);
        world.AssertConserved();
        world.Vote(Large, number, VoteChoice.Yes);
        world.Pass(VotingMs);
        Assert.Equal(ProposalStatus.Waiting, world.Proposal(number).Status);
        Assert.Equal(before, world.Balance(Keys.Alice));
    }

    [Fact]
    public void Proposal_ThatPassed_IsExecutedAfterTheDelayAndNotBefore()
    {
        World world = Create();
        ulong number = world.Proposed(Harmless);
        world.Vote(Large, number, VoteChoice.Yes);
        world.Pass(VotingMs);
        world.Pass(DelayMs - 1);
        Assert.Equal(0ul, world.Parameters()[Parameter.FeeTokens]);

        world.Pass(1);

        Assert.Equal(7ul, world.Parameters()[Parameter.FeeTokens]);
        Assert.Equal(ProposalStatus.Executed, world.Proposal(number).Status);
        Assert.Empty(GovernanceRecord.Get(world.State).Open);
    }

    [Fact]
    public void Proposal_WithoutQuorum_LosesItsDeposit()
    {
        World world = Create();
        ulong number = world.Proposed(Harmless);
        world.Vote(Small, number, VoteChoice.Yes); // 100 of 300: just below 33.4 %
        world.Pass(VotingMs);

        Assert.Equal(ProposalStatus.NoQuorum, world.Proposal(number).Status);
        Assert.True(world.Proposal(number).DepositBurned);
        Assert.Equal(Deposit, LedgerQueries.Supply(world.State).Supply.Burned);
        Assert.Equal(0ul, world.Parameters()[Parameter.FeeTokens]);
    }

    [Theory]
    [InlineData(VoteChoice.No, VoteChoice.Yes, ProposalStatus.Waiting, false)]
    [InlineData(VoteChoice.Yes, VoteChoice.No, ProposalStatus.Rejected, false)]
    [InlineData(VoteChoice.Abstain, VoteChoice.No, ProposalStatus.Rejected, true)]
    [InlineData(VoteChoice.No, VoteChoice.Abstain, ProposalStatus.Rejected, true)]
    [InlineData(VoteChoice.Yes, VoteChoice.Abstain, ProposalStatus.Waiting, false)]
    [InlineData(VoteChoice.Abstain, VoteChoice.Abstain, ProposalStatus.Rejected, false)]
    public void Proposal_AtItsEnd_IsDecidedByYesAndNo(VoteChoice small, VoteChoice large, ProposalStatus status, bool burned)
    {
        World world = Create();
        ulong number = world.Proposed(Harmless);
        world.Vote(Small, number, small);
        world.Vote(Large, number, large);
        world.Pass(VotingMs);

        Assert.Equal((status, burned), (world.Proposal(number).Status, world.Proposal(number).DepositBurned));
        Assert.Equal(Amount.FromTokens(300), world.Proposal(number).Bonded);
    }

    [Fact]
    public void Proposal_WithAsMuchYesAsNo_DoesNotPass()
    {
        World world = Create();
        world.Delegated(Keys.Alice, Small, 100);
        ulong number = world.Proposed(Harmless);
        world.Vote(Small, number, VoteChoice.Yes);
        world.Vote(Keys.Alice, number, VoteChoice.No);
        world.Pass(VotingMs);

        Assert.Equal(ProposalStatus.Rejected, world.Proposal(number).Status);
        Assert.False(world.Proposal(number).DepositBurned);
    }

    [Theory]
    [InlineData(19_999, 1, Reason.UnknownParameter)]
    [InlineData(70_000, 1, Reason.UnknownParameter)]
    [InlineData((uint)Parameter.EpochMs, 5_000, Reason.ParameterFixed)]
    [InlineData((uint)Parameter.TreasuryShare, 1_000_001, Reason.ParameterOutOfBounds)]
    [InlineData((uint)Parameter.BlockGovernance, 0, Reason.ParameterOutOfBounds)]
    [InlineData((uint)Parameter.UnbondingMs, 14_999, Reason.ParametersContradict)]
    [InlineData((uint)Parameter.VotingPeriodMs, 15_001, Reason.ParametersContradict)]
    [InlineData((uint)Parameter.DisputePeriodMs, 19_999, Reason.ParametersContradict)]
    [InlineData((uint)Parameter.UnbondingMs, 15_000, Reason.None)]
    public void SetParameters_IsHeldToTheRegistry(uint number, ulong value, Reason expected)
    {
        World world = Create();

        Assert.Equal(expected, world.RunOne(world.Sign(new Propose("x", new SetParameters(new ParameterChange(number, value))), Keys.Alice)).Reason);
    }

    [Fact]
    public void SetParameters_ThatFitTogether_ChangeTogether()
    {
        World world = Create();

        Assert.Equal(ProposalStatus.Executed, world.Decided(Set((Parameter.UnbondingMs, 40_000), (Parameter.VotingPeriodMs, 30_000))).Status);

        Assert.Equal((40_000ul, 30_000ul), (world.Parameters()[Parameter.UnbondingMs], world.Parameters()[Parameter.VotingPeriodMs]));
    }

    [Fact]
    public void Proposal_ThatContradictsWhatAnEarlierOneDid_FailsAndChangesNothing()
    {
        World world = Create();
        ulong first = world.Proposed(Set((Parameter.UnbondingMs, 15_000)));
        ulong second = world.Proposed(Set((Parameter.VotingPeriodMs, 15_000)));
        world.Vote(Large, first, VoteChoice.Yes);
        world.Vote(Large, second, VoteChoice.Yes);
        world.Pass(VotingMs);
        world.Pass(DelayMs);

        Assert.Equal(ProposalStatus.Executed, world.Proposal(first).Status);
        Assert.Equal((ProposalStatus.Failed, Reason.ParametersContradict), (world.Proposal(second).Status, world.Proposal(second).Failure));
        Assert.Equal(VotingMs, world.Parameters()[Parameter.VotingPeriodMs]);
    }

    [Fact]
    public void SpendTreasury_PaysTheAccount()
    {
        World world = Create();
        ulong treasury = Earn(world);

        Assert.Equal(ProposalStatus.Executed, world.Decided(new SpendTreasury(Keys.Carol.Address, new Amount(treasury))).Status);

        Assert.Equal(treasury, world.Balance(Keys.Carol));
        world.AssertConserved();
    }

    [Fact]
    public void SpendTreasury_OfMoreThanItHolds_FailsAtBothMoments()
    {
        World world = Create();
        ulong treasury = Earn(world);
        Assert.Equal(Reason.TreasuryTooSmall,
            world.RunOne(world.Sign(new Propose("x", new SpendTreasury(Keys.Bob.Address, new Amount(treasury + 1))), Keys.Alice)).Reason);

        ulong first = world.Proposed(new SpendTreasury(Keys.Carol.Address, new Amount(treasury)));
        ulong second = world.Proposed(new SpendTreasury(Keys.Carol.Address, new Amount(treasury)));
        world.Vote(Large, first, VoteChoice.Yes);
        world.Vote(Large, second, VoteChoice.Yes);
        world.Pass(VotingMs);
        world.Pass(DelayMs);

        Assert.Equal(Reason.TreasuryTooSmall, world.Proposal(second).Failure);
        Assert.Equal(treasury, world.Balance(Keys.Carol));
    }

    [Fact]
    public void Propose_BeyondItsLimits_IsRefused()
    {
        PrivateKey[] crowd = [.. Enumerable.Range(0, 9).Select(i => Keys.Of($"proposer {i}"))];
        World world = Create(crowd);
        foreach (PrivateKey proposer in crowd[..^1])
        {
            for (int i = 0; i < LedgerLimits.OpenProposalsPerProposerMax; i++)
                world.Proposed(Harmless, proposer);
        }

        Assert.Equal(LedgerLimits.OpenProposalsMax, GovernanceRecord.Get(world.State).Open.Length);
        Assert.Equal(Reason.TooManyProposals, world.RunOne(world.Sign(new Propose("x", Harmless), crowd[^1])).Reason);
        world.Pass(VotingMs); // none has a quorum
        world.Proposed(Harmless, crowd[^1]);
        for (int i = 1; i < LedgerLimits.OpenProposalsPerProposerMax; i++)
            world.Proposed(Harmless, crowd[^1]);
        Assert.Equal(Reason.TooManyOwnProposals, world.RunOne(world.Sign(new Propose("x", Harmless), crowd[^1])).Reason);
    }

    [Fact]
    public void Propose_WithoutTheDeposit_FailsAndChangesNothing()
    {
        World world = Create();
        world.RunOne(world.Transfer(Keys.Alice, Keys.Carol, Deposit.Grains - 1));

        Assert.Equal(Reason.InsufficientBalance, world.RunOne(world.Sign(new Propose("x", Harmless), Keys.Carol)).Reason);
        Assert.Equal(Reason.UnknownAccount, world.RunOne(world.Sign(new Propose("x", Harmless), Keys.Of("nobody"))).Reason);
        Assert.Empty(GovernanceRecord.Get(world.State).Open);
    }

    [Theory]
    [InlineData("", Reason.TitleInvalid)]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234", Reason.None)]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123µ", Reason.TitleInvalid)]
    public void Propose_Title_HasOneTo64Bytes(string title, Reason expected) => Assert.Equal(expected, Decoded(new Propose(title, Harmless)));

    [Fact]
    public void Propose_ActionsOfTheWrongForm_AreRefusedByTheirBytes()
    {
        Assert.Equal(Reason.ParameterChangesInvalid, Decoded(new Propose("x", new SetParameters())));
        Assert.Equal(Reason.ParameterChangesInvalid, Decoded(new Propose("x", new SetParameters(new ParameterChange(2, 1), new ParameterChange(1, 1)))));
        Assert.Equal(Reason.ParameterChangesInvalid, Decoded(new Propose("x", new SetParameters(Enumerable.Range(1, 17).Select(i => new ParameterChange((uint)i, 1))))));
        Assert.Equal(Reason.ZeroAmount, Decoded(new Propose("x", new SpendTreasury(Keys.Bob.Address, Amount.Zero))));
        Assert.Equal(Reason.UpgradePlanInvalid, Decoded(new Propose("x", new PlanUpgrade(0, 2))));
        Assert.Equal(Reason.UpgradePlanInvalid, Decoded(new Propose("x", new PlanUpgrade(2, 0))));
        Assert.Equal(Reason.RulingInvalid, Decoded(new Propose("x", new RuleDispute(1, Ruling.Guilty, 0))));
        Assert.Equal(Reason.RulingInvalid, Decoded(new Propose("x", new RuleDispute(1, Ruling.Guilty, 1_000_001))));
        Assert.Equal(Reason.RulingInvalid, Decoded(new Propose("x", new RuleDispute(1, Ruling.Abuse, 1))));
        Assert.Equal(Reason.RulingInvalid, Decoded(new Propose("x", new RuleDispute(1, (Ruling)4, 0))));
        Assert.Equal(Reason.UnknownVoteChoice, Decoded(new CastVote(1, (VoteChoice)4)));
    }

    [Fact]
    public void Genesis_WhoseParametersContradict_IsRefused()
    {
        System.Text.Json.Nodes.JsonObject json = TestGenesis.Json();
        json["parameters"]!["unbondingMs"] = 1_000;

        Assert.False(Genesis.TryParse(TestGenesis.Bytes(json), out _, out string? error));
        Assert.StartsWith("parameters: The parameters would contradict", error);
    }

    private static Reason Decoded(Message message)
    {
        World world = Create();
        Body body = new(Keys.Alice.Address, 1, world.NowMs, message);
        return Transaction.TryDecode(TransactionBuilder.Sign(world.Genesis.ChainId, body, Keys.Alice), world.Genesis.ChainId, out _);
    }

    // The treasury's share of what one epoch mints.
    private static ulong Earn(World world)
    {
        world.Registered(Keys.Alice, Keys.Sensor);
        world.RunOne(world.Proof(Keys.Sensor, 1_000));
        world.Pass(5_000);
        ulong treasury = TreasuryRecord.Get(world.State).Balance.Grains;
        Assert.True(treasury > 0);
        return treasury;
    }
}
