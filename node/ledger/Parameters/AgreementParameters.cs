using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>The parameters of deals and jobs; what differs between services is in their definitions.</summary>
internal static class AgreementParameters
{
    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        // Fixed: a queue has one delay, and deals that run were priced by the window.
        new(Parameter.StorageWindowMs, Parameters.SecondMs, 30 * Parameters.DayMs, Parameters.DayMs, "ms",
            "Length of a window of a storage deal: in each the device shows some chunks, and is paid for them at its end.") { Fixed = true },
        new(Parameter.StorageWindowsMax, 1, 100_000, 3_650, "windows", "How long a storage deal may be."),
        new(Parameter.ComputeOfferMs, Parameters.SecondMs, Parameters.DayMs, 15 * Parameters.SecondMs, "ms", "How long workers may offer for a job."),
        new(Parameter.ComputeWorkMs, Parameters.SecondMs, 30 * Parameters.DayMs, 3_600 * Parameters.SecondMs, "ms",
            "How long a worker that a job has asked may compute before it commits to its result."),
        new(Parameter.ComputeRevealMs, Parameters.SecondMs, Parameters.DayMs, 30 * Parameters.SecondMs, "ms",
            "How long results of a job may be revealed when all have committed; then it is judged."),
    ];
}
