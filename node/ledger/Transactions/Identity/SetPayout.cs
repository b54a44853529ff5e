using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// The owner says who shares what a device earns: himself, who hosts it, who financed it. What finished epochs earned is paid first, as it
/// was agreed then. Shares are floored when they are paid; what that leaves over is the owner's.
/// </summary>
public sealed record SetPayout : Message
{
    internal const int Number = 36;

    /// <param name="device">The device.</param>
    /// <param name="payees">
    /// At most <see cref="LedgerLimits.PayeesMax"/> different accounts whose shares add up to a million; none: the owner has all again.
    /// </param>
    public SetPayout(Address device, params IEnumerable<Payee> payees)
    {
        Device = device;
        Payees = [.. payees];
    }

    public Address Device { get; }

    public ImmutableArray<Payee> Payees { get; }

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Identity;

    public bool Equals(SetPayout? other) => other is not null && Device == other.Device && Payees.SequenceEqual(other.Payees);

    public override int GetHashCode() => HashCode.Combine(Device, Payees.Length);

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Device(Device))];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Device);
        foreach (Payee payee in Payees)
        {
            WireWriter element = new();
            element.Address(1, payee.Account);
            element.UInt64(2, payee.SharePpm);
            writer.Element(2, element.ToArray());
        }
        return writer.ToArray();
    }

    internal static SetPayout Read(ref WireReader reader)
    {
        Address device = reader.Address(1);
        List<Payee> payees = [];
        while (reader.TryElement(2, out ReadOnlySpan<byte> element))
        {
            WireReader inner = new(element);
            payees.Add(new Payee(inner.Address(1), inner.UInt32(2)));
            reader.Fail(inner.Finish());
        }
        return new SetPayout(device, payees);
    }

    internal override Reason CheckShape(Transaction transaction)
    {
        if (Payees.IsEmpty)
            return Reason.None;
        bool shared = Payees.Length <= LedgerLimits.PayeesMax
            && Payees.Select(payee => payee.Account).Distinct().Count() == Payees.Length
            && Payees.All(payee => payee.SharePpm > 0)
            && Payees.Sum(payee => (long)payee.SharePpm) == Parameters.Million;
        return shared ? Reason.None : Reason.SharesWrong;
    }

    internal override Reason Admit(ILedgerState state, Address signer) => DeviceOwnership.Check(state, Device, signer);

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        // What is held back meanwhile belongs to those who share it now.
        if (AccusedRecord.Find(session, new Subject(SubjectKind.Device, Device)) is not null)
            return new Outcome(Reason.DeviceAccused);
        DeviceRecord before = DeviceRecord.Get(session, Device);
        session.PutDevice(Device, before, Settlement.SettleAll(session, Device, before) with { Payees = Payees });
        return Outcome.Applied;
    }
}
