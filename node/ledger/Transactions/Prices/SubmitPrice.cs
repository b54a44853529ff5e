using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Reports what a token costs. Only accounts on the chain's list of reporters may; what comes of the reports, <see cref="Prices"/> says.</summary>
/// <param name="Price">Micro-dollars for one token.</param>
/// <param name="ObservedMs">Unix time in ms at which it was observed; later than the reporter's last.</param>
public sealed record SubmitPrice(ulong Price, ulong ObservedMs) : Message
{
    internal const int Number = 72;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Tokens;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Price);
        writer.UInt64(2, ObservedMs);
        return writer.ToArray();
    }

    internal static SubmitPrice Read(ref WireReader reader) => new(reader.UInt64(1), reader.UInt64(2));

    internal override Reason CheckShape(Transaction transaction) =>
        Price is 0 or > LedgerLimits.PriceMax || ObservedMs == 0 ? Reason.PriceOutOfRange : Reason.None;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        return PriceReporters.Get(state).Accounts.Contains(signer) ? Reason.None : Reason.NotAPriceReporter;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        PriceReport report = new(transaction.Body.Signer, Price, ObservedMs);
        PriceFeed feed = PriceFeed.Get(session);
        foreach (PriceReport last in feed.Reports)
        {
            if (last.Reporter == report.Reporter && last.ObservedMs >= ObservedMs)
                return new Outcome(Reason.PriceReportNotNewer);
        }
        ulong nowMs = context.TimeMs;
        bool timely = ObservedMs <= nowMs
            ? nowMs - ObservedMs <= session.Parameters[Parameter.PriceStaleMs]
            : ObservedMs - nowMs <= session.Parameters[Parameter.PriceDriftMs];
        if (!timely)
            return new Outcome(Reason.PriceReportUntimely);
        session.Put(StateKey.PriceFeed, Prices.With(session, feed, report, nowMs));
        return Outcome.Applied;
    }
}
