using System;
using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>What the checks of a window measure: each a plain number.</summary>
internal static class SensorWindow
{
    /// <summary>How many slots the sensor filled.</summary>
    public static int FilledOf(SensorSeries series)
    {
        int filled = 0;
        foreach (long? value in series.Slots)
            filled += value is null ? 0 : 1;
        return filled;
    }

    public static bool IsAvailable(SensorSeries series, SensorScoreRules rules) => IsEnough(FilledOf(series), series.Slots.Length, rules);

    /// <summary>True if so many of a window's slots tell of the whole.</summary>
    public static bool IsEnough(int slots, int all, SensorScoreRules rules) => slots > 0
        && slots * Robust.Whole >= (long)rules.AvailabilityMin * all;

    /// <summary>
    /// How much two series differ besides a fixed offset: the mean distance of their difference from its median, × 1000. Null if they have
    /// too few slots in common.
    /// </summary>
    public static long? Misfit(ReadOnlySpan<long?> series, ReadOnlySpan<long?> reference, SensorScoreRules rules)
    {
        Span<long> differences = stackalloc long[SensorGroup.SlotsMax];
        int count = 0;
        for (int slot = 0; slot < series.Length; slot++)
        {
            if (series[slot] is { } value && reference[slot] is { } other)
                differences[count++] = value - other;
        }
        return IsEnough(count, series.Length, rules) ? MeanSpread(differences[..count]) : null;
    }

    /// <summary>The mean distance of the values from their median, × 1000. Sorts the values.</summary>
    public static long MeanSpread(Span<long> values) => Robust.SpreadSum(values) * 1_000 / values.Length;

    /// <summary>
    /// How many slots earlier the neighbourhood was that the series fits better than that of now, by the rules' ratio; 0: none.
    /// </summary>
    /// <param name="medians">The neighbourhood now.</param>
    /// <param name="past">And before, oldest first.</param>
    public static int StaleBy(SensorSeries series, ReadOnlySpan<long?> medians, ImmutableArray<long?> past, SensorScoreRules rules)
    {
        if (Misfit(series.Slots.AsSpan(), medians, rules) is not { } now)
            return 0;
        int slots = medians.Length, before = int.Min(past.Length, SensorGroup.PastMax);
        long?[] line = [.. past.AsSpan()[^before..], .. medians];
        int best = 0;
        long least = long.MaxValue;
        for (int lag = 1; lag <= before; lag++)
        {
            if (Misfit(series.Slots.AsSpan(), line.AsSpan(before - lag, slots), rules) is { } misfit && misfit < least)
                (least, best) = (misfit, lag);
        }
        return best > 0 && (Int128)now * Robust.Whole > (Int128)least * rules.StaleRatio ? best : 0;
    }
}
