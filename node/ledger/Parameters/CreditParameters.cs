using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>The parameters of credits and of the price feed. docs/credits.md has their arithmetic.</summary>
internal static class CreditParameters
{
    private const ulong MinuteMs = 60 * Parameters.SecondMs;

    public static ImmutableArray<ParameterEntry> All { get; } =
    [
        new(Parameter.CreditPrice, 1, Parameters.Million, 1, "micro-dollars",
            "What a credit costs. By default a million credits are a dollar."),
        new(Parameter.PriceStaleMs, Parameters.SecondMs, Parameters.DayMs, 10 * MinuteMs, "ms", "How old a report may be to count in the price."),
        new(Parameter.PriceMargin, 0, Parameters.Million, 100_000, "ppm",
            "What is taken off the last price while too few reports are fresh: whoever burns then gets fewer credits."),
        new(Parameter.PriceQuorum, 500_001, Parameters.Million, 666_667, "ppm",
            "Which share of the reporters, rounded up, must have fresh reports. Less than half of that quorum cannot move the price beyond what the others report."),
        new(Parameter.PriceWindowMs, MinuteMs, 7 * Parameters.DayMs, 60 * MinuteMs, "ms",
            "The price is never above the median of the prices of so long."),
        new(Parameter.PriceDriftMs, 0, 10 * MinuteMs, 10 * Parameters.SecondMs, "ms",
            "How far ahead of the block's time a reporter's observation may lie."),
        new(Parameter.PriceFallback, 0, LedgerLimits.PriceMax, 0, "micro-dollars",
            "The price of a token until the feed has had its first one; 0: nobody can burn before."),
    ];
}
