using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli.Economy;

/// <summary>One epoch of a simulated economy.</summary>
/// <param name="Epoch">Its number.</param>
/// <param name="Demand">What was assumed.</param>
/// <param name="Burned">Tokens that users burned.</param>
/// <param name="Mint">What was minted.</param>
/// <param name="Circulating">Tokens after it.</param>
internal sealed record SimulatedEpoch(ulong Epoch, Demand Demand, Amount Burned, MintRewards Mint, Amount Circulating)
{
    public Amount Usage => Mint.Pools.Aggregate(Amount.Zero, static (sum, pool) => sum + pool.Shares.Usage);

    public Amount Coverage => Mint.Pools.Aggregate(Amount.Zero, static (sum, pool) => sum + pool.Shares.Coverage);

    public Amount Validators => Mint.Validators.Aggregate(Amount.Zero, static (sum, validator) => sum + validator.Amount);
}

/// <summary>
/// Runs a genesis for years. Each of its services has one device, which works in every epoch. One user spends the demand: half of it on the first service, half of the rest on the next, and so on. What
/// the devices earn comes back to the user when it can be spent, as if he had bought it: what is burned is bounded by what there is.
/// </summary>
internal static class EconomyRun
{
    private const ulong Dollar = 1_000_000;

    public static IEnumerable<SimulatedEpoch> Of(Genesis genesis, DemandCurve curve, ulong epochs)
    {
        SimulatedEconomy economy = new(genesis);
        Address user = economy.AddAccount("user", genesis.Accounts.Aggregate(Amount.Zero, static (sum, account) => sum + account.Balance));
        Address provider = economy.AddAccount("provider", Amount.Zero);
        (uint Service, Address Device)[] devices =
            [.. economy.Services.Select(service => (service, economy.AddDevice($"device {service}", provider, service)))];
        for (ulong epoch = 0; epoch < epochs; epoch++)
        {
            Demand demand = curve.At(epoch);
            Amount before = economy.Supply.Burned;
            economy.SetPrice(demand.Price);
            economy.Move(provider, user, economy.Balance(provider));
            Credits wanted = new(demand.Dollars * Dollar / economy[Parameter.CreditPrice]);
            Amount cost = new Price(demand.Price, PriceBasis.Fallback).TokensFor(wanted, economy[Parameter.CreditPrice]);
            economy.Burn(user, Amount.Min(cost, economy.Balance(user))); // nothing to burn: there is no demand
            for (int i = 0; i < devices.Length; i++)
            {
                (uint service, Address device) = devices[i];
                economy.Work(service, device, Parameters.Million);
                ulong left = economy.CreditsOf(user).Units;
                economy.Serve(service, device, user, new Credits(i == devices.Length - 1 ? left : left / 2));
            }
            Amount burned = economy.Supply.Burned - before;
            MintRewards mint = economy.EndEpoch();
            yield return new SimulatedEpoch(epoch, demand, burned, mint, economy.Supply.Circulating);
        }
    }
}
