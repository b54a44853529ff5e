using System;
using System.Collections.Generic;

namespace AppChain.Ledger;

/// <summary>What an epoch mints, and to whom it goes.</summary>
/// <remarks>
/// <para>A reward epoch is <c>(block time − genesis time) / epochMs</c>. The first block whose time lies past the open epoch mints for
/// the open epoch and opens the one that its time lies in. Epochs without a block in between mint nothing: nobody worked in them.</para>
/// <para><see cref="Emission"/> says how much that is and what of it treasury and validators (<see cref="ValidatorRewards"/>) have, <see cref="ServicePools"/> what the
/// services that worked have. If none of these earns anything, only the validators' share is minted: they kept the chain all the same.</para>
/// </remarks>
internal static class RewardSchedule
{
    /// <summary>The epoch that a time lies in; times before genesis lie in the first.</summary>
    public static ulong EpochAt(EpochRecord epochs, ParametersRecord parameters, ulong timeMs) =>
        timeMs <= epochs.GenesisMs ? 0 : (timeMs - epochs.GenesisMs) / parameters.EpochMs;

    /// <summary>What the schedule allows an epoch to mint: halved every so often, and never beyond the supply's cap.</summary>
    /// <param name="reminted">What was minted in the place of burned tokens: it is not in the cap.</param>
    public static Amount RewardOf(ulong epoch, ParametersRecord parameters, SupplyRecord supply, Amount reminted)
    {
        ulong halvings = epoch / parameters.EpochsPerHalving;
        Amount scheduled = new(halvings < 64 ? parameters.RewardPerEpoch.Grains >> (int)halvings : 0);
        return Amount.Min(scheduled, parameters.SupplyMax - supply.Genesis - (supply.Minted - reminted));
    }

    public static MintRewards? MintDue(ILedgerState state, ulong timeMs)
    {
        EpochRecord epochs = EpochRecord.Get(state);
        if (EpochAt(epochs, ParametersRecord.Get(state), timeMs) <= epochs.Open)
            return null;

        Emission emission = Emission.Of(state, epochs.Open);
        Price price = Prices.At(state, timeMs);
        (List<PoolMint> pools, Amount dust) = ServicePools.Split(state, emission, price);
        MintRewards mint = new(epochs.Open, pools.Count == 0 ? Amount.Zero : emission.Treasury + dust, pools)
        {
            Validators = ValidatorRewards.Split(state, emission.Validators),
            Scheduled = emission.Scheduled,
            Net = emission.Net,
            FloorPpm = emission.FloorPpm,
            Price = price.MicroDollars,
        };
        return Breaker.Check(EmissionRecord.Get(state), emission, mint, timeMs);
    }
}
