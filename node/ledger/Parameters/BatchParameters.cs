using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>The parameters of batches of proofs. docs/batches.md says how the draws and the loss of a batch go together.</summary>
internal static class BatchParameters
{
    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        new(Parameter.BatchDraws, 1, LedgerLimits.BatchDrawsMax, 90, "leaves",
            "How many leaves of a batch are drawn and must be opened; 90 find a batch of which one in twenty is false with 99 %."),
        new(Parameter.BatchAnswerMs, Parameters.SecondMs, 7 * Parameters.DayMs, 600_000, "ms", "How long after the draw a batch may be opened."),
        new(Parameter.BatchAgeMaxMs, Parameters.SecondMs, 365 * Parameters.DayMs, 7 * Parameters.DayMs, "ms", "How old the first proof of a batch may be."),
        new(Parameter.BatchDecay, 0, Parameters.Million, 5_000, "ppm", "What a batch loses for each hour by which its middle lies before its block."),
        new(Parameter.BatchProofsMax, 1, LedgerLimits.BatchProofsMax, 8_192, "proofs", "How many proofs a batch may hold."),
    ];
}
