using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>Drives, images and their reviews, and by what numbers; what differs between services is in their definitions.</summary>
internal static class MappingParameters
{
    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        new(Parameter.MappingSpeedMax, 100, 100_000, 7_000, "cm/s", "The fastest that a drive goes."),
        new(Parameter.MappingGlitchesMax, 0, Parameters.Million, 20_000, "ppm", "The share of a drive's legs that may be faster: satellites jump between houses."),
        new(Parameter.MappingHalfLifeMs, Parameters.SecondMs, 3_650 * Parameters.DayMs, 7 * Parameters.DayMs, "ms",
            "An image of a tile is worth a whole when the last one is so old, and twice as much at most."),
        new(Parameter.MappingBaseDemand, 0, Parameters.Million, 100_000, "ppm", "The demand for a tile that nobody has bought for a week."),
        new(Parameter.MappingDemandMax, Parameters.Million, 100 * Parameters.Million, 4 * Parameters.Million, "ppm",
            "The most that purchases of a week make of it; one at the service's price is a whole."),
        new(Parameter.MappingReviewMs, Parameters.SecondMs, Parameters.DayMs, 600 * Parameters.SecondMs, "ms",
            "How long the reviewers of an image may take to commit, and again to reveal."),
        new(Parameter.MappingTolerance, 0, Parameters.Million, 150_000, "ppm", "How far a review may lie from the median of an image's reviews."),
        // Fixed: what is forgotten could be captured within a longer span.
        new(Parameter.MappingMemoryEpochs, 1, 100_000, 400, "epochs", "How long an image is remembered, so that it earns once. Older captures are refused.") { Fixed = true },
    ];

    public static MappingScoreRules RulesOf(ParametersRecord parameters) => new()
    {
        SpeedMaxCmS = parameters[Parameter.MappingSpeedMax],
        GlitchesMax = (uint)parameters[Parameter.MappingGlitchesMax],
        HalfLifeMs = parameters[Parameter.MappingHalfLifeMs],
    };
}
