using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>The parameters of what is minted and how services and devices share it. docs/economics.md has their arithmetic.</summary>
internal static class EconomyParameters
{
    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        new(Parameter.NetEmissionMax, 0, ulong.MaxValue, ulong.MaxValue, "grains",
            "How much of the smoothed burn an epoch may mint again at most, on top of the schedule."),
        new(Parameter.FloorShare, 0, Parameters.Million, Parameters.Million, "ppm",
            "The part of the services' scheduled rewards that is shared by reward weights in epoch 0; the rest is shared by demand."),
        new(Parameter.FloorHalvingEpochs, 0, 100_000_000, 180, "epochs", "After how many reward epochs that part has halved; 0: it never does."),
        new(Parameter.UsageCap, 0, Parameters.Million, 700_000, "ppm", "The part of a service's share of an epoch that usage may earn at most."),
        new(Parameter.UsageRate, 0, Parameters.Million, 900_000, "ppm", "What devices earn of the tokens that were burned for the credits spent on their work."),
        // Bounded, so that no vote can make self-dealing cheaper than this.
        new(Parameter.OwnUsageRate, 0, 900_000, 900_000, "ppm", "How much of such a burn counts if whoever paid is the device's owner or one of its payees."),
        new(Parameter.ValidatorsBurnShare, 0, Parameters.Million, 50_000, "ppm", "The validators' and delegators' share of what is minted again of the smoothed burn."),
        new(Parameter.DemandEpochs, 1, 365, 30, "epochs", "Over how many reward epochs a service's demand is smoothed."),
        new(Parameter.RestEpochs, 0, LedgerLimits.RestEpochsMax, 7, "epochs",
            "How long a reward rests after the end of its reward epoch: it cannot be spent, and a ruling on the device can take it."),
    ];
}
