using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The verdicts of kinds of proof that are judged together with those of other devices.</summary>
internal static class ProofReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AsVerdict(Reason.AwaitsGroup,
            "The proof passed what can be checked at once and waits for what other devices say. Its final verdict comes by itself, in a receipt of its own."),
    ];
}
