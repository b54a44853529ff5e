using System.Collections.Generic;
using System.Text;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Answers an accusation, once and in time. The signer is who is accused: the device's owner, the manufacturer, or the validator.</summary>
/// <param name="Dispute">Which.</param>
/// <param name="Document">SHA-256 of a document; null: there is none.</param>
/// <param name="Statement">What the accused says, at most 512 bytes of UTF-8; may be empty.</param>
public sealed record AnswerAccusation(ulong Dispute, Hash256? Document, string Statement = "") : Message
{
    internal const int Number = 81;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Disputes;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Dispute(Dispute))];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Dispute);
        if (Document is { } document)
            writer.Bytes(2, document.Bytes);
        writer.Text(3, Statement);
        return writer.ToArray();
    }

    internal static AnswerAccusation Read(ref WireReader reader) => new(
        reader.UInt64(1), reader.OptionalHash(2), reader.Text(3));

    internal override Reason CheckShape(Transaction transaction) =>
        Encoding.UTF8.GetByteCount(Statement) <= LedgerLimits.StatementBytesMax ? Reason.None : Reason.StatementTooLong;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        // Whoever is accused has a device, stake or a manufacturer's name here: no account is needed to keep others out.
        Reason reason = Disputes.CheckOpen(state, Dispute);
        if (reason != Reason.None)
            return reason;
        DisputeRecord dispute = DisputeRecord.Get(state, Dispute);
        if (Disputes.AccusedOf(state, dispute.Subject) != signer)
            return Reason.NotTheAccused;
        return dispute.Answer == Hash256.Zero ? Reason.None : Reason.AlreadyAnswered;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        DisputeRecord dispute = DisputeRecord.Get(session, Dispute);
        if (context.TimeMs > dispute.AnswerByMs)
            return new Outcome(Reason.AnswerTooLate);
        session.Put(StateKey.Dispute(Dispute), dispute with { Answer = transaction.Id });
        return Outcome.Applied;
    }
}
