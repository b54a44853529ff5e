using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Economy;

/// <summary>Whoever is paid for a device and pays it has less of that counted, as its owner has.</summary>
public class OwnUsageTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Usage_ByAPayee_CountsAsTheOwnersDoes(bool isPayee)
    {
        JsonObject json = CreditWorlds.Json();
        json["accounts"]![0]!["credits"] = 0; // all that Alice has is bought
        json["parameters"]!["priceFallback"] = EconomyWorlds.Dollar;
        World world = new(json);
        world.Registered(Keys.Bob, Keys.Sensor);
        if (isPayee)
        {
            SetPayout shares = new(Keys.Sensor.Address, new Payee(Keys.Alice.Address, 1), new Payee(Keys.Bob.Address, 999_999));
            Assert.Equal(Reason.None, world.Do(Keys.Bob, shares));
        }
        Assert.Equal(Reason.None, world.Do(Keys.Alice, new BurnForCredits(new Amount(1_000_000))));
        ChannelId channel = world.Open(Keys.Alice, 300);

        Assert.Equal(Reason.None, world.Do(Keys.Alice, new RedeemVoucher(CreditWorlds.Voucher(Keys.Alice, channel, Keys.Sensor, 1, 100))));

        // At a dollar a token, a credit costs a thousand grains.
        Amount cost = new(100_000);
        ulong rate = ParametersRecord.Get(world.State)[Parameter.OwnUsageRate];
        Assert.True(rate < Parameters.Million);
        Assert.Equal(isPayee ? cost.Share(rate, Parameters.Million) : cost, ServiceWork.Get(world.State, 1).Usage);
    }
}
