using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.CreditWorlds;

namespace AppChain.Tests.Ledger;

/// <summary>Tokens become credits, never the other way.</summary>
public class BurnForCreditsTests
{
    [Theory]
    [InlineData(1_000_000, Dollar, 1, 1_000)] // a thousandth of a token of one dollar: a thousandth of a dollar
    [InlineData(1_000_000, Dollar, 7, 142)]
    [InlineData(999, Dollar, 1, 0)]
    [InlineData(1_000, Dollar, 1, 1)]
    [InlineData(1, LedgerLimits.PriceMax, 1, 1_000)]
    public void Burn_IssuesWhatThePriceYields_RoundedDown(ulong grains, ulong price, ulong creditPrice, ulong credits)
    {
        World world = Fixed(price, creditPrice);
        ulong before = world.CreditsOf(Keys.Alice);

        Reason reason = world.Do(Keys.Alice, new BurnForCredits(new Amount(grains)));

        Assert.Equal(credits == 0 ? Reason.BurnYieldsTooLittle : Reason.None, reason);
        Assert.Equal(before + credits, world.CreditsOf(Keys.Alice));
        Assert.Equal(credits == 0 ? 0 : grains, LedgerQueries.Supply(world.State).Supply.Burned.Grains);
        world.AssertConserved();
    }

    [Fact]
    public void Burn_ForAnotherAccount_NeedNotFindOne()
    {
        World world = Fixed(Dollar);

        Assert.Equal(Reason.None, world.Do(Keys.Alice, new BurnForCredits(new Amount(400_000), Keys.Carol.Address)));

        Assert.Equal(400UL, world.CreditsOf(Keys.Carol));
        Assert.Equal(600_000UL, world.Balance(Keys.Alice));
        world.AssertConserved();
    }

    [Fact]
    public void Burn_ForASponsor_FillsItsPool()
    {
        World world = Fixed(Dollar);

        Assert.Equal(Reason.None, world.Do(Keys.Alice, new BurnForCredits(new Amount(400_000), Sponsor: 2)));
        Assert.Equal(Reason.UnknownService, world.Do(Keys.Alice, new BurnForCredits(new Amount(400_000), Sponsor: 9)));

        Assert.Equal(400UL, SponsorRecord.Find(world.State, 2)!.Credits.Units);
        world.AssertConserved();
    }

    [Fact]
    public void Burn_ThatFails_LeavesEverythingButItsNumber()
    {
        World world = Fixed(Dollar);
        (ulong balance, ulong credits) = (world.Balance(Keys.Alice), world.CreditsOf(Keys.Alice));

        Assert.Equal(Reason.InsufficientBalance, world.Do(Keys.Alice, new BurnForCredits(new Amount(balance + 1))));
        Assert.Equal(Reason.BurnYieldsTooLittle, world.Do(Keys.Alice, new BurnForCredits(new Amount(1_000), CreditsMin: new Credits(2))));
        Assert.Equal(Reason.NoPrice, new World(CreditWorlds.Json()).Do(Keys.Alice, new BurnForCredits(new Amount(1_000))));

        Assert.Equal((balance, credits), (world.Balance(Keys.Alice), world.CreditsOf(Keys.Alice)));
        Assert.Equal(0UL, LedgerQueries.Supply(world.State).Supply.Burned.Grains);
    }

    [Fact]
    public void Burn_GoesByTheFeedWhenThereIsOne()
    {
        World world = Fixed(Dollar);
        world.ReportAll(2 * Dollar, 2 * Dollar, 2 * Dollar, 2 * Dollar);

        Assert.Equal(Reason.None, world.Do(Keys.Alice, new BurnForCredits(new Amount(1_000), CreditsMin: new Credits(2))));

        Assert.Equal(1_002UL, world.CreditsOf(Keys.Alice));
    }

    [Fact]
    public void Burn_OfEverythingAtTheHighestPrice_IsRefusedAndNeverOverflows()
    {
        JsonObject json = CreditWorlds.Json();
        json["parameters"]!["priceFallback"] = LedgerLimits.PriceMax;
        json["parameters"]!["supplyMax"] = ulong.MaxValue;
        json["accounts"]![0]!["balance"] = ulong.MaxValue - 500;
        World world = new(json);

        Assert.Equal(Reason.CreditLimitReached, world.Do(Keys.Alice, new BurnForCredits(new Amount(ulong.MaxValue - 500))));
        ulong most = LedgerLimits.CreditsIssuedMax - 2_000; // two thousand are in genesis
        Assert.Equal(Reason.CreditLimitReached, world.Do(Keys.Alice, new BurnForCredits(new Amount((most / 1_000) + 1))));
        Assert.Equal(Reason.None, world.Do(Keys.Alice, new BurnForCredits(new Amount(most / 1_000))));
        Assert.Equal(Reason.CreditLimitReached, world.Do(Keys.Alice, new BurnForCredits(new Amount(1))));

        Assert.Equal(LedgerLimits.CreditsIssuedMax, LedgerQueries.Supply(world.State).Supply.CreditsIssued.Units);
        world.AssertConserved();
    }

    [Fact]
    public void Burn_OfAnAccountWithoutCredits_PaysItsFeeWithWhatItMakes()
    {
        World world = WithFees();
        Transaction burn = world.Sign(new BurnForCredits(new Amount(500_000)), Keys.Bob);
        ulong fee = Fee.Of(ParametersRecord.Get(world.State), burn).Units;

        Assert.Equal(Reason.None, world.RunOne(burn).Reason);

        Assert.True(fee > 10);
        Assert.Equal(500 - fee, world.CreditsOf(Keys.Bob));
        world.AssertConserved();
    }

    [Theory]
    [InlineData(5_000, false)] // five credits: less than the fee
    [InlineData(600_000, false)] // more than Bob has
    [InlineData(500_000, true)] // the credits go to somebody else
    public void Burn_ThatDoesNotBringItsFee_IsSkippedWithoutAnyChange(ulong grains, bool forAnother)
    {
        World world = WithFees();
        string before = world.State.Dump();

        Reason reason = world.Do(Keys.Bob, new BurnForCredits(new Amount(grains), forAnother ? Keys.Alice.Address : null));

        Assert.Equal(Reason.InsufficientCredits, reason);
        Assert.Equal(before, world.State.Dump());
    }

    [Fact]
    public void Burn_WithCreditsAtHand_PaysItsFeeBeforeAndEvenIfItFails()
    {
        World world = WithFees();
        ulong before = world.CreditsOf(Keys.Alice);

        Assert.Equal(Reason.InsufficientBalance, world.Do(Keys.Alice, new BurnForCredits(new Amount(2_000_000))));

        Assert.True(world.CreditsOf(Keys.Alice) < before);
        world.AssertConserved();
    }

    [Fact]
    public void Burn_OfNothingOrForTwo_IsRefused()
    {
        World world = Fixed(Dollar);

        Assert.Equal(Reason.ZeroAmount, Decoded(world, new BurnForCredits(Amount.Zero)));
        Assert.Equal(Reason.TwoReceivers, Decoded(world, new BurnForCredits(new Amount(1), Keys.Bob.Address, 1)));
        Assert.Equal(Reason.UnknownAccount, world.Do(Keys.Carol, new BurnForCredits(new Amount(1))));
    }

    private static Reason Decoded(World world, Message message)
    {
        Body body = new(Keys.Alice.Address, 1, world.NowMs, message);
        return Transaction.TryDecode(TransactionBuilder.Sign(world.Genesis.ChainId, body, Keys.Alice), world.Genesis.ChainId, out _);
    }

    private static World Fixed(ulong price, ulong creditPrice = 1)
    {
        JsonObject json = CreditWorlds.Json();
        json["parameters"]!["priceFallback"] = price;
        json["parameters"]!["creditPrice"] = creditPrice;
        return new World(json);
    }

    private static World WithFees()
    {
        JsonObject json = CreditWorlds.Json();
        json["parameters"]!["priceFallback"] = Dollar;
        json["parameters"]!["feeTokens"] = 10;
        json["parameters"]!["feeBytesPerCredit"] = 100;
        json["accounts"]![1]!["credits"] = 0;
        json["accounts"]![1]!["balance"] = 550_000;
        return new World(json);
    }
}
