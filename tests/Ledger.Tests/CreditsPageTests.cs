using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.CreditWorlds;

namespace AppChain.Tests.Ledger;

/// <summary>The worked example of docs/credits.md, number by number.</summary>
public class CreditsPageTests
{
    private const ulong HourMs = 3_600_000;

    private readonly World world = new(Json());

    [Fact]
    public void Example_ComesOutAsThePageSays()
    {
        for (ulong minute = 0; minute < 60; minute += 5, world.NowMs += 5 * HourMs / 60)
            world.ReportAll(500_000, 500_000, 500_000, 500_000);
        world.ReportAll(520_000, 9_000_000, 500_000, 505_000);
        Assert.Equal(505_000UL, LedgerQueries.Price(world.State, world.NowMs).Median);
        Assert.Equal(500_000UL, world.Price().MicroDollars);

        (Transaction burn, ulong before) = (world.Sign(new BurnForCredits(Amount.FromTokens(20)), Keys.Alice), world.CreditsOf(Keys.Alice));
        Assert.Equal(Reason.None, world.RunOne(burn).Reason);
        Assert.Equal(before + 10_000_000 - FeeOf(burn), world.CreditsOf(Keys.Alice));

        world.Registered(Keys.Bob, Keys.Sensor);
        world.Registered(Keys.Bob, Keys.OtherSensor);
        Transaction opening = world.Sign(new OpenChannel(1, new Credits(1_000_000), null, world.NowMs + (24 * HourMs)), Keys.Alice);
        ulong opened = world.CreditsOf(Keys.Alice) - 1_000_000 - 12;
        Assert.Equal(Reason.None, world.RunOne(opening).Reason);
        Assert.Equal(opened, world.CreditsOf(Keys.Alice));

        ChannelId channel = ChannelId.OpenedBy(opening.Id);
        Assert.Equal(Reason.None, world.Do(Keys.Bob, new RedeemVoucher(Voucher(Keys.Alice, channel, Keys.Sensor, 10, 250_000))));
        Assert.Equal(250_012UL, LedgerQueries.Service(world.State, 1)!.EpochBurned.Units);
        Assert.Equal(250_000UL, LedgerQueries.Usage(world.State, Keys.Sensor.Address, 1)!.Credits.Units);

        Transaction close = world.Sign(new CloseChannel(channel), Keys.Alice);
        Assert.Equal(Reason.None, world.RunOne(close).Reason);
        world.NowMs += HourMs;
        Assert.Equal(Reason.None, world.Do(Keys.Bob, new RedeemVoucher(Voucher(Keys.Alice, channel, Keys.OtherSensor, 1, 100_000))));
        world.NowMs += 24 * HourMs;
        world.Run();
        Assert.Equal(opened - FeeOf(close) + 650_000, world.CreditsOf(Keys.Alice));
        world.AssertConserved();
    }

    [Fact]
    public void Proof_OfTwoMetrics_CostsTwoCredits()
    {
        Transaction proof = world.Proof(Keys.Sensor, 12_300, 5_100);

        Assert.Equal(2UL, FeeOf(proof));
    }

    private ulong FeeOf(Transaction transaction) => Fee.Of(ParametersRecord.Get(world.State), transaction).Units;

    // The chain's defaults where the page speaks of them.
    private static JsonObject Json()
    {
        JsonObject json = CreditWorlds.Json();
        json["accounts"]![0]!["balance"] = Amount.FromTokens(20).Grains;
        foreach (JsonNode? account in json["accounts"]!.AsArray())
            account!["credits"] = 1_000;
        json["priceReporters"]!.AsArray().RemoveAt(4);
        foreach (Parameter byDefault in (Parameter[])
            [
                Parameter.EpochMs, Parameter.FeeBytesPerCredit, Parameter.FeeTokens, Parameter.FeeProofs, Parameter.FeeDemand,
                Parameter.ChannelChallengeMs, Parameter.ChannelLifetimeMaxMs,
            ])
        {
            json["parameters"]!.AsObject().Remove(Parameters.Find(byDefault)!.Name);
        }
        return json;
    }
}
