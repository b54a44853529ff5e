using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>The parameters of kinds of proof; what differs between services of a kind is in their definitions.</summary>
internal static class ProofParameters
{
    private const ulong MinuteMs = 60 * Parameters.SecondMs;

    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        new(Parameter.CoverageOdds, 1, 100_000, 360, "slots", "Of so many minutes, entropy draws a device in one on average to send a radio beacon."),
        new(Parameter.CoverageFreshMs, MinuteMs, LedgerLimits.EntropySlotsMax * EntropyRecord.SlotMs, 3 * MinuteMs, "ms",
            "How long after it was drawn a device may prove that it has sent its beacon."),
        new(Parameter.CoverageArrivalMs, Parameters.SecondMs, 60 * MinuteMs, MinuteMs, "ms", "How long witnesses of a beacon may come."),
        new(Parameter.CoverageRevealMs, Parameters.SecondMs, 60 * MinuteMs, MinuteMs, "ms",
            "How long after that the sender of a beacon may tell what was in it; then it is judged."),
        new(Parameter.CoverageIdleMs, MinuteMs, 365 * Parameters.DayMs, 2 * Parameters.DayMs, "ms",
            "How long a device counts as a witness after its own last beacon."),
        new(Parameter.CoverageDistanceMin, 0, 1_000_000, 350, "metres", "How far a witness must stand from the sender of a beacon."),
        new(Parameter.CoverageDistanceMax, 1, 1_000_000, 100_000, "metres", "How far it may stand."),
        new(Parameter.CoverageToleranceHz, 0, 1_000_000_000, 100_000, "Hz", "By how much the frequencies at which a beacon was sent and heard may differ."),
    ];
}
