using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Tests.Ledger.Model;

/// <summary>
/// The executor against <see cref="PlainStake"/>: the same receipts, and the same balances, shares and seats after every block, whatever is sent.
/// </summary>
public sealed class StakeModelTests
{
    private const ulong SeatsMax = 6;

    [Fact]
    public void RandomBlocks_GiveWhatThePlainModelGives()
    {
        HashSet<(Type, Reason)> seen = [];
        Prop.ForAll(StakeBlock.Chains, chain => Compare(chain, seen))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20).WithStartSize(50).WithEndSize(250));

        (Type, Reason)[] tried =
        [
            (typeof(Transfer), Reason.None), (typeof(BondStake), Reason.None), (typeof(DelegateStake), Reason.None), (typeof(UnbondStake), Reason.None),
            (typeof(UpdateValidator), Reason.None), (typeof(SubmitEvidence), Reason.None), (typeof(Unjail), Reason.None),
            (typeof(DelegateStake), Reason.UnknownAccount), (typeof(BondStake), Reason.AlreadyValidator), (typeof(BondStake), Reason.ConsensusKeyTaken),
            (typeof(BondStake), Reason.StakeBelowMinimum), (typeof(BondStake), Reason.ValidatorTombstoned), (typeof(BondStake), Reason.InsufficientBalance),
            (typeof(DelegateStake), Reason.UnknownValidator), (typeof(DelegateStake), Reason.ValidatorTombstoned),
            (typeof(UnbondStake), Reason.NothingBonded), (typeof(UnbondStake), Reason.MoreThanBonded),
            (typeof(UpdateValidator), Reason.CommissionChangedAlready), (typeof(UpdateValidator), Reason.CommissionChangeTooLarge),
            (typeof(UpdateValidator), Reason.KeyChangedAlready), (typeof(SubmitEvidence), Reason.EvidenceOutOfTime),
            (typeof(SubmitEvidence), Reason.UnknownValidator), (typeof(SubmitEvidence), Reason.ValidatorTombstoned),
            (typeof(Unjail), Reason.NotJailed), (typeof(Unjail), Reason.StillJailed),
        ];
        Assert.Empty(tried.Except(seen)); // the cases were really tried
    }

    private static void Compare(StakeBlock[] chain, HashSet<(Type, Reason)> seen)
    {
        World world = StakeWorld.Create(Genesis);
        PlainStake model = new(world.Genesis);
        foreach (StakeBlock block in chain)
        {
            world.NowMs += (ulong)block.PassMs;
            world.Proposer = (ushort)(block.Leader % model.Seats.Count);
            world.Missed = [.. block.Missed.Select(turn => (ushort)(turn % model.Seats.Count))];
            Transaction[] transactions = [.. block.Actions.Select(action => action.Sign(world, model.Epoch))];
            List<Reason> expected = model.Execute(world.Context, transactions);

            IEnumerable<Receipt> receipts = world.Run(transactions).Receipts.TakeLast(transactions.Length);

            Assert.Equal(expected, receipts.Select(receipt => receipt.Reason));
            AssertSame(world, model);
            seen.UnionWith(transactions.Zip(expected, (transaction, reason) => (transaction.Body.Message.GetType(), reason)));
        }
    }

    private static void AssertSame(World world, PlainStake model)
    {
        Assert.Equal(model.Seats, ValidatorsRecord.Get(world.State).Seats.Select(seat => new PlainSeat(PlainStake.Hex(seat.PublicKey), seat.Power)));
        ConsensusEpochRecord epoch = ConsensusEpochRecord.Get(world.State);
        Assert.Equal((model.Epoch, model.EvidenceFrom), (epoch.Number, epoch.EvidenceFrom));
        SupplyView supply = LedgerQueries.Supply(world.State);
        Assert.Equal((model.Minted, model.Treasury), (supply.Supply.Minted.Grains, supply.Treasury.Grains));
        foreach (PrivateKey person in StakeAction.People)
        {
            AssertSameAccount(world, model, person.Address);
            AssertSameValidator(world, model, person.Address);
        }
        BigInteger bonded = model.Validators.Values.Aggregate(BigInteger.Zero, (sum, validator) => sum + validator.Stake);
        Assert.Equal(bonded, Stake.TotalBonded(world.State).Grains);
        world.AssertConserved();
    }

    private static void AssertSameAccount(World world, PlainStake model, Address account)
    {
        AccountRecord? record = AccountRecord.Find(world.State, account);
        Assert.Equal(model.Balances.TryGetValue(account, out BigInteger balance), record is not null);
        Assert.Equal(balance, record?.Balance.Grains ?? 0);

        StakeView stake = LedgerQueries.Stake(world.State, account);
        Assert.Equal(Sum(model.Leaving, leaving => leaving.Account == account), stake.Unbonding.Grains);
        var positions = model.Validators.Values.Where(validator => validator.Positions.ContainsKey(account))
            .OrderBy(validator => validator.Operator)
            .Select(validator => (validator.Operator, validator.WorthOf(validator.Positions[account]), validator.Positions[account].Reward));
        Assert.Equal(positions, stake.Positions.Select(one => (one.Validator, (BigInteger)one.Worth.Grains, (BigInteger)one.Unsettled.Grains)));
        Assert.Equal(
            positions.Aggregate(BigInteger.Zero, (sum, position) => sum + position.Item2), Stake.VotingPower(world.State, account).Grains);
        Assert.Equal(
            model.Validators.Values.Select(validator => validator.Positions.GetValueOrDefault(account)?.Shares ?? 0).Aggregate(BigInteger.Add),
            StakeRecord.Get(world.State, account).Positions.Aggregate(BigInteger.Zero, (sum, position) => sum + position.Shares));
    }

    private static void AssertSameValidator(World world, PlainStake model, Address address)
    {
        ValidatorRecord? record = ValidatorRecord.Find(world.State, address);
        PlainValidator? plain = model.Validators.GetValueOrDefault(address);
        Assert.Equal(plain is null, record is null);
        bool isEmpty = plain is null || (plain.Shares.IsZero && model.Leaving.All(leaving => leaving.Validator != plain));
        Assert.Equal(isEmpty, !ValidatorDirectory.Get(world.State).Validators.Contains(address));
        if (plain is null || record is null)
            return;
        Assert.Equal((plain.Key, plain.Commission), (PlainStake.Hex(record.ConsensusKey), record.CommissionPpm));
        Assert.Equal((plain.Standing, plain.JailedUntilMs), (record.Standing, record.JailedUntilMs));
        Assert.Equal(
            (plain.Stake, plain.Shares, plain.Rewards, Sum(model.Leaving, leaving => leaving.Validator == plain)),
            (record.Stake.Grains, record.Shares, record.Rewards.Grains, record.Unbonding.Grains));
        Assert.Equal(
            ((BigInteger)plain.Window.Count, (BigInteger)plain.Window.Count(missed => missed), plain.Led, plain.Absent),
            (record.Turns, record.Missed, record.Led, record.Absent));
    }

    private static BigInteger Sum(List<PlainLeaving> leaving, Func<PlainLeaving, bool> which) =>
        leaving.Where(which).Aggregate(BigInteger.Zero, (sum, one) => sum + one.Amount);

    // Few seats, so that they are fought for; one seat large enough that others may be jailed.
    private static void Genesis(JsonObject json)
    {
        json["validators"]![0]!["power"] = 15;
        StakeWorld.AddTwoValidators(json);
        json["accounts"]!.AsArray().Add(TestGenesis.Account(Keys.Of("dave"), 40 * StakeWorld.Token));
        JsonNode parameters = json["parameters"]!;
        parameters["validatorsMax"] = SeatsMax;
        parameters["validatorsShare"] = 300_000;
    }
}
