using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.Economy.EconomyWorlds;

namespace AppChain.Tests.Ledger.Economy;

/// <summary>What an epoch mints, number by number, as docs/economics.md has it.</summary>
public class EmissionTests
{
    [Fact]
    public void Epoch_OfThePagesExample_MintsWhatThePageSays()
    {
        SimulatedEconomy economy = Create(("demandEpochs", 1));
        (Address device, Address other, Address user) = Devices(economy);
        Address idle = economy.AddDevice("idle", economy.AddAccount("another owner", default), 1);
        for (int epoch = 0; epoch < 90; epoch++)
        {
            economy.Pay(user, 1, device, Tokens(100));
            economy.Pay(user, 2, other, Tokens(40));
            economy.EndEpoch();
        }
        economy.Pay(user, 1, device, Tokens(10));
        economy.Pay(user, 1, idle, Tokens(90));
        economy.Pay(user, 2, other, Tokens(40));
        economy.Work(1, device, 2);
        economy.Work(1, idle, 98);
        economy.Work(2, other, 1);

        MintRewards mint = economy.EndEpoch();

        Assert.Equal((750_000u, Tokens(1_000)), (mint.FloorPpm, mint.Scheduled));
        Assert.Equal(140.0, InTokens(mint.Net), 0.001);
        Assert.Equal(100.0, InTokens(mint.Treasury), 0.001);
        Assert.Equal(187.0, mint.Validators.Sum(validator => InTokens(validator.Amount)), 0.001);
        Assert.Equal([403.571, 449.429], mint.Pools.Select(pool => Math.Round(InTokens(pool.Share), 3)));
        Assert.Equal([90.0, 36.0], mint.Pools.Select(pool => Math.Round(InTokens(pool.Shares.Usage), 3)));
        Assert.Equal([40.0, 288.0], mint.Pools.Select(pool => Math.Round(InTokens(pool.Shares.Coverage), 3)));
        Assert.Equal(741.0, InTokens(mint.Total), 0.001);
        EpochWork work = default(EpochWork) with { Units = 2, Usage = Tokens(10) };
        Assert.Equal(9.8, InTokens(mint.Pools[0].Shares.Of(work)), 0.001);
    }

    [Fact]
    public void Emission_WithoutDemand_IsTheScheduleByWeightAndNothingElse()
    {
        SimulatedEconomy economy = Create(("floorHalvingEpochs", 100));
        (Address device, Address other, Address _) = Devices(economy);
        for (ulong epoch = 0; epoch < 250; epoch++)
        {
            economy.Work(1, device, 1);
            economy.Work(2, other, 1);
            MintRewards mint = economy.EndEpoch();

            Amount services = mint.Scheduled - mint.Scheduled.Share(1, 10);
            services -= services.Share(2, 10);
            Amount floor = services.Share(mint.FloorPpm, Parameters.Million);
            Assert.Equal((Amount.Zero, floor.Share(1, 3), floor.Share(2, 3)), (mint.Net, mint.Pools[0].Shares.Total, mint.Pools[1].Shares.Total));
        }
        Assert.Equal(
            [1_000_000u, 995_000u, 500_000u, 497_500u, 250_000u, 0u],
            new ulong[] { 0, 1, 100, 101, 200, 10_000 }.Select(epoch => Emission.FloorAt(epoch, ParametersRecord.Default.With(
                KeyValuePair.Create(Parameter.FloorHalvingEpochs, 100UL)))));
    }

    [Fact]
    public void Smoothed_OfOneBurn_NeverAddsUpToMoreThanIt()
    {
        SimulatedEconomy economy = Create();
        (Address device, Address _, Address user) = Devices(economy);
        economy.Pay(user, 1, device, Tokens(1_000));

        UInt128 net = 0;
        ulong first = 0;
        for (int epoch = 0; epoch < 400; epoch++)
        {
            ulong grains = economy.EndEpoch().Net.Grains;
            first = epoch == 0 ? grains : first;
            net += grains;
        }

        Assert.Equal(Tokens(1_000).Grains / 7, first);
        Assert.InRange((ulong)net, Tokens(999).Grains, Tokens(1_000).Grains);
    }

    [Fact]
    public void Net_BeyondItsMost_IsCut()
    {
        SimulatedEconomy economy = Create(("netEmissionMax", Tokens(3).Grains));
        (Address device, Address _, Address user) = Devices(economy);
        economy.Pay(user, 1, device, Tokens(1_000));

        Assert.Equal(Tokens(3), economy.EndEpoch().Net);
    }

    [Fact]
    public void Coverage_AtParity_IsNothing()
    {
        SimulatedEconomy economy = Create(("floorHalvingEpochs", 0));
        (Address device, Address _, Address user) = Devices(economy);
        economy.Work(1, device, 1);
        economy.Pay(user, 1, device, Tokens(100_000));

        PoolMint pool = economy.EndEpoch().Pools.Single();

        Assert.True(pool.BurnedValue >= pool.Share);
        Assert.Equal((Amount.Zero, pool.Share.Share(700_000, Parameters.Million)), (pool.Shares.Coverage, pool.Shares.Usage));
    }

    [Fact]
    public void Usage_OfCreditsThatCostNothing_IsNothing()
    {
        World world = new(CreditWorlds.Json());
        world.Registered(Keys.Bob, Keys.Sensor);
        ChannelId channel = world.Open(Keys.Alice, 500);

        Assert.Equal(Reason.None, world.Do(Keys.Alice, new RedeemVoucher(CreditWorlds.Voucher(Keys.Alice, channel, Keys.Sensor, 1, 500))));

        ServiceWork work = ServiceWork.Get(world.State, 1);
        Assert.Equal((500UL, Amount.Zero, Amount.Zero), (work.Burned.Units, work.Cost, work.Usage));
        Assert.True(world.Work(Keys.Sensor).Work.IsEmpty);
    }

    [Fact]
    public void Usage_ByTheOwnerOrAPayee_CountsNineTenths()
    {
        SimulatedEconomy economy = Create(("floorShare", 0));
        Address owner = economy.AddAccount("owner", Tokens(100)), user = economy.AddAccount("user", Tokens(100));
        Address device = economy.AddDevice("device", owner, 1);
        economy.Pay(owner, 1, device, Tokens(10));
        economy.Pay(user, 1, device, Tokens(10));

        PoolShares shares = economy.EndEpoch().Pools.Single().Shares;

        Assert.Equal(Tokens(19), shares.Used);
        Assert.Equal(Tokens(19).Share(9, 10), shares.Usage);
    }

    [Fact]
    public void Usage_WithoutVerdicts_IsSettledToo()
    {
        SimulatedEconomy economy = Create(("restEpochs", 0), ("floorShare", 0));
        Address owner = economy.AddAccount("owner", default), user = economy.AddAccount("user", Tokens(100));
        Address device = economy.AddDevice("device", owner, 3);
        economy.Pay(user, 3, device, Tokens(10));
        economy.EndEpoch();
        economy.EndEpoch();

        economy.Settle(device);

        Assert.Equal(Tokens(9), economy.Balance(owner));
        economy.EndEpoch();
        Assert.True(economy.Audit().Conserved);
    }

    [Fact]
    public void Usage_AfterThePriceFell_EarnsWhatWasBurnedAndNotWhatTheCreditsAreWorthNow()
    {
        SimulatedEconomy economy = Create(("floorShare", 0));
        (Address device, Address _, Address user) = Devices(economy);
        Assert.Equal(Reason.None, economy.Burn(user, Tokens(10)));
        economy.SetPrice(Dollar / 100);
        economy.Serve(1, device, user, CreditsFor(10));

        Assert.Equal(Tokens(9), economy.EndEpoch().Pools.Single().Shares.Usage);
    }

    [Fact]
    public void Usage_AfterThePriceRose_EarnsWhatTheCreditsAreWorthNow()
    {
        SimulatedEconomy economy = Create(("floorShare", 0));
        (Address device, Address _, Address user) = Devices(economy);
        Assert.Equal(Reason.None, economy.Burn(user, Tokens(10)));
        economy.SetPrice(Dollar * 10);
        economy.Serve(1, device, user, CreditsFor(10));

        PoolMint pool = economy.EndEpoch().Pools.Single();

        Assert.Equal((Tokens(10), Tokens(1), Tokens(1).Share(9, 10)), (pool.Shares.Used, pool.BurnedValue, pool.Shares.Usage));
    }

    [Fact]
    public void Cost_OfSpentCredits_IsTheAverageAndAddsUpToWhatWasBurned()
    {
        CreditCost cost = default(CreditCost).With(new Credits(3), new Amount(10)).With(new Credits(4), new Amount(1));
        Amount sum = Amount.Zero;
        foreach (ulong credits in (ulong[])[2, 1, 3, 9])
        {
            cost = cost.Spend(new Credits(credits), out Amount part);
            sum += part;
        }

        Assert.Equal((default(CreditCost), new Amount(11)), (cost, sum));
        Assert.Equal(default, cost.Spend(new Credits(5), out Amount none));
        Assert.Equal(Amount.Zero, none);
    }

    [Fact]
    public void Breaker_ASplitThatPaysTwice_MintsNothing()
    {
        SimulatedEconomy economy = Create();
        (Address device, Address _, Address user) = Devices(economy);
        economy.Work(1, device, 1);
        economy.Pay(user, 1, device, Tokens(50));
        MintRewards honest = economy.EndEpoch();
        EmissionRecord before = new(default, default, default, 0, default, default);
        Emission emission = new(honest.Scheduled, honest.Net);
        MintRewards exact = new(0, emission.Total) { Scheduled = emission.Scheduled, Net = emission.Net };
        MintRewards wrong = new(0, emission.Total + new Amount(1)) { Scheduled = emission.Scheduled, Net = emission.Net };

        Assert.Same(exact, Breaker.Check(before, emission, exact, 5));
        Assert.Equal(Amount.Zero, Breaker.Check(before, emission, wrong, 5).Total);
        EmissionRecord spent = Breaker.After(before, exact, 5);
        Assert.Same(exact, Breaker.Check(spent, emission, exact, 6)); // each epoch of a day has its own allowance
        Assert.Equal(Amount.Zero, Breaker.Check(spent with { Minted = spent.Minted + new Amount(1) }, emission, exact, 6).Total);
        EmissionRecord nextDay = Breaker.After(spent, honest, 2 * 86_400_000);
        Assert.Equal((2UL, honest.Total), (nextDay.Day, nextDay.Minted));
    }

    [Theory]
    [InlineData(900_000, 100_001)]
    [InlineData(1_000_000, 1)]
    public void Genesis_WhereMoreComesBackThanIsBurned_IsRefused(ulong usage, ulong validators)
    {
        var json = TestGenesis.Json();
        json["parameters"]!["usageRate"] = usage;
        json["parameters"]!["validatorsBurnShare"] = validators;

        Assert.False(Genesis.TryParse(TestGenesis.Bytes(json), out _, out string? _));
    }

    private static double InTokens(Amount amount) => amount.Grains / 1e9;

    private static (Address Device, Address Other, Address User) Devices(SimulatedEconomy economy)
    {
        Address owner = economy.AddAccount("owner", default);
        return (economy.AddDevice("one", owner, 1), economy.AddDevice("two", owner, 2), economy.AddAccount("user", Tokens(1_000_000)));
    }
}
