using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.StakeWorld;

namespace AppChain.Tests.Ledger;

/// <summary>Bonding, delegating and letting go: what weighs, what waits, what is paid.</summary>
public sealed class StakeTests
{
    private readonly World world = Create();

    [Fact]
    public void Genesis_Power_IsStakeOfTheOperator()
    {
        Assert.Equal(10 * Token, world.Power(V0).Grains);
        Assert.Equal(30 * Token, Stake.TotalBonded(world.State).Grains);
        Assert.Equal((UInt128)(30 * Token), world.Audit().Staked);
        world.AssertConserved();
    }

    [Fact]
    public void Delegate_AddsToTheValidatorAndToTheOwnersVotes()
    {
        Assert.Equal(Reason.None, world.Do(new DelegateStake(V0.Address, new Amount(3 * Token)), Keys.Alice));

        Assert.Equal(3 * Token, world.Power(Keys.Alice).Grains);
        Assert.Equal(13 * Token, world.Validator(V0).Stake.Grains);
        Assert.Equal(33 * Token, Stake.TotalBonded(world.State).Grains);
        Assert.Equal(17 * Token, world.Balance(Keys.Alice));
    }

    [Fact]
    public void BondStake_NewValidator_GetsASeatInTheNextEpoch()
    {
        ValidatorProfile profile = new("New", "192.0.2.1:26601", 50_000);
        Assert.Equal(Reason.None, world.Do(new BondStake(new Amount(5 * Token), NewKey.PublicKey, profile), Keys.Alice, NewKey));
        Assert.Equal(3, ValidatorsRecord.Get(world.State).Seats.Length);

        world.TurnEpoch();

        ValidatorsRecord set = ValidatorsRecord.Get(world.State);
        Assert.Equal([10UL, 10UL, 10UL, 5UL], set.Seats.Select(seat => seat.Power));
        Assert.Equal(NewKey.PublicKey.ToArray(), set.Seats[3].PublicKey.ToArray());
        Assert.Equal(3U, ConsensusKeyRecord.Find(world.State, NewKey.PublicKey.Span)!.Number);
    }

    [Fact]
    public void BondStake_WithoutKey_RaisesTheSignersValidator()
    {
        Assert.Equal(Reason.None, world.Do(new BondStake(new Amount(Token)), V0));
        Assert.Equal(11 * Token, world.Validator(V0).Stake.Grains);
    }

    [Fact]
    public void Unbond_IsPaidAfterTheDelayAndWeighsNothingMeanwhile()
    {
        world.Do(new DelegateStake(V0.Address, new Amount(3 * Token)), Keys.Alice);
        Assert.Equal(Reason.None, world.Do(new UnbondStake(V0.Address, new Amount(2 * Token)), Keys.Alice));
        Assert.Equal(Token, world.Power(Keys.Alice).Grains);
        Assert.Equal(31 * Token, Stake.TotalBonded(world.State).Grains);
        Assert.Equal(2 * Token, world.Validator(V0).Unbonding.Grains);

        world.NowMs += UnbondingMs - 11;
        world.Run();
        Assert.Equal(17 * Token, world.Balance(Keys.Alice));
        world.NowMs += 11;
        world.Run();
        Assert.Equal(19 * Token, world.Balance(Keys.Alice));
        world.AssertConserved();
    }

    [Fact]
    public void Unbond_Everything_EndsTheValidatorAndFreesItsPlace()
    {
        Assert.Equal(Reason.None, world.Do(new UnbondStake(V2.Address, Amount.Zero), V2));
        world.TurnEpoch();
        Assert.Equal(2, ValidatorsRecord.Get(world.State).Seats.Length);
        world.NowMs += UnbondingMs;
        world.Run();

        Assert.Null(ValidatorRecord.Find(world.State, V2.Address));
        Assert.DoesNotContain(V2.Address, ValidatorDirectory.Get(world.State).Validators);
        Assert.Equal(30 * Token, world.Balance(V2));
        // Its key stays its own.
        BondStake again = new(new Amount(Token), V2.PublicKey, ValidatorProfile.Empty);
        Assert.Equal(Reason.ConsensusKeyTaken, world.Do(again, Keys.Alice, V2));
    }

    [Fact]
    public void Set_NobodyQualifies_StaysAsItIs()
    {
        ValidatorsRecord first = ValidatorsRecord.Get(world.State);
        foreach (PrivateKey validator in new[] { V0, V1, V2 })
            Assert.Equal(Reason.None, world.Do(new UnbondStake(validator.Address, Amount.Zero), validator));
        world.NowMs += UnbondingMs;
        world.TurnEpoch();
        world.RunBlock(proposer: 0, missed: 1); // nobody is behind these seats any more: nothing is counted, nothing breaks
        Assert.Equal(first, ValidatorsRecord.Get(world.State));
        Assert.Empty(ValidatorDirectory.Get(world.State).Validators);
    }

    [Fact]
    public void Set_MoreCandidatesThanSeats_TakesThoseWithTheMostStake()
    {
        World small = Create(json => json["parameters"]!["validatorsMax"] = 3);
        small.Do(new BondStake(new Amount(5 * Token), NewKey.PublicKey, ValidatorProfile.Empty), Keys.Alice, NewKey);
        small.TurnEpoch();
        Assert.Equal([10UL, 10UL, 10UL], ValidatorsRecord.Get(small.State).Seats.Select(seat => seat.Power));

        small.Do(new DelegateStake(Keys.Alice.Address, new Amount(7 * Token)), Keys.Bob);
        small.TurnEpoch();
        Assert.Equal([12UL, 10UL, 10UL], ValidatorsRecord.Get(small.State).Seats.Select(seat => seat.Power));
    }

    [Fact]
    public void Update_NewKey_VotesFromTheNextSetOn()
    {
        ValidatorProfile profile = new("Renamed", "[2001:db8::7]:26601", 0);
        Assert.Equal(Reason.None, world.Do(new UpdateValidator(profile, NewKey.PublicKey), V0, NewKey));
        Assert.Contains(ValidatorsRecord.Get(world.State).Seats, seat => seat.PublicKey.Span.SequenceEqual(V0.PublicKey.Span));
        world.TurnEpoch();

        ValidatorsRecord set = ValidatorsRecord.Get(world.State);
        Assert.Contains(set.Seats, seat => seat.PublicKey.Span.SequenceEqual(NewKey.PublicKey.Span));
        Assert.DoesNotContain(set.Seats, seat => seat.PublicKey.Span.SequenceEqual(V0.PublicKey.Span));
        Assert.Equal(Reason.KeyChangedAlready, world.Do(new UpdateValidator(profile, Keys.Of("third").PublicKey), V0, Keys.Of("third")));
    }

    [Fact]
    public void Update_Commission_ChangesOnceInARewardEpochAndByABoundedStep()
    {
        Assert.Equal(Reason.CommissionChangeTooLarge, world.Do(new UpdateValidator(new("v", "", 10_001)), V0));
        Assert.Equal(Reason.None, world.Do(new UpdateValidator(new("v", "", 10_000)), V0));
        Assert.Equal(Reason.CommissionChangedAlready, world.Do(new UpdateValidator(new("v", "", 9_999)), V0));
        world.NextEpoch();
        Assert.Equal(Reason.None, world.Do(new UpdateValidator(new("v", "", 20_000)), V0));
        Assert.Equal(20_000U, world.Validator(V0).CommissionPpm);
    }

    [Fact]
    public void Delegate_ToMoreThanTheLimit_IsRefused()
    {
        World rich = Create(json => json["parameters"]!["supplyMax"] = 10_000 * Token);
        for (int i = 0; i < LedgerLimits.DelegationsMax; i++)
        {
            PrivateKey key = Keys.Of($"many/{i}");
            rich.Do(new Transfer(key.Address, new Amount(Token)), V0);
            Assert.Equal(Reason.None, rich.Do(new BondStake(new Amount(Token), key.PublicKey, ValidatorProfile.Empty), key, key));
            Assert.Equal(Reason.None, rich.Do(new DelegateStake(key.Address, new Amount(1)), Keys.Alice));
        }
        Assert.Equal(Reason.TooManyPositions, rich.Do(new DelegateStake(V0.Address, new Amount(1)), Keys.Alice));
        Assert.Equal(Reason.None, rich.Do(new DelegateStake(Keys.Of("many/3").Address, new Amount(1)), Keys.Alice));
    }

    [Fact]
    public void Refusals_EachReason()
    {
        BondStake bond = new(new Amount(Token), NewKey.PublicKey, ValidatorProfile.Empty);
        Assert.Equal(Reason.AlreadyValidator, world.Do(bond, V0, NewKey));
        Assert.Equal(Reason.StakeBelowMinimum, world.Do(bond with { Amount = new Amount(Token - 1) }, Keys.Alice, NewKey));
        Assert.Equal(Reason.ConsensusKeyTaken, world.Do(bond with { ConsensusKey = V1.PublicKey }, Keys.Alice, V1));
        Assert.Equal(Reason.UnknownAccount, world.Do(bond, Keys.Carol, NewKey));
        Assert.Equal(Reason.UnknownValidator, world.Do(new BondStake(new Amount(1)), Keys.Alice));
        Assert.Equal(Reason.UnknownValidator, world.Do(new DelegateStake(Keys.Bob.Address, new Amount(1)), Keys.Alice));
        Assert.Equal(Reason.UnknownAccount, world.Do(new DelegateStake(V0.Address, new Amount(1)), Keys.Carol));
        Assert.Equal(Reason.NothingBonded, world.Do(new UnbondStake(V0.Address, new Amount(1)), Keys.Alice));
        Assert.Equal(Reason.NotJailed, world.Do(new Unjail(), V0));
        Assert.Equal(Reason.UnknownValidator, world.Do(new Unjail(), Keys.Alice));
        Assert.Equal(Reason.InsufficientBalance, world.Do(new DelegateStake(V0.Address, new Amount(21 * Token)), Keys.Alice));
        Assert.Equal(Reason.InsufficientBalance, world.Do(bond with { Amount = new Amount(21 * Token) }, Keys.Alice, NewKey));
        Assert.Equal(Reason.MoreThanBonded, world.Do(new UnbondStake(V0.Address, new Amount(11 * Token)), V0));
    }

    [Fact]
    public void Bytes_ThatMakeNoSense_AreRefusedByTheirReason()
    {
        ValidatorProfile profile = new("v", "192.0.2.1:26601", 0);
        AssertUndecodable(Reason.ConsensusKeyMismatch, new BondStake(new Amount(1), NewKey.PublicKey, profile), Keys.Alice, Keys.Bob);
        AssertUndecodable(Reason.ProfileWithoutKey, new BondStake(new Amount(1), default, profile), Keys.Alice);
        AssertUndecodable(Reason.ZeroAmount, new BondStake(Amount.Zero), Keys.Alice);
        AssertUndecodable(Reason.ZeroAmount, new DelegateStake(V0.Address, Amount.Zero), Keys.Alice);
        AssertUndecodable(Reason.MonikerTooLong, new UpdateValidator(profile with { Moniker = new string('x', 65) }), Keys.Alice);
        AssertUndecodable(Reason.CommissionTooHigh, new UpdateValidator(profile with { CommissionPpm = 1_000_001 }), Keys.Alice);
        AssertUndecodable(Reason.WrongFieldLength, new BondStake(new Amount(1), new byte[31], profile), Keys.Alice, NewKey);
        foreach (string address in new[] { "host", ":1", "host:", "host:0", "host:65536", "a b:1", "é:1", new string('1', 60) + ":1234" })
            AssertUndecodable(Reason.BadNetworkAddress, new UpdateValidator(profile with { NetworkAddress = address }), Keys.Alice);
    }

    private void AssertUndecodable(Reason expected, Message message, params PrivateKey[] keys)
    {
        byte[] encoded = TransactionBuilder.Sign(world.Genesis.ChainId, new Body(keys[0].Address, 1, world.NowMs + 1_000, message), keys);
        Assert.Equal(expected, Transaction.TryDecode(encoded, world.Genesis.ChainId, out _));
    }
}
