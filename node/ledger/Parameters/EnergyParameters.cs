using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>By what numbers meters and feeders are judged, and what their trade costs; the defaults come from real homes (docs/calibration.md).</summary>
internal static class EnergyParameters
{
    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        new(Parameter.EnergyCloseMs, Parameters.SecondMs, Parameters.DayMs, 900_000, "ms",
            "How long after the first reading of a feeder's interval the other meters may tell theirs; then it is judged."),
        new(Parameter.EnergyPeakMargin, Parameters.Million, 2 * Parameters.Million, 1_020_000, "ppm", "What a meter may count of what its connection carries."),
        new(Parameter.EnergyClearSkyMargin, 1, 2 * Parameters.Million, 1_100_000, "ppm", "What panels may make of the most that a clear sky gives."),
        new(Parameter.EnergyDarkWatts, 0, 10_000, 30, "watts", "What a meter of panels may count in the dark, for itself; it is not paid."),
        new(Parameter.EnergyLossMax, 0, Parameters.Million, 35_000, "ppm", "What a feeder loses at most of all that moves in it."),
        new(Parameter.EnergyBalanceBand, 0, Parameters.Million, 10_000, "ppm", "How far a feeder's sum may be off besides, of all that moves in it."),
        new(Parameter.EnergyBalanceTolerance, 0, 1_000_000_000, 100, "Wh", "And by how much whatever moves."),
        new(Parameter.EnergyUsualWeight, 1, Parameters.Million, 20_000, "ppm", "How fast what is usual for panels follows what they make."),
        new(Parameter.EnergyReadingUnits, 0, Parameters.Million, 10_000, "units",
            "What every reading earns that its feeder confirms, beside a million for each kWh of panels."),
        new(Parameter.EnergyTradeFee, 0, 1_000_000, 10, "credits", "What a trade costs its buyer for each kWh or part of one; it counts as use of the seller's meter."),
    ];

    public static EnergyScoreRules RulesOf(ParametersRecord parameters) => new()
    {
        PeakMargin = (uint)parameters[Parameter.EnergyPeakMargin],
        ClearSkyMargin = (uint)parameters[Parameter.EnergyClearSkyMargin],
        DarkWatts = parameters[Parameter.EnergyDarkWatts],
        LossMax = (uint)parameters[Parameter.EnergyLossMax],
        BalanceBand = (uint)parameters[Parameter.EnergyBalanceBand],
        BalanceToleranceWh = parameters[Parameter.EnergyBalanceTolerance],
        UsualWeight = (uint)parameters[Parameter.EnergyUsualWeight],
    };
}
