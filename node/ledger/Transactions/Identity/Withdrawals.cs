using System;
using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What becomes of enrolments that were withdrawn: the queue <see cref="QueueKind.Withdrawals"/>, items <c>device:20 ‖ service:4</c>.</summary>
internal static class Withdrawals
{
    public static void Enqueue(LedgerSession session, BlockContext context, Address device, uint service)
    {
        byte[] about = new byte[Address.Size + sizeof(uint)];
        device.Bytes.CopyTo(about);
        BinaryPrimitives.WriteUInt32BigEndian(about.AsSpan(Address.Size), service);
        DueWork.Enqueue(session, QueueKind.Withdrawals, context.TimeMs + session.Parameters[Parameter.WithdrawalDelayMs], about);
    }

    /// <summary>Ends an enrolment whose delay is over: what it earned is paid, and its bond goes back to whoever owns the device now.</summary>
    public static Due Finish(LedgerSession session, BlockContext context, ReadOnlySpan<byte> about)
    {
        Address address = new(about[..Address.Size]);
        uint service = BinaryPrimitives.ReadUInt32BigEndian(about[Address.Size..]);
        DeviceRecord before = DeviceRecord.Get(session, address);
        Enrollment leaving = before.In(service) ?? throw new LedgerInvariantException("An enrolment that waits for its end is not there.");
        DeviceRecord device = Settlement.Settle(session, address, before, leaving);
        bool isAccused = AccusedRecord.Find(session, new Subject(SubjectKind.Device, address)) is not null;
        if (!device.In(service)!.Work.IsEmpty || isAccused || OpenWorkRecord.Of(session, address, service) > 0)
        {
            session.PutDevice(address, before, device); // what was settled stays settled
            Enqueue(session, context, address, service); // its last reward epoch is still open, or its bond is still pledged, to a ruling or to open work: all of these end
            return Due.WaitsOnceMore;
        }
        if (leaving.Bond != Amount.Zero)
            AccountRecord.Credit(session, device.Owner, leaving.Bond);
        session.PutDevice(address, before, device.Without(service));
        return Due.Done;
    }
}
