using AppChain.Crypto;
using AppChain.Ledger;
using FsCheck;
using FsCheck.Fluent;
using static AppChain.Tests.Ledger.Economy.EconomyWorlds;

namespace AppChain.Tests.Ledger.Economy;

/// <summary>
/// Somebody with many accounts and devices tries to earn by paying himself: at random, in every mix of services, prices, empty epochs and honest neighbours. The same world
/// without his payments says what he would have had anyway.
/// </summary>
public class HostileEconomyTests
{
    [Fact]
    public void Strategy_WhateverItIs_EarnsNoMoreThanWithoutIt() => Prop.ForAll<int>(
        seed =>
        {
            Outcome with = Play(seed, attacks: true), without = Play(seed, attacks: false);
            long gain = with.Gain - without.Gain;
            Assert.True(gain <= 0, $"seed {seed}: {gain} grains gained by burning {with.Burned}");
            Assert.True(with.Burned == 0 || gain < 0, $"seed {seed}: burning {with.Burned} cost nothing");
            Assert.True(with.Reminted <= with.Burned + with.HonestBurned, $"seed {seed}: {with}");
        }).QuickCheckThrowOnFailure();

    private sealed record Outcome(long Gain, ulong Burned, ulong HonestBurned, ulong Reminted);

    // Honest users pay in each epoch, below what an epoch can pay back: what burning shifts between services then is docs/economics.md's own paragraph.
    private static Outcome Play(int seed, bool attacks)
    {
        Random world = new(seed), attack = new(seed + 1);
        SimulatedEconomy economy = Create(
            ("floorHalvingEpochs", (ulong)world.Next(3) * 20), ("demandEpochs", (ulong)world.Next(1, 10)), ("restEpochs", (ulong)world.Next(4)),
            ("rewardPerEpoch", Tokens((ulong)world.Next(1_000, 3_000)).Grains));
        Address honest = economy.AddAccount("honest", Tokens(1_000_000)), user = economy.AddAccount("user", Tokens(1_000_000));
        Address[] names = [.. Enumerable.Range(0, 3).Select(i => economy.AddAccount($"name {i}", Tokens(1_000_000)))];
        Address[][] devices = [.. Enumerable.Range(1, 3).Select(service => new[]
        {
            economy.AddDevice($"honest {service}", honest, (uint)service),
            economy.AddDevice($"own {service}", names[0], (uint)service),
            economy.AddDevice($"other {service}", names[1], (uint)service),
        })];
        bool holdsServices = world.Next(2) == 0; // all the units of some service are his
        ulong burned = 0, honestBurned = 0, minted = 0, scheduled = 0;
        List<ulong> spentOn = [];
        for (int epoch = 0; epoch < 25; epoch++)
        {
            ulong price = Dollar * (ulong)world.Next(1, 40) / 10;
            economy.SetPrice(price);
            bool empty = world.Next(6) == 0;
            for (uint service = 1; service <= 3 && !empty; service++)
            {
                if (!(holdsServices && service == 1))
                    economy.Work(service, devices[service - 1][0], (ulong)world.Next(1, 5));
                for (int own = 1; own < 3; own++)
                {
                    if (world.Next(3) > 0)
                        economy.Work(service, devices[service - 1][own], (ulong)world.Next(1, 5));
                }
                // Honest demand is for the honest device: what others pay for the attacker's work is no gain by burning.
                Amount pays = Tokens((ulong)world.Next(0, 5));
                if (pays != Amount.Zero && economy.Burn(user, pays) == Reason.None)
                {
                    economy.Serve(service, devices[service - 1][0], user, economy.CreditsOf(user));
                    honestBurned += pays.Grains;
                }
            }
            if (attacks && attack.Next(3) > 0)
                burned += Attack(attack, economy, names, devices);
            MintRewards mint = economy.EndEpoch();
            AssertPools(mint, economy);
            Assert.True(mint.Total <= mint.Scheduled + mint.Net, $"seed {seed}: {mint.Total} minted");
            (minted, scheduled) = (minted + mint.Total.Grains, scheduled + mint.Scheduled.Grains);
        }
        for (int epoch = 0; epoch < 60; epoch++)
        {
            // Smoothed demand runs out while everybody goes on working: what burning has bought in the future is counted, too.
            for (uint service = 1; service <= 3; service++)
            {
                foreach (Address device in devices[service - 1])
                    economy.Work(service, device, 1);
            }
            MintRewards mint = economy.EndEpoch();
            Assert.True(mint.Total <= mint.Scheduled + mint.Net);
            (minted, scheduled) = (minted + mint.Total.Grains, scheduled + mint.Scheduled.Grains);
        }
        foreach (Address device in devices.SelectMany(static all => all))
            economy.Settle(device);
        economy.EndEpoch();
        Assert.True(economy.Audit().Conserved, economy.Audit().ToString());
        long wealth = names.Sum(name => (long)economy.Wealth(name).Grains) - (3 * (long)Tokens(1_000_000).Grains);
        return new Outcome(wealth, burned, honestBurned, minted > scheduled ? minted - scheduled : 0);
    }

    // Burns under any name, a little or all that he has in mind at once, and spends some or all of the credits on any of his devices, now or later.
    private static ulong Attack(Random attack, SimulatedEconomy economy, Address[] names, Address[][] devices)
    {
        Address payer = names[attack.Next(names.Length)];
        Amount amount = new((ulong)attack.NextInt64(1, (long)Tokens(attack.Next(4) == 0 ? 900UL : 30UL).Grains));
        ulong burned = attack.Next(4) > 0 && economy.Burn(payer, amount) == Reason.None ? amount.Grains : 0;
        for (int i = attack.Next(4); i > 0; i--)
        {
            int service = attack.Next(3);
            ulong credits = economy.CreditsOf(payer).Units;
            Credits part = new(attack.Next(2) == 0 ? credits : credits / 3);
            economy.Serve((uint)service + 1, devices[service][attack.Next(1, 3)], payer, part);
        }
        return burned;
    }

    private static void AssertPools(MintRewards mint, SimulatedEconomy economy)
    {
        foreach (PoolMint pool in mint.Pools)
        {
            Assert.True(pool.Shares.Usage <= pool.Shares.Used.Share(economy[Parameter.UsageRate], Parameters.Million), $"{pool}");
            Assert.True(pool.Shares.Usage <= pool.BurnedValue, $"{pool}");
            Assert.True(pool.Shares.Total <= pool.Share, $"{pool}");
            Assert.True(pool.Weight > 0 || pool.Shares.Coverage == Amount.Zero, $"a service without weight has a floor: {pool}");
        }
    }
}
