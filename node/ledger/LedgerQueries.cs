using System.Collections.Generic;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A device, and what its next touch will move to its owner.</summary>
public sealed record DeviceView(Address Address, DeviceRecord Device, Amount Unsettled);

/// <summary>A service, and the work of the open reward epoch.</summary>
public sealed record ServiceView(ServiceRecord Service, ulong Epoch, ulong EpochUnits, Credits EpochBurned);

/// <summary>The supply and where the reward epochs are.</summary>
public sealed record SupplyView(SupplyRecord Supply, Amount Treasury, EpochRecord Epochs);

/// <summary>The price that burning goes by at a time, and what it rests on.</summary>
/// <param name="Price">The conservative price.</param>
/// <param name="Median">The median of the fresh reports in micro-dollars per token, or null without a quorum of them.</param>
/// <param name="CreditPrice">Micro-dollars for one credit.</param>
/// <param name="Reporters">Who may report.</param>
/// <param name="Feed">What they said.</param>
public sealed record PriceView(Price Price, ulong? Median, ulong CreditPrice, PriceReporters Reporters, PriceFeed Feed);

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
            ? ViewOf(record, EpochRecord.Get(state).Open, ServiceWork.Get(state, service))
            : null;

    private static ServiceView ViewOf(ServiceRecord service, ulong epoch, ServiceWork work) => new(service, epoch, work.Units, work.Burned);

    /// <summary>Every service, ascending by number.</summary>
    public static IReadOnlyList<ServiceView> Services(ILedgerState state) =>
        [.. ServiceDirectory.Get(state).Services.Select(id => Service(state, id)).OfType<ServiceView>()];

    /// <summary>The supply, the treasury and the epochs.</summary>
    public static SupplyView Supply(ILedgerState state) =>
        new(SupplyRecord.Get(state), TreasuryRecord.Get(state).Balance, EpochRecord.Get(state));

    /// <summary>The price at a time: Unix time in ms.</summary>
    public static PriceView Price(ILedgerState state, ulong nowMs) => new(
        Prices.At(state, nowMs), Prices.MedianAt(state, nowMs), ParametersRecord.Get(state)[Parameter.CreditPrice],
        PriceReporters.Get(state), PriceFeed.Get(state));

    /// <summary>The channel, or null if there is none or it has ended.</summary>
    public static ChannelRecord? Channel(ILedgerState state, ChannelId channel) => ChannelRecord.Find(state, channel);

    /// <summary>What was spent on a device's work for a service; null: nothing ever.</summary>
    public static DeviceUsage? Usage(ILedgerState state, Address device, uint service) => DeviceUsage.Find(state, device, service);

    /// <summary>The chain's parameters.</summary>
    public static ParametersRecord Parameters(ILedgerState state) => ParametersRecord.Get(state);
}
