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

    /// <summary>The chain's parameters.</summary>
    public static ParametersRecord Parameters(ILedgerState state) => ParametersRecord.Get(state);

    private static PositionView ViewOf(ILedgerState state, StakePosition position)
    {
        ValidatorRecord validator = ValidatorRecord.Get(state, position.Validator);
        return new PositionView(position.Validator, validator.WorthOf(position.Shares), Bonding.RewardOf(validator, position));
    }
}
