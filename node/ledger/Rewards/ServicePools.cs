using System.Collections.Generic;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>Shares what an epoch may mint among the services that worked, usage first.</summary>
/// <remarks>
/// <list type="number">
/// <item><c>E_i = F_i + forDemand × demand_i / demands</c>, <c>F_i = floor × weight_i / weights</c>, over the services that worked.</item>
/// <item>What was burned for the credits of a service is worth the least of what it was and of what the credits are worth at the conservative price now.</item>
/// <item>Usage: <c>U_i = min(usageCap × E_i, usageRate × burned through its devices)</c>. Never more than was burned.</item>
/// <item>Coverage: <c>C_i = (F_i − min(usageCap × F_i, usageRate × burned through its devices)) × (1 − burned_i / F_i)</c>, zero from parity on. It only falls by what is burned.</item>
/// <item>What is neither usage nor coverage is not minted.</item>
/// </list>
/// By 3 and 4, and with the validators' share of the burn, of a burned token at most one comes back: nobody gains by burning (docs/economics.md).
/// </remarks>
internal static class ServicePools
{
    /// <summary>The pools of the services that earn something, ascending; and what dividing the floor leaves over.</summary>
    public static (List<PoolMint> Pools, Amount Dust) Split(ILedgerState state, in Emission emission, Price price)
    {
        List<Worker> workers = Workers(state);
        ulong weights = workers.Aggregate(0UL, static (sum, worker) => sum + worker.Weight);
        Amount demands = workers.Aggregate(Amount.Zero, static (sum, worker) => sum + worker.Demand);
        ParametersRecord parameters = ParametersRecord.Get(state);
        Amount dust = weights == 0 ? Amount.Zero : emission.Floor;
        List<PoolMint> pools = [];
        foreach (Worker worker in workers)
        {
            Amount floor = weights == 0 ? Amount.Zero : emission.Floor.Share(worker.Weight, weights);
            Amount byDemand = demands == Amount.Zero ? Amount.Zero : emission.ForDemand.Share(worker.Demand.Grains, demands.Grains);
            dust -= floor;
            PoolMint pool = PoolOf(worker, floor, byDemand, price, parameters);
            if (pool.Shares.Total != Amount.Zero)
                pools.Add(pool); // a pool of nothing would be a record for nothing
        }
        return (pools, dust);
    }

    private static PoolMint PoolOf(in Worker worker, Amount floor, Amount byDemand, Price price, ParametersRecord parameters)
    {
        ServiceWork work = worker.Work;
        ulong creditPrice = parameters[Parameter.CreditPrice], cap = parameters[Parameter.UsageCap];
        Amount burned = Amount.Min(work.Cost, price.TokensFor(work.Burned, creditPrice));
        Amount worth = Amount.Min(work.Usage, price.TokensFor(work.Served, creditPrice)).Share(parameters[Parameter.UsageRate], Parameters.Million);
        Amount usage = Amount.Min((floor + byDemand).Share(cap, Parameters.Million), worth);
        // Of the floor alone: were it of the whole share, who burns would lift the coverage that others' demand has brought down.
        Amount standing = floor - Amount.Min(floor.Share(cap, Parameters.Million), worth);
        Amount coverage = burned >= floor ? Amount.Zero : standing.Share((floor - burned).Grains, floor.Grains);
        return new PoolMint(worker.Service, new PoolShares(coverage, work.Units, usage, work.Usage))
        {
            Weight = worker.Weight,
            Burned = work.Burned,
            BurnedValue = burned,
            Demand = worker.Demand,
            Floor = floor,
            Share = floor + byDemand,
            ShadowUnits = worker.ShadowUnits,
        };
    }

    // A service without units has no part by weight: a floor is for work that was proven.
    private static List<Worker> Workers(ILedgerState state)
    {
        List<Worker> workers = [];
        foreach (uint id in ServiceDirectory.Get(state).Services)
        {
            ServiceWork work = ServiceWork.Get(state, id);
            if (work.Units == 0 && work.Usage == Amount.Zero)
                continue;
            ServiceRecord service = ServiceRecord.Find(state, id)
                ?? throw new LedgerInvariantException($"Service {id} is in the directory but not in the state.");
            workers.Add(new Worker(id, work.Units == 0 ? 0 : service.RewardWeight, work, ServiceDemand.Next(state, id, work))
            {
                ShadowUnits = ShadowRecord.Find(state, id)?.UnitsOf(EpochRecord.Get(state).Open) ?? 0,
            });
        }
        return workers;
    }

    private readonly record struct Worker(uint Service, uint Weight, ServiceWork Work, Amount Demand)
    {
        public ulong ShadowUnits { get; init; }
    }
}
