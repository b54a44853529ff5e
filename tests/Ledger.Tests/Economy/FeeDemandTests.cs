using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Economy;

/// <summary>Fees by which a service is used: they are demand for it, and no device's usage. Usage that no device has would be minted and nobody's.</summary>
public class FeeDemandTests
{
    [Fact]
    public void Fee_OfBoughtCredits_IsDemandAndNobodysUsage()
    {
        JsonObject json = CreditWorlds.Json();
        json["parameters"]!["feeDemand"] = 10;
        json["parameters"]!["priceFallback"] = EconomyWorlds.Dollar;
        World world = new(json);
        Assert.Equal(Reason.None, world.Do(Keys.Alice, new BurnForCredits(new Amount(1_000_000))));

        world.Open(Keys.Alice, 300);

        ServiceWork work = ServiceWork.Get(world.State, 1);
        Assert.True(work.Burned.Units > 0 && work.Cost > Amount.Zero, $"{work}");
        Assert.Equal((0UL, Amount.Zero), (work.Served.Units, work.Usage));
        world.AssertConserved();
    }
}
