using AppChain.Ledger;
using static AppChain.Tests.Ledger.StakeWorld;

namespace AppChain.Tests.Ledger;

/// <summary>What validators and delegators earn: by stake and participation, settled when touched.</summary>
public sealed class ValidatorRewardTests
{
    // Of 1,000,000,007 grains the treasury's tenth is floored; half of the rest is the validators'.
    private const ulong Share = (TestGenesis.RewardPerEpoch - (TestGenesis.RewardPerEpoch / 10)) / 2;

    private readonly World world = Create(json => json["parameters"]!["validatorsShare"] = 500_000);

    [Fact]
    public void Epoch_PaysTheSeatsByStake()
    {
        world.Do(new DelegateStake(V0.Address, new Amount(10 * Token)), Keys.Alice);
        world.NextEpoch();

        Assert.Equal(Share / 2, world.Validator(V0).Rewards.Grains);
        Assert.Equal(Share / 4, world.Validator(V1).Rewards.Grains);
        Assert.Equal((Share / 2) + (2 * (Share / 4)), LedgerQueries.Supply(world.State).Supply.Minted.Grains);
        world.AssertConserved();
    }

    [Fact]
    public void Delegator_IsPaidItsPartAtItsNextTouch()
    {
        world.Do(new DelegateStake(V0.Address, new Amount(10 * Token)), Keys.Alice);
        world.NextEpoch();
        world.NextEpoch();
        ValidatorRecord validator = world.Validator(V0);
        ulong earned = Assert.Single(LedgerQueries.Stake(world.State, Keys.Alice.Address).Positions).Unsettled.Grains;
        Assert.InRange(earned, (Share / 2) - 2, Share / 2);
        Assert.Equal(10 * Token, world.Balance(Keys.Alice));

        world.Do(new UnbondStake(V0.Address, new Amount(1)), Keys.Alice);

        Assert.Equal((10 * Token) + earned, world.Balance(Keys.Alice));
        Assert.Equal(validator.Rewards.Grains - earned, world.Validator(V0).Rewards.Grains);
    }

    [Fact]
    public void NewDelegator_GetsNothingOfWhatWasEarnedBefore()
    {
        world.NextEpoch();
        world.Do(new DelegateStake(V0.Address, new Amount(5 * Token)), Keys.Alice);
        world.Do(new UnbondStake(V0.Address, Amount.Zero), Keys.Alice);
        Assert.Equal(15 * Token, world.Balance(Keys.Alice));
    }

    [Fact]
    public void Commission_GoesToTheOperator()
    {
        world.Do(new UpdateValidator(new("v", "", 10_000)), V0); // 1 %
        ulong before = world.Balance(V0);
        world.NextEpoch();
        Assert.Equal(before + (Share / 3 / 100), world.Balance(V0));
        Assert.Equal((Share / 3) - (Share / 3 / 100), world.Validator(V0).Rewards.Grains);
    }

    [Fact]
    public void Absence_CostsItsPartAndGivesItToNobody()
    {
        for (int i = 0; i < 3; i++)
            world.RunBlock(proposer: 1);
        world.RunBlock(proposer: 1, missed: 0);
        world.RunBlock(proposer: 0);
        world.NextEpoch();

        Assert.Equal(Share / 3 / 2, world.Validator(V0).Rewards.Grains);
        Assert.Equal(Share / 3, world.Validator(V1).Rewards.Grains);
        Assert.Equal(0UL, world.Validator(V0).Led + world.Validator(V0).Absent); // a new count
    }

    [Fact]
    public void Jailed_EarnsNothing()
    {
        World five = Create(json =>
        {
            json["parameters"]!["validatorsShare"] = 500_000;
            AddTwoValidators(json);
        });
        for (int i = 0; i < 4; i++)
            five.RunBlock(proposer: 0, missed: 1);
        Assert.Equal(ValidatorStanding.Jailed, five.Validator(V1).Standing);
        five.NextEpoch();
        Assert.Equal(0UL, five.Validator(V1).Rewards.Grains);
        Assert.NotEqual(0UL, five.Validator(V0).Rewards.Grains);
    }

    [Fact]
    public void Turns_OfTheBlockThatMints_CountInTheNextEpoch()
    {
        world.NowMs = world.Genesis.TimeMs + TestGenesis.EpochMs;
        world.RunBlock(proposer: 0, missed: 1);

        Assert.Equal((Share / 3, Share / 3), (world.Validator(V0).Rewards.Grains, world.Validator(V1).Rewards.Grains));
        Assert.Equal((1UL, 1UL), (world.Validator(V0).Led, world.Validator(V1).Absent));
    }

    [Fact]
    public void Turns_OfWhoLeavesAtTheBlockThatMints_ArePaidOnceAndForgotten()
    {
        world.RunBlock(proposer: 1);
        world.RunBlock(proposer: 1, missed: 2);
        world.Do(new UnbondStake(V1.Address, new Amount((9 * Token) + 1)), V1);
        world.Do(new UnbondStake(V2.Address, new Amount((9 * Token) + 1)), V2);
        while ((world.Height + 1) % EpochBlocks != 0)
            world.Run();
        world.NextEpoch(); // which is the boundary block

        Assert.Single(ValidatorsRecord.Get(world.State).Seats);
        Assert.NotEqual(Amount.Zero, world.Validator(V1).Rewards);
        Assert.Equal(Amount.Zero, world.Validator(V2).Rewards);
        Assert.Equal((0UL, 0UL), (world.Validator(V1).Led, world.Validator(V2).Absent));
    }

    [Fact]
    public void Turns_OfWhoLeftBeforeTheMint_AreNotHeldAgainstItWhenItIsBack()
    {
        for (int i = 0; i < 3; i++)
            world.RunBlock(proposer: 0, missed: 1);
        world.Do(new UnbondStake(V1.Address, new Amount((9 * Token) + 1)), V1);
        world.TurnEpoch();
        Assert.Equal(0UL, world.Validator(V1).Absent);
        world.Do(new BondStake(new Amount((9 * Token) + 1)), V1);
        world.TurnEpoch();
        world.NextEpoch();

        Assert.Equal(Share / 3, world.Validator(V1).Rewards.Grains);
    }
}
