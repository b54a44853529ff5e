using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>
/// Scores the sensors of a group for one metric and window, when it has closed: pure, whatever the order of the series.
/// </summary>
/// <remarks>
/// The checks in order; the first that fails decides: availability, constancy, copies, nearness, bias, cap. What a single window cannot
/// show for sure, that a sensor follows its neighbours and tells of now, is evidence: it costs nothing at once, and
/// <see cref="SensorTrust"/> adds it up.
/// </remarks>
public static class SensorScoring
{
    /// <summary>The scores of the cell's own sensors, in the order of their series.</summary>
    /// <exception cref="LedgerInvariantException">The group is larger than its limits, or its series are of different lengths.</exception>
    public static ImmutableArray<SensorScore> Score(SensorGroup group, SensorScoreRules rules)
    {
        Invariant.Check(group.Series.Length <= SensorGroup.SeriesMax, "a group of sensors is small");
        foreach (SensorSeries series in group.Series)
        {
            Invariant.Check(series.Slots.Length is > 0 and <= SensorGroup.SlotsMax, "a window has few slots");
            Invariant.Check(series.Slots.Length == group.Series[0].Slots.Length, "the series of a group are of one window");
        }
        SensorSeries[] sensors = [.. group.Series.Where(series => series.InCell)];
        SensorScore[] scores = [.. sensors.Select(sensor => ScoreOne(group, sensor, rules))];
        CapCell(sensors, scores, rules);
        return [.. scores];
    }

    private static SensorScore ScoreOne(SensorGroup group, SensorSeries sensor, SensorScoreRules rules)
    {
        SensorNeighbourhood around = SensorNeighbourhood.Around(group, sensor, rules);
        SensorScore Decided(SensorOutcome outcome, long decisive, SensorEvidence evidence, uint ppm = 0) =>
            new(sensor.Device, ppm, outcome, decisive, evidence, around.Witnesses);

        int filled = SensorWindow.FilledOf(sensor);
        if (!SensorWindow.IsAvailable(sensor, rules))
            return Decided(SensorOutcome.TooFewReadings, filled, SensorEvidence.None);
        Comparison with = Compare(sensor, around, rules);
        if (!SensorWindow.IsEnough(with.Slots, filled, rules))
            return with.OwnSpread == 0 && filled > 1
                ? Decided(SensorOutcome.Constant, 0, SensorEvidence.None)
                : Decided(SensorOutcome.Unwitnessed, 0, SensorEvidence.None, ConfidenceOf(around.Witnesses, rules));

        bool tells = Tells(with, around.Witnesses, rules);
        if (tells && (Int128)with.OwnSpread * Robust.Whole < (Int128)with.Signal * rules.ConstantRatio)
            return Decided(SensorOutcome.Constant, (long)((Int128)with.OwnSpread * Robust.Whole / with.Signal), SensorEvidence.Against);
        if (CopyOf(group, sensor, with.Noise, rules) is { } difference)
            return Decided(SensorOutcome.Copied, difference, SensorEvidence.Against);
        long near = with.Near * Robust.Whole / with.Slots;
        if (near < rules.BandShareMin)
            return Decided(SensorOutcome.FarFromNeighbours, near, SensorEvidence.Against);
        if (long.Abs(with.Offset) > (Int128)rules.BiasTolerance + ((Int128)rules.BiasSpreads * with.Noise / 1_000))
            return Decided(SensorOutcome.Biased, with.Offset, SensorEvidence.Against);

        if (tells && with.Correlation < rules.FollowMin)
            return Decided(SensorOutcome.DoesNotFollow, with.Correlation, SensorEvidence.Against, (uint)near);
        if (SensorWindow.StaleBy(sensor, around.Medians, group.Past, rules) is > 0 and int lag)
            return Decided(SensorOutcome.Stale, lag, SensorEvidence.Against, (uint)near);
        return Decided(SensorOutcome.Agrees, 0, tells ? SensorEvidence.For : SensorEvidence.None, (uint)near);
    }

    // A world that stands still tells no honest sensor from a stuck or copying one. How still it is, few witnesses know worse: by the root
    // of their number.
    private static bool Tells(in Comparison with, uint witnesses, SensorScoreRules rules)
    {
        ulong root = Trigonometry.Root((UInt128)witnesses * (ulong)(Robust.Whole * Robust.Whole));
        return with.Signal > 0 && (Int128)with.Signal * root >= (Int128)with.Noise * rules.SignalMin;
    }

    // Signal, noise and own spread are means per slot × 1000.
    private readonly record struct Comparison(int Slots, int Near, long Offset, long Signal, long Noise, long OwnSpread, long Correlation);

    private static Comparison Compare(SensorSeries sensor, SensorNeighbourhood around, SensorScoreRules rules)
    {
        int length = sensor.Slots.Length, count = 0, near = 0;
        long[] own = new long[length], medians = new long[length], offsets = new long[length];
        long deviations = 0;
        for (int slot = 0; slot < length; slot++)
        {
            if (sensor.Slots[slot] is not { } value || around.Medians[slot] is not { } median
                || around.Deviations[slot] is not { } deviation)
                continue;
            (own[count], medians[count], offsets[count]) = (value, median, value - median);
            near += long.Abs(value - median) <= (Int128)rules.Tolerance + ((Int128)rules.BandSpreads * deviation) ? 1 : 0;
            deviations += deviation;
            count++;
        }
        if (count == 0)
            return new Comparison(0, 0, 0, 0, 0, OwnSpreadOf(sensor), 0);
        long correlation = Robust.RankCorrelation(own.AsSpan(0, count), medians.AsSpan(0, count));
        return new Comparison(
            count, near, Robust.Median(offsets.AsSpan(0, count)), SensorWindow.MeanSpread(medians.AsSpan(0, count)),
            deviations * 1_000 / count, SensorWindow.MeanSpread(own.AsSpan(0, count)), correlation);
    }

    private static long OwnSpreadOf(SensorSeries sensor)
    {
        List<long> values = [];
        foreach (long? slot in sensor.Slots)
        {
            if (slot is { } value)
                values.Add(value);
        }
        return SensorWindow.MeanSpread(values.ToArray());
    }

    // The smallest difference from an elder that is too small to be two sensors, in ppm of the noise; null: none is.
    private static long? CopyOf(SensorGroup group, SensorSeries sensor, long noise, SensorScoreRules rules)
    {
        long? least = null;
        foreach (SensorSeries elder in group.Series)
        {
            if (noise == 0 || !IsElder(elder, sensor)
                || SensorWindow.Misfit(sensor.Slots.AsSpan(), elder.Slots.AsSpan(), rules) is not { } misfit)
                continue;
            long ratio = (long)Int128.Min((Int128)misfit * Robust.Whole / noise, long.MaxValue);
            if (ratio < rules.CopyRatio && (least is null || ratio < least))
                least = ratio;
        }
        return least;
    }

    private static uint ConfidenceOf(uint witnesses, SensorScoreRules rules) =>
        rules.Confidence.IsEmpty ? 0 : rules.Confidence[(int)uint.Min(witnesses, (uint)rules.Confidence.Length - 1)];

    // Who is trusted comes first, then who has the better score, then who is older.
    private static void CapCell(SensorSeries[] sensors, SensorScore[] scores, SensorScoreRules rules)
    {
        List<int> order = [];
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i].Ppm > 0)
                order.Add(i);
        }
        order.Sort((left, right) =>
        {
            int trust = SensorTrust.IsPaid(sensors[right].Trust).CompareTo(SensorTrust.IsPaid(sensors[left].Trust));
            int score = trust != 0 ? trust : scores[right].Ppm.CompareTo(scores[left].Ppm);
            return score != 0 ? score : IsElder(sensors[left], sensors[right]) ? -1 : left == right ? 0 : 1;
        });
        for (int rank = (int)uint.Min(rules.CellMax, (uint)order.Count); rank < order.Count; rank++)
            scores[order[rank]] = scores[order[rank]] with { Ppm = 0, Outcome = SensorOutcome.OverCap, Decisive = rank };
    }

    private static bool IsElder(SensorSeries elder, SensorSeries younger) =>
        (elder.SinceMs, elder.Device).CompareTo((younger.SinceMs, younger.Device)) < 0;
}
