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
    ];
}
