using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The owner says where a device stands. Trust in its place begins anew: <see cref="DeviceRecord.MovedMs"/>.</summary>
/// <param name="Device">The device.</param>
/// <param name="LatitudeE7">Degrees × 10⁷, north positive.</param>
/// <param name="LongitudeE7">Degrees × 10⁷, east positive.</param>
/// <param name="AltitudeCm">Centimetres above the reference ellipsoid.</param>
public sealed record AssertLocation(Address Device, int LatitudeE7, int LongitudeE7, int AltitudeCm) : Message
{
    internal const int Number = 33;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Identity;

    /// <summary>True if there can be a device.</summary>
    internal static bool IsOnEarth(int latitudeE7, int longitudeE7, int altitudeCm) =>
        latitudeE7 is >= -LedgerLimits.LatitudeE7Max and <= LedgerLimits.LatitudeE7Max
        && longitudeE7 is >= -LedgerLimits.LongitudeE7Max and <= LedgerLimits.LongitudeE7Max
        && altitudeCm is >= LedgerLimits.AltitudeCmMin and <= LedgerLimits.AltitudeCmMax;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Device(Device))];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Device);
        writer.SInt64(2, LatitudeE7);
        writer.SInt64(3, LongitudeE7);
        writer.SInt64(4, AltitudeCm);
        return writer.ToArray();
    }

    internal static AssertLocation Read(ref WireReader reader) => new(reader.Address(1), reader.SInt32(2), reader.SInt32(3), reader.SInt32(4));

    internal override Reason CheckShape(Transaction transaction) =>
        IsOnEarth(LatitudeE7, LongitudeE7, AltitudeCm) ? Reason.None : Reason.LocationOutOfRange;

    internal override Reason Admit(ILedgerState state, Address signer) => DeviceOwnership.Check(state, Device, signer);

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        DeviceRecord device = DeviceRecord.Get(session, Device);
        session.PutDevice(Device, device, device with
        {
            LatitudeE7 = LatitudeE7,
            LongitudeE7 = LongitudeE7,
            AltitudeCm = AltitudeCm,
            MovedMs = context.TimeMs,
        });
        return Outcome.Applied;
    }
}
