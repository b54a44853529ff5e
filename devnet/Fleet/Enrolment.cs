using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Chain;
using AppChain.Ledger;

namespace AppChain.Devnet.Fleet;

/// <summary>Gives every planned device its key, registers those that the chain does not know, and makes their agents.</summary>
internal sealed class Enrolment(ChainId chain, AirService service, IReadOnlyList<NodeClient> nodes, TimeProvider time)
{
    /// <summary>Registers and equips. Throws with the chain's own words when a registration is refused.</summary>
    /// <returns>The devices, and how many were registered just now.</returns>
    public async Task<(IReadOnlyList<FleetDevice> Devices, int Registered)> EnrolAsync(
        IReadOnlyList<PlannedDevice> plans, CancellationToken cancellation)
    {
        using PrivateKey ownerKey = DevnetKeys.Owner();
        using PrivateKey manufacturer = DevnetKeys.Manufacturer();
        using Wallet owner = new(nodes[0], chain, ownerKey, time);
        FleetDevice[] devices = new FleetDevice[plans.Count];
        int registered = 0;
        ParallelOptions window = new() { MaxDegreeOfParallelism = ClientLimits.ProofsInFlightMax, CancellationToken = cancellation };
        await Parallel.ForAsync(0, plans.Count, window, async (number, cancel) =>
        {
            PlannedDevice plan = plans[number];
            PrivateKey key = DevnetKeys.Device(plan.Scheme, plan.Name);
            Protos.V1.Device? known = await nodes[0].FindDeviceAsync(key.Address, cancel);
            if (known is null)
            {
                await RegisterAsync(owner, manufacturer, plan, key, cancel);
                Interlocked.Increment(ref registered);
            }
            devices[number] = Equip(plan, key, number, known?.NextSequence ?? 1);
        });
        return (devices, registered);
    }

    private async Task RegisterAsync(
        Wallet owner, PrivateKey manufacturer, PlannedDevice plan, PrivateKey key, CancellationToken cancellation)
    {
        Attestation attestation = Attestation.Make(manufacturer, batch: 1, key.Scheme, key.PublicKey.Span);
        SubmitResult result = await owner.RegisterDeviceAsync(key, service.Id, attestation, plan.Place, cancellation);
        if (!result.Succeeded)
            throw new DevnetException($"device {plan.Name} was not registered: {result.Stage} {result.Reason}. {result.Explanation}");
    }

    // Each device has a home node of its own and takes the others in turn when that one fails.
    private FleetDevice Equip(PlannedDevice plan, PrivateKey key, int number, ulong firstSequence)
    {
        int home = number % nodes.Count;
        NodeClient[] order = [.. nodes.Skip(home), .. nodes.Take(home)];
        DeviceAgentOptions options = new() { FirstSequence = firstSequence, OutboxCapacity = DevnetLimits.OutboxReadingsMax };
        return new FleetDevice(plan, key, new DeviceAgent(key, chain, service.Id, order, options, time), service);
    }
}
