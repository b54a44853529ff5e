using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Chain;
using AppChain.Devnet.Fleet;
using AppChain.Devnet.Replay;
using AppChain.Devnet.Statistics;
using AppChain.Ledger;

namespace AppChain.Devnet.Audit;

/// <summary>
/// The devices of an audit: real sensors, and some that never speak. Each pays out to an account of its own, which does nothing else: what is in it is
/// what the device was paid.
/// </summary>
internal sealed class AuditedFleet : IDisposable
{
    private readonly AuditOptions options;
    private readonly Genesis genesis;
    private readonly IReadOnlyList<NodeClient> nodes;
    private readonly TimeProvider time;
    private readonly PlannedDevice[] plans;
    private readonly PrivateKey[] keys;

    private AuditedFleet(AuditOptions options, Genesis genesis, IReadOnlyList<NodeClient> nodes, TimeProvider time)
    {
        (this.options, this.genesis, this.nodes, this.time) = (options, genesis, nodes, time);
        IReadOnlyList<AirSeries> series = ReplayData.Load(options.Devnet.Repository).Series;
        plans = [.. Enumerable.Range(0, options.Devnet.Devices + AuditLimits.SilentDevices).Select(number => PlannedDevice.Create(series, number))];
        keys = [.. plans.Select(static plan => DevnetKeys.Device(plan.Scheme, plan.Name))];
        Devices = [.. keys.Select(static key => key.Address)];
        Payees = [.. plans.Select(static plan => PayeeOf(plan.Name))];
    }

    public Address[] Devices { get; }

    /// <summary>Who is paid for each.</summary>
    public Address[] Payees { get; }

    private AirService Service => AirService.Find(genesis.Services);

    /// <summary>Registers the devices and says who is paid for them.</summary>
    /// <exception cref="DevnetException">The chain refused something.</exception>
    public static async Task<AuditedFleet> EnrolAsync(
        AuditOptions options, Genesis genesis, IReadOnlyList<NodeClient> nodes, TimeProvider time, CancellationToken cancellation)
    {
        AuditedFleet fleet = new(options, genesis, nodes, time);
        foreach (FleetDevice device in await fleet.EquipAsync(fleet.plans, cancellation))
            await device.DisposeAsync();
        using PrivateKey owner = DevnetKeys.Owner();
        using Wallet wallet = new(nodes[0], genesis.ChainId, owner, time);
        SubmitResult[] results = await Task.WhenAll(fleet.Devices.Zip(fleet.Payees, (device, payee) =>
            wallet.SetPayoutAsync(device, [new Payee(payee, 1_000_000)], cancellation)));
        return results.All(static result => result.Succeeded)
            ? fleet
            : throw new DevnetException($"a device's payee was not set: {results.First(static result => !result.Succeeded).Explanation}");
    }

    /// <summary>Has the sensors replay, and users pay them, for as long as the audit is to be.</summary>
    /// <returns>Proofs that became final, and vouchers that were redeemed.</returns>
    public async Task<(long Proofs, long Vouchers)> WorkAsync(CancellationToken cancellation)
    {
        IReadOnlyList<FleetDevice> working = await EquipAsync(plans[..options.Devnet.Devices], cancellation);
        RunStatistics statistics = new(time);
        await using SensorFleet sensors = new(working, new ReplayPace(rate: null, working.Count, Service), statistics, time);
        using AuditPayers payers = new(nodes, genesis.ChainId, Service.Id, keys[..working.Count], options.Seed, time);
        await payers.OpenAsync(cancellation);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(options.For);
        sensors.Start();
        await Task.WhenAll(payers.RunAsync(over.Token), ReplayAsync(sensors, over.Token));
        cancellation.ThrowIfCancellationRequested();
        if (!await sensors.DrainAsync(DevnetLimits.DrainMax, cancellation))
            throw new DevnetException($"{sensors.Pending} proofs had no last word {DevnetLimits.DrainMax.TotalSeconds:0} s after the last one. {sensors.Problem}");
        return (statistics.Snapshot().Final, payers.Redeemed);
    }

    public void Dispose()
    {
        foreach (PrivateKey key in keys)
            key.Dispose();
    }

    private static async Task ReplayAsync(SensorFleet sensors, CancellationToken over) =>
        await await Task.WhenAny(sensors.ReplayAsync(over), sensors.WatchAsync());

    private async Task<IReadOnlyList<FleetDevice>> EquipAsync(PlannedDevice[] those, CancellationToken cancellation) =>
        (await new Enrolment(genesis.ChainId, Service, nodes, time).EnrolAsync(those, cancellation)).Devices;

    private static Address PayeeOf(string name)
    {
        using PrivateKey key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/payee/" + name);
        return key.Address;
    }
}
