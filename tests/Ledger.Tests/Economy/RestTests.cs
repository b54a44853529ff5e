using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.GovernedWorld;

namespace AppChain.Tests.Ledger.Economy;

/// <summary>Rewards rest before they can be spent: they come by themselves, and a ruling reaches them until then.</summary>
public class RestTests
{
    private const ulong EpochMs = 5_000;
    private const ulong RestEpochs = 7;
    private const ulong SpendableEpoch = 8; // of what epoch 0 earns
    private static readonly Subject Device = new(SubjectKind.Device, Keys.Sensor.Address);

    private readonly World world;

    public RestTests()
    {
        JsonObject json = Json(Keys.Carol);
        json["parameters"]!["restEpochs"] = RestEpochs;
        world = new World(json);
        world.Registered(Keys.Alice, Keys.Sensor);
        Assert.Equal(Reason.None, world.RunOne(world.Sign(new SetPayout(Keys.Sensor.Address, new Payee(Keys.Carol.Address, 250_000), new Payee(Keys.Alice.Address, 750_000)), Keys.Alice)).Reason);
    }

    [Fact]
    public void Rests_OfManyAccountsAndServices_AreOneForEachEpochAndAccount()
    {
        DeviceRests rests = new(false, []);
        for (int service = 0; service < LedgerLimits.EnrollmentsMax; service++)
        {
            for (int account = 0; account < 75; account++)
                rests = rests.With(new DeviceRest((ulong)account / 5, Keys.Of($"payee {account % 5}").Address, new Amount(1)));
        }
        Assert.Equal(75, rests.Entries.Length);
        Assert.All(rests.Entries, entry => Assert.Equal((ulong)LedgerLimits.EnrollmentsMax, entry.Amount.Grains));

        for (ulong epoch = 100; epoch < 400; epoch++)
            rests = rests.With(new DeviceRest(epoch, Keys.Alice.Address, new Amount(2)));
        Assert.Equal(rests, DeviceRests.Decode(rests.Encode()));
    }

    [Fact]
    public void Reward_Rests_AndThenIsSpendableWithoutAnyAction()
    {
        (ulong alice, ulong carol) = (world.Balance(Keys.Alice), world.Balance(Keys.Carol));
        Statement statement = Earn();

        Assert.Equal(SpendableEpoch, statement.SpendableEpoch);
        Assert.Equal((alice, carol), (world.Balance(Keys.Alice), world.Balance(Keys.Carol)));
        Assert.Equal([new RestingReward(SpendableEpoch, Of(statement, Keys.Carol))], RestingOf(Keys.Carol));
        Assert.Equal(Reason.InsufficientBalance, world.RunOne(world.Transfer(Keys.Carol, Keys.Bob, carol + 1)).Reason);
        world.AssertConserved();

        GoTo(SpendableEpoch - 1);
        Assert.Equal(carol, world.Balance(Keys.Carol));
        GoTo(SpendableEpoch);
        Assert.Equal(carol + Of(statement, Keys.Carol).Grains, world.Balance(Keys.Carol));
        Assert.Empty(RestingOf(Keys.Carol));
        Assert.Equal(Reason.None, world.RunOne(world.Transfer(Keys.Carol, Keys.Bob, carol + 1)).Reason);
        world.AssertConserved();
    }

    [Fact]
    public void Reward_SettledLongAfterItsEpoch_DoesNotRest()
    {
        ulong carol = world.Balance(Keys.Carol);
        world.RunOne(world.Proof(Keys.Sensor, 1_000));
        GoTo(20);

        Statement statement = world.RunOne(world.Proof(Keys.Sensor, 1_001)).Statements.Single();

        Assert.Equal((0UL, carol + Of(statement, Keys.Carol).Grains), (statement.SpendableEpoch, world.Balance(Keys.Carol)));
    }

    [Fact]
    public void Account_ThatEarnsInEveryEpoch_KeepsOneAmountForEachThatRests()
    {
        world.RunOne(world.Proof(Keys.Sensor, 1_000));
        for (ulong epoch = 1; epoch < 40; epoch++)
        {
            GoTo(epoch);
            world.RunOne(world.Proof(Keys.Sensor, (long)(1_000 + epoch)));
            Assert.InRange(RestingOf(Keys.Carol).Length, 0, (int)RestEpochs);
            Assert.InRange(DeviceRests.Get(world.State, Keys.Sensor.Address).Entries.Length, 0, 3 * (int)RestEpochs);
            world.AssertConserved();
        }
        Assert.Equal((int)RestEpochs, RestingOf(Keys.Carol).Length);
    }

    [Fact]
    public void Accusation_FreezesWhatRests_AndItsEndGivesItBackAsIfNothingHadBeen()
    {
        ulong carol = world.Balance(Keys.Carol);
        Statement statement = Earn();
        Assert.Equal(Reason.None, Accuse());

        Assert.Empty(RestingOf(Keys.Carol));
        Assert.Equal(statement.Earned, DeviceRests.Get(world.State, Keys.Sensor.Address).Held);
        world.AssertConserved();
        GoTo(SpendableEpoch + 1); // past its rest: still frozen
        Assert.Equal(DisputeStatus.Released, DisputeStatusAfter(DisputeMs));

        Assert.Equal(carol + Of(statement, Keys.Carol).Grains, world.Balance(Keys.Carol));
        Assert.Empty(DeviceRests.Get(world.State, Keys.Sensor.Address).Entries);
        world.AssertConserved();
    }

    [Fact]
    public void Release_BeforeItsRestIsOver_PutsItBackToRest()
    {
        Statement statement = Earn();
        Assert.Equal(Reason.None, Accuse());
        world.Decided(new RuleDispute(1, Ruling.NotGuilty, 0));

        Assert.Equal([new RestingReward(SpendableEpoch, Of(statement, Keys.Carol))], RestingOf(Keys.Carol));
        Assert.False(DeviceRests.Get(world.State, Keys.Sensor.Address).Frozen);
        world.AssertConserved();
    }

    [Fact]
    public void Ruling_OfGuilt_TakesItsShareOfWhatRestsWhoeverGotIt()
    {
        Statement statement = Earn();
        Assert.Equal(Reason.None, world.RunOne(world.Sign(new TransferDevice(Keys.Sensor.Address, Small.Address, Amount.Zero), Keys.Alice, Small)).Reason);
        Assert.Equal(Reason.None, Accuse());
        ulong treasury = TreasuryRecord.Get(world.State).Balance.Grains;

        world.Decided(new RuleDispute(1, Ruling.Guilty, 400_000));

        Amount ofCarol = Of(statement, Keys.Carol), ofAlice = Of(statement, Keys.Alice);
        Amount takenOfCarol = Of(statement, Keys.Carol, 400_000), takenOfAlice = Of(statement, Keys.Alice, 400_000), taken = takenOfCarol + takenOfAlice;
        Assert.Equal(taken, DisputeRecord.Find(world.State, 1)!.Slashed);
        Assert.Equal(treasury + taken.Grains, TreasuryRecord.Get(world.State).Balance.Grains);
        Assert.Equal(ofCarol - takenOfCarol, RestingOf(Keys.Carol).Single().Amount);
        Assert.Equal(ofAlice - takenOfAlice, RestingOf(Keys.Alice).Single().Amount);
        Assert.Empty(RestingOf(Small)); // who bought it since has earned nothing
        world.AssertConserved();
    }

    [Fact]
    public void Freeze_OfOneDevice_LeavesWhatAnotherHasEarned()
    {
        world.Registered(Keys.Alice, Keys.OtherSensor);
        world.RunOne(world.Proof(Keys.OtherSensor, 1_000));
        Earn();
        Statement other = world.RunOne(world.Proof(Keys.OtherSensor, 1_001)).Statements.Single();
        Assert.Equal(Reason.None, Accuse());

        Assert.Equal([new RestingReward(SpendableEpoch, other.Earned)], RestingOf(Keys.Alice));
        world.AssertConserved();
    }

    private Statement Earn()
    {
        world.RunOne(world.Proof(Keys.Sensor, 1_000));
        GoTo(1);
        return world.RunOne(world.Proof(Keys.Sensor, 999_999)).Statements.Single(statement => statement.Device == Keys.Sensor.Address);
    }

    private Reason Accuse() => world.RunOne(world.Sign(new Accuse(Device, new Exhibit(Hashing.Sha256([1]), IsTransaction: false)), Keys.Bob)).Reason;

    private DisputeStatus DisputeStatusAfter(ulong ms)
    {
        world.NowMs += ms;
        world.Run();
        return DisputeRecord.Find(world.State, 1)!.Status;
    }

    private void GoTo(ulong epoch)
    {
        world.NowMs = world.Genesis.TimeMs + (epoch * EpochMs);
        world.Run();
    }

    private RestingReward[] RestingOf(PrivateKey key) => [.. LedgerQueries.Account(world.State, key.Address).Resting.Entries];

    // An owner who is a payee too has what the shares leave over as a payment of its own.
    private static Amount Of(Statement statement, PrivateKey key, ulong sharePpm = Parameters.Million) => statement.Payments
        .Where(payment => payment.Account == key.Address)
        .Aggregate(Amount.Zero, (sum, payment) => sum + payment.Amount.Share(sharePpm, Parameters.Million));
}
