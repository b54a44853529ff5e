using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// The owner takes a device out of a service. It earns nothing there from now on; when <see cref="Parameter.WithdrawalDelayMs"/> is over,
/// what it earned is settled, its bond returns and the enrolment ends. Until then it can be disputed, and cannot enrol there again.
/// </summary>
/// <param name="Device">The device.</param>
/// <param name="Service">The service that it leaves.</param>
public sealed record WithdrawDevice(Address Device, uint Service) : Message
{
    internal const int Number = 32;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Identity;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Device(Device))];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Device);
        writer.UInt64(2, Service);
        return writer.ToArray();
    }

    internal static WithdrawDevice Read(ref WireReader reader) => new(reader.Address(1), reader.UInt32(2));

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        Reason reason = DeviceOwnership.Check(state, Device, signer);
        if (reason != Reason.None)
            return reason;
        return DeviceRecord.Get(state, Device).In(Service) switch
        {
            null => Reason.NotEnrolled,
            { Leaving: true } => Reason.AlreadyLeaving,
            _ => OpenWorkRecord.Of(state, Device, Service) > 0 ? Reason.WorkIsOpen : Reason.None,
        };
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        DeviceRecord before = DeviceRecord.Get(session, Device);
        DeviceRecord device = Settlement.Settle(session, Device, before, before.In(Service)!);
        session.PutDevice(Device, before, device.With(device.In(Service)! with { Leaving = true }));
        Withdrawals.Enqueue(session, context, Device, Service);
        return Outcome.Applied;
    }
}
