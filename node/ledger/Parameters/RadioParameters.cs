using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>What is believed of radio beyond physics; the defaults come from real receptions (docs/calibration.md).</summary>
internal static class RadioParameters
{
    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        new(Parameter.CoverageExtraLoss, 0, 10_000, 800, "hundredths of a dB",
            "What every real way loses at least beyond free space. A beacon heard stronger was heard from nearer."),
        new(Parameter.CoverageSensitivity, 5_000, 20_000, 15_000, "hundredths of a dB",
            "How far below 0 dBm the weakest signal lies that a receiver is believed to hear."),
    ];
}
