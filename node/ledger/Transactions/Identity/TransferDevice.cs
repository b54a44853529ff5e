using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// A device changes hands, offer and acceptance in one. Signatures: the owner's, then the buyer's. What finished epochs earned is paid to
/// the seller first; what the open epoch earns, the bonds and all that follows are the buyer's. Payees are forgotten.
/// </summary>
/// <param name="Device">The device.</param>
/// <param name="Buyer">Its next owner.</param>
/// <param name="Price">What the buyer pays the seller; may be zero.</param>
public sealed record TransferDevice(Address Device, Address Buyer, Amount Price) : Message
{
    internal const int Number = 34;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Identity;

    internal override int SignatureCount => 2;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Device(Device))];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Device);
        writer.Address(2, Buyer);
        writer.UInt64(3, Price.Grains);
        return writer.ToArray();
    }

    internal static TransferDevice Read(ref WireReader reader) => new(reader.Address(1), reader.Address(2), new Amount(reader.UInt64(3)));

    internal override Reason CheckShape(Transaction transaction)
    {
        if (transaction.Signatures[1].Signer != Buyer)
            return Reason.BuyerMismatch;
        return Buyer == transaction.Body.Signer ? Reason.SelfTransfer : Reason.None;
    }

    internal override Reason Admit(ILedgerState state, Address signer) => DeviceOwnership.Check(state, Device, signer);

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        // What is held back meanwhile belongs to those who share it now.
        if (AccusedRecord.Find(session, new Subject(SubjectKind.Device, Device)) is not null)
            return new Outcome(Reason.DeviceAccused);
        if (AccountRecord.Get(session, Buyer).Balance < Price)
            return new Outcome(Reason.BuyerCannotPay);
        DeviceRecord before = DeviceRecord.Get(session, Device);
        DeviceRecord device = Settlement.SettleAll(session, Device, before);
        AccountRecord.Debit(session, Buyer, Price);
        if (Price != Amount.Zero)
            AccountRecord.Credit(session, transaction.Body.Signer, Price);
        session.PutDevice(Device, before, device with { Owner = Buyer, Payees = [] });
        return Outcome.Applied;
    }
}
