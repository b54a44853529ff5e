using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.CreditWorlds;

namespace AppChain.Tests.Ledger;

/// <summary>What reporters say, and the price that comes of it.</summary>
public class PriceFeedTests
{
    private const ulong MinuteMs = 60_000;
    private static readonly ulong StaleMs = ParametersRecord.Default[Parameter.PriceStaleMs];

    private readonly World world = new(CreditWorlds.Json());

    [Fact]
    public void Price_BeforeAnyReport_IsTheFallbackOrNone()
    {
        JsonObject json = CreditWorlds.Json();
        json["parameters"]!["priceFallback"] = 77;

        Assert.Equal(new Price(0, PriceBasis.None), world.Price());
        Assert.Equal(new Price(77, PriceBasis.Fallback), new World(json).Price());
    }

    [Fact]
    public void Price_NeedsAQuorumOfReporters()
    {
        world.ReportAll(Dollar, Dollar, Dollar);
        Assert.Equal(PriceBasis.None, world.Price().Basis);

        Assert.Equal(Reason.None, world.Report(Reporters[3], Dollar));

        Assert.Equal(new Price(Dollar, PriceBasis.Current), world.Price());
    }

    [Theory]
    [InlineData(new ulong[] { 50, 10, 40, 20 }, 20)] // of an even number the lower middle one
    [InlineData(new ulong[] { 50, 10, 40, 20, 30 }, 30)]
    [InlineData(new ulong[] { 1, 1, 900, 900, 900 }, 900)]
    public void Price_IsTheMedianOfTheReports(ulong[] reports, ulong median)
    {
        world.Run([.. reports.Select((price, i) => world.Sign(new SubmitPrice(price, world.NowMs), Reporters[i]))]);

        Assert.Equal(median, LedgerQueries.Price(world.State, world.NowMs).Median);
        Assert.True(world.Price().MicroDollars <= median);
    }

    [Fact]
    public void Price_WhenReportsAreStale_IsTheLastLessAMargin()
    {
        world.ReportAll(Dollar, Dollar, Dollar, Dollar);
        world.NowMs += StaleMs;
        Assert.Equal(new Price(Dollar, PriceBasis.Current), world.Price());

        world.NowMs++;

        Assert.Equal(new Price(900_000, PriceBasis.Stale), world.Price());
    }

    [Fact]
    public void Price_FallsAtOnceAndRisesWhenMostOfTheWindowHasRisen()
    {
        for (int minute = 0; minute < 60; minute += 5, world.NowMs += 5 * MinuteMs)
            world.ReportAll(Dollar, Dollar, Dollar, Dollar);
        List<ulong> prices = [];
        for (int minute = 0; minute < 60; minute += 5, world.NowMs += 5 * MinuteMs)
        {
            world.ReportAll(3 * Dollar, 3 * Dollar, 3 * Dollar, 3 * Dollar);
            prices.Add(world.Price().MicroDollars / Dollar);
        }
        Assert.Equal([1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3], prices);

        world.ReportAll(Dollar / 2, Dollar / 2, Dollar / 2, Dollar / 2);

        Assert.Equal(new Price(Dollar / 2, PriceBasis.Current), world.Price());
    }

    [Fact]
    public void Reporter_WhoLeavesTheList_CountsNoMore()
    {
        world.ReportAll(10, 20, 30, 40);
        PriceReporters fewer = new([.. Reporters[..4].Select(reporter => reporter.Address).Order()]);
        world.State.Apply([new LedgerChange(StateKey.PriceReporters.Bytes.ToArray(), fewer.Encode())]);
        Assert.Equal(20UL, LedgerQueries.Price(world.State, world.NowMs).Median); // three of four are a quorum now

        PriceReporters other = fewer with { Accounts = [.. fewer.Accounts.Take(1), Keys.Alice.Address, Keys.Bob.Address, Keys.Carol.Address] };
        world.State.Apply([new LedgerChange(StateKey.PriceReporters.Bytes.ToArray(), other.Encode())]);

        Assert.Equal(PriceBasis.Stale, world.Price().Basis);
        Assert.Equal(Reason.None, world.Report(Keys.Alice, 50));
        Assert.Equal(2, PriceFeed.Get(world.State).Reports.Length); // those of the others are gone
    }

    [Fact]
    public void Report_OfAStranger_IsSkippedWithoutAnyChange()
    {
        string before = world.State.Dump();

        Assert.Equal(Reason.NotAPriceReporter, world.Report(Keys.Alice, Dollar));
        Assert.Equal(Reason.UnknownAccount, world.Report(Keys.Carol, Dollar));

        Assert.Equal(before, world.State.Dump());
    }

    [Fact]
    public void Report_ThatIsNotNewerOrNotTimely_Fails()
    {
        Assert.Equal(Reason.PriceReportUntimely, world.Report(Reporters[0], Dollar, world.NowMs - StaleMs - 1));
        Assert.Equal(Reason.PriceReportUntimely, world.Report(Reporters[0], Dollar, world.NowMs + 10_001));
        Assert.Equal(Reason.None, world.Report(Reporters[0], Dollar, world.NowMs - StaleMs));
        Assert.Equal(Reason.None, world.Report(Reporters[0], Dollar, world.NowMs + 10_000));
        Assert.Equal(Reason.PriceReportNotNewer, world.Report(Reporters[0], Dollar, world.NowMs + 10_000));
        Assert.Equal(Reason.PriceReportNotNewer, world.Report(Reporters[0], Dollar, world.NowMs));
    }

    [Theory]
    [InlineData(0UL, 1UL)]
    [InlineData(1UL, 0UL)]
    [InlineData(1_000_000_000_001UL, 1UL)]
    public void Report_OutOfRange_IsRefused(ulong price, ulong observedMs)
    {
        Body body = new(Reporters[0].Address, 1, world.NowMs, new SubmitPrice(price, observedMs));
        byte[] encoded = TransactionBuilder.Sign(world.Genesis.ChainId, body, Reporters[0]);

        Assert.Equal(Reason.PriceOutOfRange, Transaction.TryDecode(encoded, world.Genesis.ChainId, out _));
    }

    // With a quorum of four, one liar is less than half of it; the others may be honest, late or away.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Liars_LessThanHalfOfAQuorum_CannotMoveThePriceBeyondTheHonestOnes(int seed)
    {
        Random random = new(seed);
        (ulong low, ulong high) = (900_000, 1_100_000);
        int current = 0, stale = 0;
        for (int i = 0; i < 1_500; i++)
        {
            world.NowMs += (ulong)random.Next(1, random.Next(20) == 0 ? 900_000 : 90_000);
            int who = random.Next(Reporters.Length);
            ulong lie = random.Next(2) == 0 ? (ulong)random.NextInt64(1, 1_000) : (ulong)random.NextInt64(1, (long)LedgerLimits.PriceMax);
            ulong price = who == 0 ? lie : (ulong)random.NextInt64((long)low, (long)high + 1);
            Assert.Equal(Reason.None, world.Report(Reporters[who], price, world.NowMs - (ulong)random.Next(2)));

            Price found = world.Price();
            if (found.Basis == PriceBasis.Current)
            {
                current++;
                Assert.InRange(found.MicroDollars, low, high);
            }
            else if (found.Basis == PriceBasis.Stale)
            {
                stale++;
                Assert.InRange(found.MicroDollars, low * 9 / 10, high * 9 / 10);
            }
            Assert.InRange(PriceFeed.Get(world.State).Samples.Length, 0, LedgerLimits.PriceSamplesMax);
        }
        Assert.True(current > 100 && stale > 100, $"{current} current, {stale} stale: hardly tried");
    }

    [Fact]
    public void Genesis_ReadsReportersStrictly()
    {
        JsonObject twice = CreditWorlds.Json();
        twice["priceReporters"]!.AsArray().Add(App(Reporters[0]));
        JsonObject many = CreditWorlds.Json();
        for (int i = 0; i < LedgerLimits.PriceReportersMax; i++)
            many["priceReporters"]!.AsArray().Add(App(Keys.Of($"one more {i}")));

        Assert.Equal(Reporters.Select(reporter => reporter.Address).Order(), world.Genesis.PriceReporters);
        Assert.False(Genesis.TryParse(TestGenesis.Bytes(twice), out _, out string? error));
        Assert.Contains("priceReporters", error);
        Assert.False(Genesis.TryParse(TestGenesis.Bytes(many), out _, out error));
        Assert.Contains("an array of 0 to 16 elements", error);
    }
}
