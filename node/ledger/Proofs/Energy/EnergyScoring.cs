using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace AppChain.Ledger;

/// <summary>
/// Scores the meters of a feeder for one interval, when all have been read: pure. What homes took and lines lost must have come from
/// somewhere. If the meters of panels claim more than there was, the meter is sought that claims most beyond what it usually makes among
/// its peers, under the same sun.
/// </summary>
/// <remarks>Making less than one's peers is no fault: panels face north, and stand in the shade.</remarks>
public static class EnergyScoring
{
    /// <exception cref="LedgerInvariantException">There are more meters than a feeder has, or one is beyond its limits.</exception>
    public static FeederScores Score(FeederGroup feeder, EnergyScoreRules rules)
    {
        Invariant.Check(feeder.Meters.Length <= FeederGroup.MetersMax, "a feeder has few meters");
        foreach (FeederMeter meter in feeder.Meters)
            Invariant.Check(meter.Wh <= FeederGroup.WhMax && meter.PeakWatts <= MeterSite.PeakWattsMax,
                "the meters of a feeder were judged before");
        ulong missing = MissingWh(feeder, rules);
        if (missing == 0)
            return new FeederScores([.. feeder.Meters.Select(meter => new EnergyScore(meter.Meter, meter.Wh, EnergyOutcome.Valid, 0))], 0);

        UInt128 median = MedianYield(feeder);
        UInt128[] beyond = [.. feeder.Meters.Select(meter => BeyondUsual(meter, median))];
        int culprit = CulpritOf(feeder, beyond, missing);
        return new FeederScores(
            [.. feeder.Meters.Select((meter, index) => Judge(meter, index == culprit, culprit >= 0, beyond[index], missing))], missing);
    }

    // The meter that alone explains what is missing: of several the one that is farthest beyond its usual, in proportion. -1: there is
    // none, or two that nobody knows yet.
    private static int CulpritOf(FeederGroup feeder, UInt128[] beyond, ulong missing)
    {
        int culprit = -1;
        bool tie = false;
        for (int i = 0; i < beyond.Length; i++)
        {
            if (beyond[i] < missing)
                continue;
            // beyond / usual, compared crosswise: usual = claimed − beyond.
            UInt128 here = culprit < 0 ? 1 : beyond[i] * (feeder.Meters[culprit].Wh - beyond[culprit]);
            UInt128 there = culprit < 0 ? 0 : beyond[culprit] * (feeder.Meters[i].Wh - beyond[i]);
            tie = here == there || (tie && here < there);
            culprit = here > there ? i : culprit;
        }
        return tie ? -1 : culprit;
    }

    /// <summary>
    /// What is usual for panels after an interval: a moving mean of their yield in parts per million of their peers' median. An interval
    /// that says nothing (no light, no peers, a feeder that does not balance, or would without the meter too) changes nothing: so panels
    /// that are not there never become usual.
    /// </summary>
    /// <param name="usualPpm">What was usual before; 0: nobody knew.</param>
    public static ulong UsualAfter(ulong usualPpm, FeederMeter meter, FeederGroup feeder, EnergyScoreRules rules)
    {
        UInt128 median = MedianYield(feeder);
        if (median == 0 || meter.PeakWatts == 0 || meter.Kind != MeterKind.Solar)
            return usualPpm;
        (UInt128 made, UInt128 allowed, UInt128 slack) = Sum(feeder, rules);
        if (made > allowed || meter.Wh <= slack)
            return usualPpm;
        const ulong whole = (ulong)Robust.Whole;
        ulong now = (ulong)UInt128.Min(YieldOf(meter) * whole / median, 10 * whole);
        return usualPpm == 0 ? ulong.Max(now, 1)
            : (ulong)((((UInt128)usualPpm * (whole - rules.UsualWeight)) + ((UInt128)now * rules.UsualWeight)) / whole);
    }

    private static ulong MissingWh(FeederGroup feeder, EnergyScoreRules rules)
    {
        (UInt128 made, UInt128 allowed, _) = Sum(feeder, rules);
        return made > allowed ? (ulong)UInt128.Min(made - allowed, ulong.MaxValue) : 0;
    }

    // What is claimed to have been made or came in, what can have been (used, lost, and what meters err by), and how much of that is not
    // certain.
    private static (UInt128 Made, UInt128 Allowed, UInt128 Slack) Sum(FeederGroup feeder, EnergyScoreRules rules)
    {
        UInt128 made = feeder.ImportWh, used = feeder.ExportWh;
        foreach (FeederMeter meter in feeder.Meters)
        {
            if (meter.Kind == MeterKind.Load)
                used += meter.Wh;
            else
                made += meter.Wh;
        }
        UInt128 slack = (used * (rules.LossMax + rules.BalanceBand) / (ulong)Robust.Whole) + rules.BalanceToleranceWh;
        return (made, used + slack, slack);
    }

    private static EnergyScore Judge(FeederMeter meter, bool isCulprit, bool found, UInt128 beyond, ulong missing)
    {
        var excess = (long)UInt128.Min(beyond, long.MaxValue);
        if (isCulprit)
            return new EnergyScore(meter.Meter, 0, EnergyOutcome.Inflated, excess);
        if (found || meter.Kind == MeterKind.Load)
            return new EnergyScore(meter.Meter, meter.Wh, EnergyOutcome.Valid, 0);
        ulong usual = meter.Wh - (ulong)UInt128.Min(beyond, meter.Wh);
        return new EnergyScore(meter.Meter, usual, EnergyOutcome.Unbalanced, (long)ulong.Min(missing, long.MaxValue));
    }

    private static UInt128 BeyondUsual(FeederMeter meter, UInt128 median)
    {
        if (meter.Kind == MeterKind.Load)
            return 0;
        UInt128 usual = meter.Kind == MeterKind.Source ? meter.Wh
            : median * meter.PeakWatts / (ulong)Robust.Whole * meter.UsualPpm / (ulong)Robust.Whole;
        return meter.Wh > usual ? meter.Wh - usual : 0;
    }

    // Millionths of a Wh for each watt peak.
    private static UInt128 YieldOf(FeederMeter meter) => (UInt128)meter.Wh * (ulong)Robust.Whole / meter.PeakWatts;

    private static UInt128 MedianYield(FeederGroup feeder)
    {
        List<UInt128> yields = [];
        foreach (FeederMeter meter in feeder.Meters)
        {
            if (meter.Kind == MeterKind.Solar && meter.PeakWatts > 0)
                yields.Add(YieldOf(meter));
        }
        yields.Sort();
        return yields.Count == 0 ? 0 : yields[(yields.Count - 1) / 2];
    }
}
