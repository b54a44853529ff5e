using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>What is settled is told: each receipt that settles a device's finished epoch says all of it.</summary>
public class StatementTests
{
    private readonly World world = new();

    public StatementTests() => world.Registered(Keys.Alice, Keys.Sensor);

    [Fact]
    public void Proof_InTheNextEpoch_StatesTheLastOne()
    {
        EpochWork work = default;
        foreach (long value in (long[])[10_000, 11_000, 999_999])
            work = Judged(work, world.Proof(Keys.Sensor, value));
        world.NextEpoch();

        Receipt receipt = world.RunOne(world.Proof(Keys.Sensor, 11_000));

        Statement statement = Assert.Single(receipt.Statements);
        Amount pool = new(TestGenesis.RewardPerEpoch - TestGenesis.RewardPerEpoch / 10);
        Assert.Equal((Keys.Sensor.Address, 1u, work), (statement.Device, statement.Service, statement.Work));
        Assert.Equal((2u, 1u, 2 * SensorReading.UnitsPerReading), (work.Accepted, work.Rejected, work.Units));
        Assert.Equal((pool, work.Units, pool), (statement.Pool.Coverage, statement.Pool.Units, statement.Earned));
        Assert.Equal([new Payment(Keys.Alice.Address, pool)], statement.Payments);
        Assert.Null(statement.Problem());
    }

    [Fact]
    public void Proof_AfterAnEpochOfRefusals_StatesThemAndPaysNothing()
    {
        world.RunOne(world.Proof(Keys.Sensor, 999_999));
        world.NextEpoch();

        Statement statement = Assert.Single(world.RunOne(world.Proof(Keys.Sensor, 11_000)).Statements);

        Assert.Equal((0UL, 0u, 1u, 0UL), (statement.Work.Epoch, statement.Work.Accepted, statement.Work.Rejected, statement.Work.Units));
        Assert.Equal((Amount.Zero, 0), (statement.Earned, statement.Payments.Length));
    }

    [Fact]
    public void Proof_InTheSameEpoch_StatesNothing()
    {
        world.RunOne(world.Proof(Keys.Sensor, 10_000));
        world.NowMs += 200;

        Assert.Empty(world.RunOne(world.Proof(Keys.Sensor, 10_000)).Statements);
    }

    [Fact]
    public void Transfer_OfTheDevice_StatesWhatTheSellerGot()
    {
        world.RunOne(world.Proof(Keys.Sensor, 10_000));
        world.NextEpoch();

        Receipt receipt = world.RunOne(world.Sign(new TransferDevice(Keys.Sensor.Address, Keys.Bob.Address, Amount.Zero), Keys.Alice, Keys.Bob));

        Statement statement = Assert.Single(receipt.Statements);
        Assert.Equal(Keys.Alice.Address, Assert.Single(statement.Payments).Account);
        Assert.Equal(statement.Earned, world.Work(Keys.Sensor).Settled);
    }

    [Fact]
    public void Withdrawal_ThatEndsByItself_HasAReceiptOfItsOwn()
    {
        world.RunOne(world.Sign(new WithdrawDevice(Keys.Sensor.Address, 1), Keys.Alice));
        world.NowMs += 100;
        world.RunOne(world.Proof(Keys.Sensor, 10_000));
        world.RunOne(world.Register(Keys.Alice, Keys.OtherSensor));
        world.NowMs += 100;
        world.RunOne(world.Proof(Keys.OtherSensor, 10_000));
        world.RunOne(world.Sign(new WithdrawDevice(Keys.OtherSensor.Address, 1), Keys.Alice));
        world.NowMs += TestGenesis.WithdrawalDelayMs;

        BlockResult result = world.Run();

        Receipt receipt = result.Receipts[^1];
        Assert.Equal((1, Receipt.DueIdOf(QueueKind.Withdrawals, 1)), (result.DueReceipts, receipt.TransactionId));
        Assert.Equal(Keys.OtherSensor.Address, Assert.Single(receipt.Statements).Device);
        Assert.Contains(new Touch(StateKind.Device, Keys.OtherSensor.Address), result.Touched[^1]);
        Assert.Equal(result.Receipts.Length, result.Touched.Length);
        Assert.Null(world.Device(Keys.OtherSensor).Device.In(1));
    }

    [Fact]
    public void Problem_OfAStatementThatDoesNotAddUp_SaysSo()
    {
        EpochWork work = new(0, 1, 0, 1, default);
        Statement whole = new(default, 1, work) { Pool = new PoolShares(new Amount(9), 2, default, default), Earned = new Amount(4), Payments = [new Payment(default, new Amount(4))] };

        Assert.Null(whole.Problem());
        Assert.NotNull((whole with { Earned = new Amount(5) }).Problem());
        Assert.NotNull((whole with { Pool = whole.Pool with { Units = 0 } }).Problem());
        Assert.NotNull((whole with { Work = work with { Units = 3 } }).Problem());
        Assert.NotNull((whole with { Payments = [new Payment(default, new Amount(3))] }).Problem());
        Assert.Null((whole with { Payments = [] }).Problem()); // held back
        Assert.True((whole with { Payments = [] }).IsHeldBack);
    }

    [Fact]
    public void Chain_OfOtherVerdictsOrAnotherOrder_IsAnother()
    {
        (Hash256 a, Hash256 b) = (Hashing.Sha256([1]), Hashing.Sha256([2]));
        Verdict good = new(Reason.None, 5, 0, 1), bad = new(Reason.TooOld, 0, 0, 1);
        EpochWork whole = default(EpochWork).With(a, good).With(b, bad);

        Assert.NotEqual(whole.Chain, default(EpochWork).With(b, bad).With(a, good).Chain);
        Assert.NotEqual(whole.Chain, default(EpochWork).With(a, good).Chain);
        Assert.NotEqual(whole.Chain, default(EpochWork).With(a, good with { Units = 6 }).With(b, bad).Chain);
        Assert.NotEqual(whole.Chain, default(EpochWork).With(a, good).With(b, bad with { Reason = Reason.TooSoon }).Chain);
        Assert.Throws<LedgerInvariantException>(() => whole.With(a, good with { Epoch = 1 }));
    }

    private EpochWork Judged(EpochWork work, Transaction proof)
    {
        Receipt receipt = world.RunOne(proof);
        world.NowMs += 200;
        return work.With(receipt.TransactionId, receipt.Verdict!.Value);
    }
}
