using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>The verdicts on receptions that came after <see cref="ProofReasons"/>.</summary>
internal static class RadioReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AsVerdict(Reason.TooWeak, "The beacon was heard weaker than a receiver can hear. Check the unit of the reported strength: hundredths of a dBm."),
    ];
}
