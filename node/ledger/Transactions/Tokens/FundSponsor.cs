using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Moves credits of the signer into the sponsor pool of a service, for good. Anybody may fund any service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Credits">How many, at least one.</param>
public sealed record FundSponsor(uint Service, Credits Credits) : Message
{
    internal const int Number = 21;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Tokens;

    internal override Spending Spends(ILedgerState state) => new(Amount.Zero, Credits);

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Service);
        writer.UInt64(2, Credits.Units);
        return writer.ToArray();
    }

    internal static FundSponsor Read(ref WireReader reader) => new(reader.UInt32(1), new Credits(reader.UInt64(2)));

    internal override Reason CheckShape(Transaction transaction) => Credits == Credits.Zero ? Reason.ZeroAmount : Reason.None;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        return ServiceRecord.Find(state, Service) is null ? Reason.UnknownService : Reason.None;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address signer = transaction.Body.Signer;
        AccountRecord account = AccountRecord.Get(session, signer);
        if (account.Credits < Credits)
            return new Outcome(Reason.TooFewCredits);
        session.PutAccount(signer, account with { Credits = account.Credits - Credits, Cost = account.Cost.Spend(Credits, out _) });
        SponsorRecord.Fund(session, Service, Credits);
        return Outcome.Applied;
    }
}
