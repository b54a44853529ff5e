using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The owner puts a registered device to work for one more service. A bond goes from the owner's balance into the enrolment.</summary>
/// <param name="Device">The device.</param>
/// <param name="Service">The service, which must accept it.</param>
public sealed record EnrollDevice(Address Device, uint Service) : Message
{
    internal const int Number = 31;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Identity;

    // As with a registration: no pool pays for devices that nobody vouches for.
    internal override uint? SponsoredBy(ILedgerState state, Address signer) =>
        DeviceRecord.Find(state, Device)?.Manufacturer is null ? null : Service;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Device(Device))];

    internal override Spending Spends(ILedgerState state) =>
        new(ServiceRecord.Find(state, Service)?.Definition.DeviceBond ?? Amount.Zero, Uncovered: Reason.DeviceBondNotCovered);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Device);
        writer.UInt64(2, Service);
        return writer.ToArray();
    }

    internal static EnrollDevice Read(ref WireReader reader) => new(reader.Address(1), reader.UInt32(2));

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        Reason reason = DeviceOwnership.CheckVouchedFor(state, Device, signer, out DeviceRecord? device);
        if (device is null)
            return reason;
        if (ServiceRecord.Find(state, Service) is not { } service)
            return Reason.UnknownService;
        if (device.In(Service) is not null)
            return Reason.AlreadyEnrolled;
        if (device.Enrollments.Length >= LedgerLimits.EnrollmentsMax)
            return Reason.TooManyEnrollments;
        if (!service.Accepts(device.Manufacturer))
            return device.Manufacturer is null ? Reason.AttestationRequired : Reason.ManufacturerNotAccepted;
        return AccountRecord.Get(state, signer).Balance >= service.Definition.DeviceBond ? Reason.None : Reason.DeviceBondNotCovered;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Amount bond = session.Service(Service).Definition.DeviceBond;
        AccountRecord.Debit(session, transaction.Body.Signer, bond);
        DeviceRecord device = DeviceRecord.Get(session, Device);
        session.PutDevice(Device, device, device.With(new Enrollment { Service = Service, NotBeforeMs = context.TimeMs, Bond = bond }));
        return Outcome.Applied;
    }
}
