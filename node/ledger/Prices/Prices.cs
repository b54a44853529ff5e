using System;
using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>The conservative price of a token: where there is a choice it is the lower one, so that whoever burns never gets credits for too little.</summary>
/// <remarks>
/// <list type="number">
/// <item>A report is <b>fresh</b> if its reporter is on the list and it was observed at most <c>priceStaleMs</c> ago.</item>
/// <item>If <c>ceil(priceQuorum × reporters)</c> reports are fresh, the price is the lower of their median and of the median of the
/// window's samples. A burst within the window lifts the first median alone, a fall brings it down at once.</item>
/// <item>If fewer are fresh, it is the last price with a quorum, times <c>1 − priceMargin</c>.</item>
/// <item>If there never was one, it is <c>priceFallback</c>.</item>
/// </list>
/// A <b>median</b> of n is the ((n − 1) / 2)-th from below: of an even number the lower middle one. While liars are less than half of the
/// fresh reports, it lies between the lowest and the highest honest one. A sample is the median after the last report of each twelfth of the window.
/// </remarks>
internal static class Prices
{
    /// <summary>The price at a time.</summary>
    public static Price At(ILedgerState state, ulong nowMs)
    {
        ParametersRecord parameters = ParametersRecord.Get(state);
        PriceFeed feed = PriceFeed.Get(state);
        if (Median(FreshPrices(feed, parameters, PriceReporters.Get(state), nowMs)) is { } median)
            return new Price(Conservative(feed, parameters, median, nowMs), PriceBasis.Current);
        if (feed.Last > 0)
            return new Price(Discounted(feed.Last, parameters[Parameter.PriceMargin]), PriceBasis.Stale);
        ulong fallback = parameters[Parameter.PriceFallback];
        return new Price(fallback, fallback > 0 ? PriceBasis.Fallback : PriceBasis.None);
    }

    /// <summary>The feed with a report that was taken in.</summary>
    public static PriceFeed With(ILedgerState state, PriceFeed before, PriceReport report, ulong nowMs)
    {
        ParametersRecord parameters = ParametersRecord.Get(state);
        PriceReporters reporters = PriceReporters.Get(state);
        PriceFeed feed = before with
        {
            // Reports of those who have left the list go: so the record stays as small as the list.
            Reports =
            [
                .. before.Reports
                    .Where(other => other.Reporter != report.Reporter && reporters.Accounts.Contains(other.Reporter))
                    .Append(report)
                    .OrderBy(other => other.Reporter),
            ],
        };
        if (Median(FreshPrices(feed, parameters, reporters, nowMs)) is not { } median)
            return feed;
        feed = feed with { Samples = Sampled(feed.Samples, parameters[Parameter.PriceWindowMs], new PriceSample(nowMs, median)) };
        return feed with { Last = Conservative(feed, parameters, median, nowMs), LastMs = nowMs };
    }

    /// <summary>The median of the fresh reports, or null without a quorum of them.</summary>
    public static ulong? MedianAt(ILedgerState state, ulong nowMs) =>
        Median(FreshPrices(PriceFeed.Get(state), ParametersRecord.Get(state), PriceReporters.Get(state), nowMs));

    /// <summary>How many of so many reporters must have fresh reports.</summary>
    public static int QuorumOf(int reporters, ParametersRecord parameters) =>
        (int)((((ulong)reporters * parameters[Parameter.PriceQuorum]) + Parameters.Million - 1) / Parameters.Million);

    // Ascending; empty without a quorum.
    private static ImmutableArray<ulong> FreshPrices(PriceFeed feed, ParametersRecord parameters, PriceReporters reporters, ulong nowMs)
    {
        ulong staleMs = parameters[Parameter.PriceStaleMs];
        ImmutableArray<ulong> fresh =
        [
            .. feed.Reports
                .Where(report => reporters.Accounts.Contains(report.Reporter) && IsWithin(report.ObservedMs, staleMs, nowMs))
                .Select(report => report.Price)
                .Order(),
        ];
        return fresh.Length >= QuorumOf(reporters.Accounts.Length, parameters) ? fresh : [];
    }

    private static ulong Conservative(PriceFeed feed, ParametersRecord parameters, ulong median, ulong nowMs)
    {
        ulong windowMs = parameters[Parameter.PriceWindowMs];
        ulong? usual = Median([.. feed.Samples.Where(sample => IsWithin(sample.TimeMs, windowMs, nowMs)).Select(sample => sample.Price).Order()]);
        return Math.Min(median, usual ?? median);
    }

    // At least one: a margin must not make a price of none.
    private static ulong Discounted(ulong price, ulong marginPpm) =>
        Math.Max(1, (ulong)((UInt128)price * (Parameters.Million - marginPpm) / Parameters.Million));

    // One sample for each twelfth of the window, the last that it had; none older than the window.
    private static ImmutableArray<PriceSample> Sampled(ImmutableArray<PriceSample> samples, ulong windowMs, PriceSample added)
    {
        ulong spanMs = windowMs / LedgerLimits.PriceSamplesMax;
        ImmutableArray<PriceSample> kept =
        [
            .. samples
                .Where(sample => IsWithin(sample.TimeMs, windowMs, added.TimeMs) && sample.TimeMs / spanMs != added.TimeMs / spanMs)
                .Append(added),
        ];
        return kept.Length <= LedgerLimits.PriceSamplesMax ? kept : kept[^LedgerLimits.PriceSamplesMax..];
    }

    private static ulong? Median(ImmutableArray<ulong> ascending) => ascending.IsEmpty ? null : ascending[(ascending.Length - 1) / 2];

    // A time ahead of the block's lies within any span.
    private static bool IsWithin(ulong timeMs, ulong spanMs, ulong nowMs) => timeMs >= nowMs || nowMs - timeMs <= spanMs;
}
