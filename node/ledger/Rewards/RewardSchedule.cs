using System;
using System.Collections.Generic;

namespace AppChain.Ledger;

/// <summary>What an epoch mints, and to whom it goes.</summary>
/// <remarks>
/// <para>A reward epoch is <c>(block time − genesis time) / epochMs</c>. The first block whose time lies past the open epoch mints for
/// the open epoch and opens the one that its time lies in. Epochs without a block in between mint nothing: nobody worked in them.</para>
/// <para>The treasury takes its share of it, validators and delegators theirs of what is left (<see cref="ValidatorRewards"/>), and the services that
/// worked share the rest by their weights. If none with a weight worked, only the validators' share is minted: they kept the chain all the same.</para>
/// </remarks>
internal static class RewardSchedule
{
    /// <summary>The epoch that a time lies in; times before genesis lie in the first.</summary>
    public static ulong EpochAt(EpochRecord epochs, ParametersRecord parameters, ulong timeMs) =>
        timeMs <= epochs.GenesisMs ? 0 : (timeMs - epochs.GenesisMs) / parameters.EpochMs;

    /// <summary>What the schedule allows an epoch to mint: halved every so often, and never beyond the supply's cap.</summary>
    public static Amount RewardOf(ulong epoch, ParametersRecord parameters, SupplyRecord supply)
    {
        ulong halvings = epoch / parameters.EpochsPerHalving;
        Amount scheduled = new(halvings < 64 ? parameters.RewardPerEpoch.Grains >> (int)halvings : 0);
        return Amount.Min(scheduled, parameters.SupplyMax - supply.Genesis - supply.Minted);
    }

    public static MintRewards? MintDue(ILedgerState state, ulong timeMs)
    {
        EpochRecord epochs = EpochRecord.Get(state);
        ParametersRecord parameters = ParametersRecord.Get(state);
        if (EpochAt(epochs, parameters, timeMs) <= epochs.Open)
            return null;

        Amount reward = RewardOf(epochs.Open, parameters, SupplyRecord.Get(state));
        Amount afterTreasury = reward - reward.Share(parameters.TreasurySharePpm, Parameters.Million);
        Amount forValidators = afterTreasury.Share(parameters[Parameter.ValidatorsShare], Parameters.Million);
        MintRewards mint = ForServices(state, epochs.Open, reward - forValidators, afterTreasury - forValidators);
        return mint with { Validators = ValidatorRewards.Split(state, forValidators) };
    }

    // The treasury gets all of the reward that is not for services, and what the divisions leave over.
    private static MintRewards ForServices(ILedgerState state, ulong epoch, Amount reward, Amount forServices)
    {
        (List<(ServiceRecord Service, ServiceWork Work)> workers, ulong weights) = ServicesThatWorked(state);
        if (weights == 0)
            return new MintRewards(epoch, Amount.Zero);
        Amount treasury = reward;
        List<PoolMint> pools = [];
        foreach ((ServiceRecord service, ServiceWork work) in workers)
        {
            Amount amount = forServices.Share(service.RewardWeight, weights);
            if (amount == Amount.Zero)
                continue; // a pool of nothing would be a record for nothing
            pools.Add(new PoolMint(service.Id, amount, work.Units) { Weight = service.RewardWeight, Burned = work.Burned, ShadowUnits = ShadowRecord.Find(state, service.Id)?.UnitsOf(epoch) ?? 0 });
            treasury -= amount;
        }
        return new MintRewards(epoch, treasury, pools);
    }

    private static (List<(ServiceRecord Service, ServiceWork Work)> Workers, ulong Weights) ServicesThatWorked(ILedgerState state)
    {
        List<(ServiceRecord, ServiceWork)> workers = [];
        ulong weights = 0;
        foreach (uint id in ServiceDirectory.Get(state).Services)
        {
            ServiceWork work = ServiceWork.Get(state, id);
            if (work.Units == 0)
                continue;
            ServiceRecord service = ServiceRecord.Find(state, id)
                ?? throw new LedgerInvariantException($"Service {id} is in the directory but not in the state.");
            workers.Add((service, work));
            weights += service.RewardWeight;
        }
        return (workers, weights);
    }
}
