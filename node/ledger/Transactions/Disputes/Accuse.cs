using System.Text;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Accuses a device, a manufacturer or a validator. The signer's bond is held until the dispute is closed; so are an accused device's rewards.</summary>
/// <param name="Subject">Who or what is accused.</param>
/// <param name="Evidence">What the accusation rests on.</param>
/// <param name="Statement">What the accuser says, at most 512 bytes of UTF-8; may be empty.</param>
public sealed record Accuse(Subject Subject, Exhibit Evidence, string Statement = "") : Message
{
    internal const int Number = 80;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Disputes;

    internal override Spending Spends(ILedgerState state) => new(new Amount(ParametersRecord.Get(state)[Parameter.DisputeBond]));

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, (ulong)Subject.Kind);
        writer.Address(2, Subject.Address);
        writer.Bytes(Evidence.IsTransaction ? 4 : 3, Evidence.Hash.Bytes);
        writer.Text(5, Statement);
        return writer.ToArray();
    }

    internal static Accuse Read(ref WireReader reader)
    {
        SubjectKind kind = (SubjectKind)reader.Choice(1, (byte)SubjectKind.Validator, Reason.UnknownSubjectKind);
        Subject subject = new(kind, reader.Address(2));
        Hash256? document = reader.OptionalHash(3);
        Hash256? transaction = reader.OptionalHash(4);
        if (document is null == transaction is null)
            reader.Fail(Reason.EvidenceInvalid);
        Exhibit evidence = new(document ?? transaction ?? default, transaction is not null);
        return new Accuse(subject, evidence, reader.Text(5));
    }

    internal override Reason CheckShape(Transaction transaction) =>
        Encoding.UTF8.GetByteCount(Statement) <= LedgerLimits.StatementBytesMax ? Reason.None : Reason.StatementTooLong;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        // No accusation stands in the way of another: whoever bonds is heard.
        return Disputes.AccusedOf(state, Subject) is null ? Reason.UnknownSubject : Reason.None;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address accuser = transaction.Body.Signer;
        Amount bond = new(session.Parameters[Parameter.DisputeBond]);
        if (AccountRecord.Get(session, accuser).Balance < bond)
            return new Outcome(Reason.InsufficientBalance);
        AccountRecord.Debit(session, accuser, bond);
        Disputes.Open(session, transaction, Subject, bond, context.TimeMs);
        return Outcome.Applied;
    }
}
