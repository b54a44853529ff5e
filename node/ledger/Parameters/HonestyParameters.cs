using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>Parameters that came after those of their kinds: what keeps silence and large claims from paying.</summary>
internal static class HonestyParameters
{
    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        new(Parameter.ComputeSilenceShare, 0, Parameters.Million, 100_000, "ppm",
            "What of the loss for a wrong result burns of a worker's bond that offered for a job, was asked, and committed to nothing "
            + "in time."),
        new(Parameter.EnergyPeakWattsMax, 1, MeterSite.PeakWattsMax, 2_500_000, "watts",
            "The most that a meter's connection may carry when it is connected; a transformer of a street carries no more."),
    ];
}
