using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Moves tokens between accounts. The receiver need not exist.</summary>
/// <param name="To">The receiving account.</param>
/// <param name="Amount">How much, at least one grain.</param>
public sealed record Transfer(Address To, Amount Amount) : Message
{
    internal const int Number = 16;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Tokens;

    internal override Spending Spends(ILedgerState state) => new(Amount);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, To);
        writer.UInt64(2, Amount.Grains);
        return writer.ToArray();
    }

    internal static Transfer Read(ref WireReader reader) => new(reader.Address(1), new Amount(reader.UInt64(2)));

    internal override Reason CheckShape(Transaction transaction)
    {
        if (Amount == Amount.Zero)
            return Reason.ZeroAmount;
        return To == transaction.Body.Signer ? Reason.SelfTransfer : Reason.None;
    }

    // An address without an account has nothing to send. Were it admitted, anybody could fill the state with empty accounts for free.
    internal override Reason Admit(ILedgerState state, Address signer) =>
        AccountRecord.Find(state, signer) is null ? Reason.UnknownAccount : Reason.None;

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address sender = transaction.Body.Signer;
        if (AccountRecord.Get(session, sender).Balance < Amount)
            return new Outcome(Reason.InsufficientBalance);
        AccountRecord.Debit(session, sender, Amount);
        AccountRecord.Credit(session, To, Amount);
        return Outcome.Applied;
    }
}
