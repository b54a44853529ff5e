using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Economy;

/// <summary>Economies of the tests: two services with weights 1 and 2, one without, a token for a dollar.</summary>
internal static class EconomyWorlds
{
    public const ulong Dollar = 1_000_000;

    /// <param name="parameters">Values that differ from the defaults.</param>
    public static SimulatedEconomy Create(params (string Name, ulong Value)[] parameters)
    {
        JsonObject json = TestGenesis.Json();
        JsonObject own = json["parameters"]!.AsObject();
        foreach (string name in (string[])["floorHalvingEpochs", "restEpochs", "validatorsShare", "epochsPerHalving", "rewardPerEpoch", "supplyMax"])
            own.Remove(name);
        own["epochMs"] = 86_400_000;
        own["rewardPerEpoch"] = 1_000 * Amount.GrainsPerToken;
        own["priceFallback"] = Dollar;
        foreach ((string name, ulong value) in parameters)
            own[name] = value;
        JsonNode free = json["services"]![0]!.DeepClone();
        (free["id"], free["name"], free["rewardWeight"]) = (3, "free", 0);
        json["services"]!.AsArray().Add(free);
        return new SimulatedEconomy(TestGenesis.Read(json));
    }

    public static Amount Tokens(ulong tokens) => Amount.FromTokens(tokens);

    /// <summary>What that many tokens buy at a dollar each.</summary>
    public static Credits CreditsFor(ulong tokens) => new(tokens * Dollar);

    /// <summary>Burns tokens and spends all that they bring on a device.</summary>
    public static void Pay(this SimulatedEconomy economy, Address payer, uint service, Address device, Amount burned)
    {
        Credits before = economy.CreditsOf(payer);
        Assert.Equal(Reason.None, economy.Burn(payer, burned));
        economy.Serve(service, device, payer, economy.CreditsOf(payer) - before);
    }
}
