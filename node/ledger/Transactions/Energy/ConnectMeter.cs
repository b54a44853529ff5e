using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Says what a device of an energy service measures, and behind which transformer. Signatures: the device's owner, then the owner of the feeder's own
/// meter, who knows what hangs there; for that meter itself the owner's alone.
/// </summary>
/// <param name="Device">The meter.</param>
/// <param name="Service">The service.</param>
/// <param name="Feeder">The device that measures what goes in and out of the feeder; <paramref name="Device"/> itself founds one.</param>
/// <param name="Kind">What the meter measures.</param>
/// <param name="PeakWatts">What its connection carries; of panels what they are rated at.</param>
/// <remarks>Connecting anew forgets what was usual, but never where its registers were.</remarks>
public sealed record ConnectMeter(Address Device, uint Service, Address Feeder, MeterKind Kind, ulong PeakWatts) : Message
{
    internal const int Number = 90;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Identity;

    internal override int SignatureCount => Founds ? 1 : 2;

    private bool Founds => Feeder == Device;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Device);
        writer.UInt64(2, Service);
        writer.Address(3, Feeder);
        writer.UInt64(4, (ulong)Kind);
        writer.UInt64(5, PeakWatts);
        return writer.ToArray();
    }

    internal static ConnectMeter Read(ref WireReader reader) => new(
        reader.Address(1), reader.UInt32(2), reader.Address(3),
        (MeterKind)reader.Choice(4, (byte)MeterKind.Source, Reason.MeterOutOfBounds), reader.UInt64(5));

    internal override Reason CheckShape(Transaction transaction)
    {
        if (PeakWatts is 0 or > MeterSite.PeakWattsMax || (Founds && Kind != MeterKind.Load))
            return Reason.MeterOutOfBounds;
        return Reason.None;
    }

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        Reason reason = DeviceOwnership.CheckVouchedFor(state, Device, signer, out DeviceRecord? device);
        if (reason != Reason.None)
            return reason;
        if (ServiceRecord.Find(state, Service)?.Kind != ProofKind.Energy)
            return Reason.NotAnEnergyService;
        if (PeakWatts > ParametersRecord.Get(state)[Parameter.EnergyPeakWattsMax])
            return Reason.ConnectionTooLarge;
        return device!.In(Service) is { Leaving: false } ? Reason.None : Reason.NotEnrolled;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        MeterRecord? before = MeterRecord.Find(session, Service, Device);
        FeederRecord? feeder = FeederRecord.Find(session, Service, Feeder);
        bool isFeeder = feeder is not null && MeterRecord.Find(session, Service, Feeder)?.Feeder == Feeder;
        if (!Founds && (!isFeeder || DeviceRecord.Get(session, Feeder).Owner != transaction.Signatures[1].Signer))
            return new Outcome(Reason.FeederNotOfSigner);
        bool leads = before is not null && before.Feeder == Device && FeederRecord.Find(session, Service, Device) is { Meters.IsEmpty: false };
        if (before is { Waiting.IsEmpty: false } || (leads && !Founds))
            return new Outcome(Reason.MeterBusy);
        feeder ??= FeederRecord.Empty;
        if (!Founds && !feeder.Meters.Contains(Device))
        {
            if (feeder.Meters.Length >= FeederGroup.MetersMax)
                return new Outcome(Reason.FeederFull);
            feeder = feeder with { Meters = feeder.Meters.Add(Device) };
        }
        Leave(session, before);
        session.Put(StateKey.Feeder(Service, Feeder), feeder);
        session.Put(StateKey.Meter(Service, Device), new MeterRecord
        {
            Feeder = Feeder,
            Kind = Kind,
            PeakWatts = PeakWatts,
            ConnectedMs = context.TimeMs,
            ReadSeconds = before?.ReadSeconds ?? 0,
            RegisterWh = before?.RegisterWh ?? 0,
            ExportedWh = before?.ExportedWh ?? 0,
        });
        session.Touch(StateKind.Device, Device);
        return Outcome.Applied;
    }

    private void Leave(LedgerSession session, MeterRecord? before)
    {
        if (before is null || before.Feeder == Feeder || before.Feeder == Device)
            return;
        FeederRecord old = FeederRecord.Find(session, Service, before.Feeder) ?? throw new LedgerInvariantException("The feeder of a meter is not in the state.");
        session.Put(StateKey.Feeder(Service, before.Feeder), old with { Meters = old.Meters.Remove(Device) });
    }
}
