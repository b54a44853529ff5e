using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A meter's owner offers what it makes, to whoever hangs on the same feeder. A later offer takes an earlier one's place.</summary>
/// <param name="Meter">The meter of panels or of another source.</param>
/// <param name="Service">The service.</param>
/// <param name="Price">Grains for a Wh; 0 takes the offer back.</param>
/// <param name="UntilMs">Until when, Unix time in ms.</param>
public sealed record OfferEnergy(Address Meter, uint Service, ulong Price, ulong UntilMs) : Message
{
    internal const int Number = 91;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Demand;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Meter);
        writer.UInt64(2, Service);
        writer.UInt64(3, Price);
        writer.UInt64(4, UntilMs);
        return writer.ToArray();
    }

    internal static OfferEnergy Read(ref WireReader reader) => new(reader.Address(1), reader.UInt32(2), reader.UInt64(3), reader.UInt64(4));

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        Reason reason = DeviceOwnership.Check(state, Meter, signer);
        if (reason != Reason.None)
            return reason;
        return MeterRecord.Find(state, Service, Meter) is { Kind: MeterKind.Solar or MeterKind.Source } ? Reason.None : Reason.NotAMeter;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        MeterRecord meter = MeterRecord.Find(session, Service, Meter)!;
        session.Put(StateKey.Meter(Service, Meter), meter with { Offer = Price == 0 ? default : new EnergyOffer(Price, UntilMs) });
        session.Touch(StateKind.Device, Meter);
        return Outcome.Applied;
    }
}
