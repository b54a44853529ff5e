using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The reasons of burning for credits and of the price feed.</summary>
internal static class CreditReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AtDecode(Reason.TwoReceivers, "The burn names an account and a sponsor. Name one of them, or none to keep the credits."),
        AtDecode(Reason.PriceOutOfRange,
            "The price is zero or above 1,000,000,000,000. Give it in micro-dollars for one token, and the time at which it was observed."),
        AtAdmission(Reason.NotAPriceReporter, "The signer is not one of the chain's price reporters. Governance names them."),
        AtExecution(Reason.NoPrice,
            "The chain has no price yet: too few reporters have reported and no fallback is set. Wait for the reporters."),
        AtExecution(Reason.BurnYieldsTooLittle,
            "At the present price the burn yields fewer credits than its minimum, or none at all. Burn more, or ask for fewer."),
        AtExecution(Reason.CreditLimitReached, "The burn would issue more credits than the chain can ever count. Burn less."),
        AtExecution(Reason.PriceReportNotNewer, "The reporter has reported a price of this time or a later one. Report newer observations only."),
        AtExecution(Reason.PriceReportUntimely,
            "The observation is older than a price may be, or lies ahead of the chain's time. Report sooner, and set the clock."),
    ];
}
