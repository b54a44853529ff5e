using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>What the witnesses of a sensor read: per slot their median and their median deviation (MAD).</summary>
/// <remarks>
/// Witnesses are the group's sensors of other owners that filled enough slots. If enough of them have earned trust, only these count:
/// newcomers, however many, cannot move what they are measured by.
/// </remarks>
public sealed class SensorNeighbourhood
{
    private readonly long?[] medians;
    private readonly long?[] deviations;

    private SensorNeighbourhood(uint witnesses, long?[] medians, long?[] deviations)
    {
        Witnesses = witnesses;
        this.medians = medians;
        this.deviations = deviations;
    }

    /// <summary>How many witnesses there are.</summary>
    public uint Witnesses { get; }

    /// <summary>Their median in each slot; null where too few of them have a value.</summary>
    public ReadOnlySpan<long?> Medians => medians;

    /// <summary>Their MAD in each slot.</summary>
    public ReadOnlySpan<long?> Deviations => deviations;

    /// <summary>What all sensors of a group say together: what later windows keep as their past.</summary>
    public static ImmutableArray<long?> MediansOf(SensorGroup group, SensorScoreRules rules) => [.. Around(group, null, rules).medians];

    /// <summary>The neighbourhood of one sensor of the group; of null, of all.</summary>
    internal static SensorNeighbourhood Around(SensorGroup group, SensorSeries? sensor, SensorScoreRules rules)
    {
        List<SensorSeries> trusted = [], all = [];
        foreach (SensorSeries other in group.Series)
        {
            if (ReferenceEquals(other, sensor) || other.Owner == sensor?.Owner || !SensorWindow.IsAvailable(other, rules))
                continue;
            all.Add(other);
            if (SensorTrust.IsPaid(other.Trust))
                trusted.Add(other);
        }
        List<SensorSeries> witnesses = trusted.Count >= rules.NeighboursMin ? trusted : all;
        int slots = group.Series.IsEmpty ? 0 : group.Series[0].Slots.Length;
        long?[] medians = new long?[slots], deviations = new long?[slots];
        long[] values = new long[witnesses.Count];
        for (int slot = 0; slot < slots; slot++)
        {
            int count = 0;
            foreach (SensorSeries witness in witnesses)
            {
                if (witness.Slots[slot] is { } value)
                    values[count++] = value;
            }
            if (count == 0 || count < rules.NeighboursMin)
                continue;
            long median = Robust.Median(values.AsSpan(0, count));
            (medians[slot], deviations[slot]) = (median, Robust.MedianDeviation(values.AsSpan(0, count), median));
        }
        return new SensorNeighbourhood((uint)witnesses.Count, medians, deviations);
    }
}
