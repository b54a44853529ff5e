using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>Windows in which neighbouring sensors are compared, and by what numbers; the defaults come from real air (docs/calibration.md).</summary>
/// <remarks>Windows are the same for every service: so those that end together wait together, and nobody's short one behind another's long one.</remarks>
internal static class SensorParameters
{
    private const ulong MinuteMs = 60 * Parameters.SecondMs;

    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        new(Parameter.SensorSlotMs, Parameters.SecondMs, Parameters.DayMs, 30 * MinuteMs, "ms", "Neighbouring sensors are compared by their means over so long."),
        new(Parameter.SensorWindowSlots, 4, SensorGroup.SlotsMax, 48, "slots", "So many slots are judged together."),
        new(Parameter.SensorCloseMs, Parameters.SecondMs, 30 * Parameters.DayMs, 60 * MinuteMs, "ms", "How long after a window's end readings of it may come; then it is judged."),
        new(Parameter.SensorNeighboursMin, 2, 16, 3, "sensors", "Witnesses without which a slot is not judged."),
        new(Parameter.SensorAvailabilityMin, 1, Parameters.Million, 670_000, "ppm", "The share of a window's slots that a sensor must fill."),
        new(Parameter.SensorBandShareMin, 0, Parameters.Million, 500_000, "ppm", "The share of its slots that must be near the neighbours, or the window earns nothing."),
        new(Parameter.SensorSignalMin, 0, 100 * Parameters.Million, 3 * Parameters.Million, "ppm",
            "How much the neighbours' median must move, of what it would move by chance, for a window to tell sensors apart."),
        new(Parameter.SensorConstantRatio, 0, Parameters.Million, 60_000, "ppm", "A sensor that moves less than this share of what its neighbours' median moves is stuck."),
        new(Parameter.SensorCellMax, 1, SensorCellEvaluation.DrawnMax, 8, "sensors", "Sensors of one cell that earn in a window; the others watch."),
    ];

    public static SensorScoreRules RulesOf(ParametersRecord parameters, NeighbourMetric metric) => new()
    {
        Tolerance = metric.Tolerance,
        BiasTolerance = metric.BiasTolerance,
        FollowMin = metric.FollowMin,
        StaleRatio = metric.StaleRatio,
        CopyRatio = metric.CopyRatio,
        NeighboursMin = (uint)parameters[Parameter.SensorNeighboursMin],
        AvailabilityMin = (uint)parameters[Parameter.SensorAvailabilityMin],
        BandShareMin = (uint)parameters[Parameter.SensorBandShareMin],
        SignalMin = (uint)parameters[Parameter.SensorSignalMin],
        ConstantRatio = (uint)parameters[Parameter.SensorConstantRatio],
        CellMax = (uint)parameters[Parameter.SensorCellMax],
    };
}
