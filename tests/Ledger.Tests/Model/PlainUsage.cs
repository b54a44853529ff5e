using System.Numerics;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Model;

/// <summary>
/// What docs/economics.md says of burned credits, usage and pools, once more and from the page alone: numbers without a bound, no records, nothing settled before it is
/// asked for. The floor does not fall here, and the schedule does not end.
/// </summary>
internal sealed class PlainUsage(Func<Parameter, ulong> parameters, ulong[] weights)
{
    private static readonly BigInteger Million = 1_000_000, GrainsPerToken = 1_000_000_000;

    private readonly PlainService[] services = [.. weights.Select(static weight => new PlainService(weight))];
    private BigInteger smoothed;
    private BigInteger burned;

    /// <summary>Micro-dollars for a token.</summary>
    public BigInteger Price { get; set; }

    /// <summary>Burns tokens for credits.</summary>
    public void Burn(PlainPayer payer, BigInteger grains)
    {
        BigInteger credits = grains * Price / (GrainsPerToken * parameters(Parameter.CreditPrice));
        payer.Credits += credits;
        payer.Bought += credits;
        payer.Cost += grains;
        payer.Wealth -= grains;
        burned += grains;
    }

    /// <summary>Spends credits, at most those that there are, on a device's work.</summary>
    public void Serve(PlainPayer payer, PlainWorker device, BigInteger credits)
    {
        BigInteger spent = BigInteger.Min(credits, payer.Credits), bought = BigInteger.Min(spent, payer.Bought);
        if (spent == 0)
            return;
        BigInteger cost = bought == 0 ? 0 : payer.Cost * bought / payer.Bought;
        (payer.Credits, payer.Bought, payer.Cost) = (payer.Credits - spent, payer.Bought - bought, payer.Cost - cost);
        PlainService service = services[device.Service];
        (service.Burned, service.BurnedFor) = (service.Burned + spent, service.BurnedFor + cost);
        BigInteger usage = payer == device.Owner ? cost * parameters(Parameter.OwnUsageRate) / Million : cost;
        if (usage == 0)
            return;
        (service.Served, service.Usage, device.Usage) = (service.Served + spent, service.Usage + usage, device.Usage + usage);
    }

    /// <summary>A device proves some work.</summary>
    public void Work(PlainWorker device, ulong units)
    {
        device.Units += units;
        services[device.Service].Units += units;
    }

    /// <summary>Ends the epoch, and pays every device what it earned.</summary>
    /// <returns>Coverage and usage of each service.</returns>
    public (BigInteger Coverage, BigInteger Usage)[] EndEpoch(IEnumerable<PlainWorker> devices)
    {
        (BigInteger floor, BigInteger forDemand) = Emission();
        foreach (PlainService service in services)
        {
            ulong epochs = parameters(Parameter.DemandEpochs);
            service.Demand = ((service.Demand * (epochs - 1)) + service.BurnedFor) / epochs;
        }
        PlainService[] working = [.. services.Where(static service => service.Units > 0 || service.Usage > 0)];
        BigInteger weights = Sum(working, static service => service.FloorWeight), demands = Sum(working, static service => service.Demand);
        foreach (PlainService service in working)
        {
            BigInteger byWeight = weights == 0 ? 0 : floor * service.FloorWeight / weights;
            service.Pool = Pool(service, byWeight, demands == 0 ? 0 : forDemand * service.Demand / demands);
        }
        foreach (PlainWorker device in devices)
        {
            PlainService service = services[device.Service];
            BigInteger coverage = service.Units == 0 ? 0 : service.Pool.Coverage * device.Units / service.Units;
            device.Owner.Wealth += coverage + (service.Usage == 0 ? 0 : service.Pool.Usage * device.Usage / service.Usage);
            (device.Units, device.Usage) = (0, 0);
        }
        (BigInteger, BigInteger)[] pools = [.. services.Select(static service => service.Pool)];
        foreach (PlainService service in services)
            service.Forget();
        return pools;
    }

    private (BigInteger Floor, BigInteger ForDemand) Emission()
    {
        (smoothed, burned) = (((6 * smoothed) + burned) / 7, 0);
        BigInteger scheduled = parameters(Parameter.RewardPerEpoch), net = BigInteger.Min(smoothed, parameters(Parameter.NetEmissionMax));
        BigInteger forAll = scheduled - Ppm(scheduled, Parameter.TreasuryShare), forServices = forAll - Ppm(forAll, Parameter.ValidatorsShare);
        BigInteger floor = Ppm(forServices, Parameter.FloorShare);
        return (floor, forServices - floor + net - Ppm(net, Parameter.ValidatorsBurnShare));
    }

    private (BigInteger Coverage, BigInteger Usage) Pool(PlainService service, BigInteger floor, BigInteger byDemand)
    {
        BigInteger worth = Ppm(BigInteger.Min(service.Usage, Value(service.Served)), Parameter.UsageRate);
        BigInteger usage = BigInteger.Min(Ppm(floor + byDemand, Parameter.UsageCap), worth);
        BigInteger paidFor = BigInteger.Min(service.BurnedFor, Value(service.Burned));
        BigInteger standing = floor - BigInteger.Min(Ppm(floor, Parameter.UsageCap), worth);
        return (paidFor >= floor ? 0 : standing * (floor - paidFor) / floor, usage);
    }

    private BigInteger Value(BigInteger credits) => credits * parameters(Parameter.CreditPrice) * GrainsPerToken / Price;

    private BigInteger Ppm(BigInteger of, Parameter share) => of * parameters(share) / Million;

    private static BigInteger Sum(IEnumerable<PlainService> all, Func<PlainService, BigInteger> part) =>
        all.Aggregate(BigInteger.Zero, (sum, service) => sum + part(service));

    private sealed class PlainService(ulong weight)
    {
        public BigInteger FloorWeight => Units > 0 ? weight : 0;

        public BigInteger Units { get; set; }

        public BigInteger Burned { get; set; }

        public BigInteger BurnedFor { get; set; }

        public BigInteger Served { get; set; }

        public BigInteger Usage { get; set; }

        public BigInteger Demand { get; set; }

        public (BigInteger Coverage, BigInteger Usage) Pool { get; set; }

        public void Forget() => (Units, Burned, BurnedFor, Served, Usage, Pool) = (0, 0, 0, 0, 0, default);
    }
}

/// <summary>An account that burns and pays, and may own a device.</summary>
internal sealed class PlainPayer(BigInteger wealth)
{
    public BigInteger Wealth { get; set; } = wealth;

    public BigInteger Credits { get; set; }

    public BigInteger Bought { get; set; }

    public BigInteger Cost { get; set; }
}

/// <summary>A device, and what it did in the open epoch.</summary>
internal sealed class PlainWorker(int service, PlainPayer owner)
{
    public int Service => service;

    public PlainPayer Owner => owner;

    public BigInteger Units { get; set; }

    public BigInteger Usage { get; set; }
}
