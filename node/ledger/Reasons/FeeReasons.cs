using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The reasons of fees, sponsors and room in blocks.</summary>
internal static class FeeReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AtDecode(Reason.FeePayerMismatch,
            "The last signature is not the fee payer's, or the fee payer is the signer, who need not be named. "
            + "Have the fee payer sign last, or leave the field empty."),
        AtExecution(Reason.TooFewCredits, "The account has fewer credits than the transaction moves, its fee apart. Move fewer, or burn tokens for more."),
        AtAdmission(Reason.InsufficientCredits,
            "Whoever pays the fee has too few credits. Burn tokens for credits, name a fee payer who signs too, or work for a service with a sponsor."),
        AtAdmission(Reason.SponsorQuotaExceeded,
            "The service's sponsor has paid for this device what it pays in one reward epoch. Wait for the next epoch, or hold credits of your own."),
        AtAdmission(Reason.SponsorEmpty, "The service's sponsor pool has run dry. Ask for it to be funded, or hold credits of your own."),
        AtAdmission(Reason.BlockFull,
            "The block had no more room for transactions of this kind. Nothing was used up: the transaction may be sent again as it is."),
        AtAdmission(Reason.AnotherUnderWay,
            "A transaction that is not final yet decides about the same thing, and this one would come to nothing after it. "
            + "Wait until that one is final."),
    ];
}
