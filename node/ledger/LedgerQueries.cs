using System.Collections.Generic;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A device, and what its next touch will move to its owner.</summary>
public sealed record DeviceView(Address Address, DeviceRecord Device, Amount Unsettled);

/// <summary>A service, and the work of the open reward epoch.</summary>
public sealed record ServiceView(ServiceRecord Service, ulong Epoch, ulong EpochUnits);

/// <summary>The supply and where the reward epochs are.</summary>
public sealed record SupplyView(SupplyRecord Supply, Amount Treasury, EpochRecord Epochs);

/// <summary>What the outside may ask of a state. Reads only; nothing is settled by asking.</summary>
public static class LedgerQueries
{
    /// <summary>The account; an address without one has nothing. Null never.</summary>
    public static AccountRecord Account(ILedgerState state, Address address) => AccountRecord.Get(state, address);

    /// <summary>The device with its unsettled reward, or null if none is registered at this address.</summary>
    public static DeviceView? Device(ILedgerState state, Address address) =>
        DeviceRecord.Find(state, address) is { } device ? new DeviceView(address, device, Settlement.Unsettled(state, device)) : null;

    /// <summary>The service with its open epoch's units, or null if there is none of this number.</summary>
    public static ServiceView? Service(ILedgerState state, uint service) =>
        ServiceRecord.Find(state, service) is { } record
            ? new ServiceView(record, EpochRecord.Get(state).Open, ServiceWork.UnitsOf(state, service))
            : null;

    /// <summary>Every service, ascending by number.</summary>
    public static IReadOnlyList<ServiceView> Services(ILedgerState state) =>
        [.. ServiceDirectory.Get(state).Services.Select(id => Service(state, id)).OfType<ServiceView>()];

    /// <summary>The supply, the treasury and the epochs.</summary>
    public static SupplyView Supply(ILedgerState state) =>
        new(SupplyRecord.Get(state), TreasuryRecord.Get(state).Balance, EpochRecord.Get(state));

    /// <summary>The chain's parameters.</summary>
    public static ParametersRecord Parameters(ILedgerState state) => ParametersRecord.Get(state);
}
