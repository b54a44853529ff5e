using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A device, whether its manufacturer stands by it, and what waits to be paid out for each of its enrolments.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Device">Its record.</param>
/// <param name="Revoked">Its manufacturer took back its word for it, or for its batch.</param>
/// <param name="Unsettled">What the next touch of each enrolment pays out, in the order of <see cref="DeviceRecord.Enrollments"/>.</param>
/// <param name="LastObservedMs">When it made the last observation that was judged for each enrolment, in the same order; 0: none.</param>
public sealed record DeviceView(
    Address Address, DeviceRecord Device, bool Revoked, ImmutableArray<Amount> Unsettled, ImmutableArray<ulong> LastObservedMs)
{
    /// <summary>Each enrolment's open batch of proofs, in the same order; null: it has none.</summary>
    public required ImmutableArray<ProofBatchRecord?> Batches { get; init; }
}

/// <summary>A service, and the work of the open reward epoch.</summary>
/// <param name="Service">Its record.</param>
/// <param name="Epoch">The open reward epoch.</param>
/// <param name="EpochUnits">Units credited in it so far.</param>
/// <param name="EpochBurned">Credits that its users have spent on it in it.</param>
/// <param name="Sponsor">The pool that pays its devices' fees, or null.</param>
/// <param name="Pending">What its definition becomes when that epoch ends; null: it stays.</param>
public sealed record ServiceView(
    ServiceRecord Service, ulong Epoch, ulong EpochUnits, Credits EpochBurned, SponsorRecord? Sponsor, ServiceDefinition? Pending)
{
    /// <summary>The candidate for its rules, of now or before; null: there never was one.</summary>
    public ShadowRecord? Shadow { get; init; }
}

/// <summary>The supply and where the reward epochs are.</summary>
public sealed record SupplyView(SupplyRecord Supply, Amount Treasury, EpochRecord Epochs);

/// <summary>The price that burning goes by at a time, and what it rests on.</summary>
/// <param name="Price">The conservative price.</param>
/// <param name="Median">The median of the fresh reports in micro-dollars per token, or null without a quorum of them.</param>
/// <param name="CreditPrice">Micro-dollars for one credit.</param>
/// <param name="Reporters">Who may report.</param>
/// <param name="Feed">What they said.</param>
public sealed record PriceView(Price Price, ulong? Median, ulong CreditPrice, PriceReporters Reporters, PriceFeed Feed);
/// <summary>A validator, and its weight in the present epoch of consensus.</summary>
/// <param name="Operator">By what it is known.</param>
/// <param name="SeatPower">Zero: it has no seat.</param>
public sealed record ValidatorView(Address Operator, ValidatorRecord Validator, ulong SeatPower);

/// <summary>What an account has with one validator.</summary>
/// <param name="Worth">Of its shares now.</param>
/// <param name="Unsettled">The reward that its next touch pays.</param>
public sealed record PositionView(Address Validator, Amount Worth, Amount Unsettled);

/// <summary>What an account has bonded, and what waits to be paid out to it.</summary>
public sealed record StakeView(IReadOnlyList<PositionView> Positions, Amount Unbonding);

/// <summary>What the outside may ask of a state. Reads only; nothing is settled by asking.</summary>
public static class LedgerQueries
{
    /// <summary>The account; an address without one has nothing. Null never.</summary>
    public static AccountRecord Account(ILedgerState state, Address address) => AccountRecord.Get(state, address);

    /// <summary>The device with its unsettled rewards, or null if none is registered at this address.</summary>
    public static DeviceView? Device(ILedgerState state, Address address) =>
        DeviceRecord.Find(state, address) is { } device
            ? new DeviceView(
                address, device, DeviceOwnership.IsRevoked(state, device),
                [.. device.Enrollments.Select(enrollment => Settlement.Unsettled(state, enrollment))],
                [.. device.Enrollments.Select(enrollment => LastObservedMs(state, enrollment))])
            {
                Batches = [.. device.Enrollments.Select(enrollment => ProofBatchRecord.Find(state, enrollment.Service, address))],
            }
            : null;

    /// <summary>The manufacturer, or null if none is registered at this address.</summary>
    public static ManufacturerRecord? Manufacturer(ILedgerState state, Address address) => ManufacturerRecord.Find(state, address);

    /// <summary>The service with its open epoch's units, or null if there is none of this number.</summary>
    public static ServiceView? Service(ILedgerState state, uint service) =>
        ServiceRecord.Find(state, service) is { } record
            ? ViewOf(state, record, ServiceWork.Get(state, service))
            : null;

    private static ServiceView ViewOf(ILedgerState state, ServiceRecord service, ServiceWork work) => new(
        service, EpochRecord.Get(state).Open, work.Units, work.Burned, SponsorRecord.Find(state, service.Id),
        PendingServiceRecord.Find(state, service.Id)?.Definition)
    {
        Shadow = ShadowRecord.Find(state, service.Id),
    };

    /// <summary>Every service, ascending by number.</summary>
    public static IReadOnlyList<ServiceView> Services(ILedgerState state) =>
        [.. ServiceDirectory.Get(state).Services.Select(id => Service(state, id)).OfType<ServiceView>()];

    /// <summary>Every validator, in the set or not, ascending by operator.</summary>
    public static IReadOnlyList<ValidatorView> Validators(ILedgerState state)
    {
        Dictionary<Address, ulong> powers = [];
        foreach (ValidatorSeat seat in ValidatorsRecord.Get(state).Seats)
        {
            if (ConsensusKeyRecord.Find(state, seat.PublicKey.Span) is { } key)
                powers.Add(key.Validator, seat.Power);
        }
        return
        [
            .. ValidatorDirectory.Get(state).Validators
                .Select(address => new ValidatorView(address, ValidatorRecord.Get(state, address), powers.GetValueOrDefault(address))),
        ];
    }

    /// <summary>What an account has bonded.</summary>
    public static StakeView Stake(ILedgerState state, Address account)
    {
        StakeRecord stake = StakeRecord.Get(state, account);
        return new StakeView([.. stake.Positions.Select(position => ViewOf(state, position))], stake.Unbonding);
    }

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

    /// <summary>
    /// What the next touch of a device would settle of one reward epoch, for each service that it worked for in it; of the open epoch what it has
    /// done so far. Nothing: it did nothing, or it is settled.
    /// </summary>
    public static ImmutableArray<Statement> Unsettled(ILedgerState state, Address device, ulong epoch) => Explanation.Unsettled(state, device, epoch);

    /// <summary>The chain's parameters.</summary>
    public static ParametersRecord Parameters(ILedgerState state) => ParametersRecord.Get(state);

    private static ulong LastObservedMs(ILedgerState state, Enrollment enrollment) =>
        ServiceRecord.Find(state, enrollment.Service) is { } service ? ProofKinds.Of(service.Kind).LastObservedMs(enrollment.KindState) : 0;

    private static PositionView ViewOf(ILedgerState state, StakePosition position)
    {
        ValidatorRecord validator = ValidatorRecord.Get(state, position.Validator);
        return new PositionView(position.Validator, validator.WorthOf(position.Shares), Bonding.RewardOf(validator, position));
    }
}
