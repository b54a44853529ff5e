using System;
using System.Collections.Immutable;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>Scores drives and their images: pure.</summary>
public static class MappingScoring
{
    /// <summary>Reviewers of an image: with three, one liar does not move the median beyond what the honest say.</summary>
    public const int Reviewers = 3;

    private const uint Whole = 1_000_000;

    /// <summary>Whether a drive can have been driven. A jump of the satellites is two fast legs, there and back.</summary>
    /// <exception cref="LedgerInvariantException">The track is longer than its limit, or leaves Earth.</exception>
    public static TrackVerdict Judge(Track track, MappingScoreRules rules)
    {
        Invariant.Check(track.Points.Length <= Track.PointsMax, "a track has few points");
        int legs = track.Points.Length - 1, fast = 0;
        if (legs < 1)
            return new TrackVerdict(TrackOutcome.TooShort, 0);
        for (int leg = 0; leg < legs; leg++)
        {
            TrackPoint from = track.Points[leg], to = track.Points[leg + 1];
            if (to.AtMs <= from.AtMs)
                return new TrackVerdict(TrackOutcome.OutOfOrder, leg + 1);
            // cm · 1000 > cm/s · ms
            UInt128 way = (UInt128)(ulong)Distance.BetweenCm(from.Place, to.Place) * 1_000;
            fast += way > (UInt128)rules.SpeedMaxCmS * (to.AtMs - from.AtMs) ? 1 : 0;
        }
        long share = (long)fast * Whole / legs;
        return share > rules.GlitchesMax ? new TrackVerdict(TrackOutcome.TooFast, share) : new TrackVerdict(TrackOutcome.Valid, 0);
    }

    /// <summary>
    /// The heading of a leg as one of eight: 0 is north, 2 east, each within 22.5°; null if the leg is too short to say. A street seen in
    /// one direction is not the street seen in the other.
    /// </summary>
    public static int? OctantOf(GeoPoint from, GeoPoint to, MappingScoreRules rules)
    {
        if (Distance.BetweenCm(from, to) < rules.HeadingMinCm)
            return null;
        long turned = Trigonometry.Turn((long)to.LongitudeE7 - from.LongitudeE7);
        long east = turned > GeoPoint.FullTurn / 2 ? turned - GeoPoint.FullTurn : turned;
        east = Trigonometry.Multiply(east, Trigonometry.Cos(from.LatitudeE7));
        long north = (long)to.LatitudeE7 - from.LatitudeE7;
        long wide = long.Abs(east), high = long.Abs(north);
        // tan 22.5° = √2 − 1 = 0.41421356…
        bool alongMeridian = wide * 100_000_000 < high * 41_421_356, alongParallel = high * 100_000_000 < wide * 41_421_356;
        return alongMeridian ? (north > 0 ? 0 : 4)
            : alongParallel ? (east > 0 ? 2 : 6)
            : north > 0 ? (east > 0 ? 1 : 7)
            : east > 0 ? 3 : 5;
    }

    /// <summary>
    /// The units of an image: <c>demand · min(age / T½, 2) · 1 / (1 + n₇) · quality</c>, each step rounded down.
    /// </summary>
    /// <param name="demandPpm">What the tile is wanted for.</param>
    /// <param name="ageMs">How old the last image of the tile was; of one never seen the greatest number.</param>
    /// <param name="seenInWeek">Images of the tile in the last seven days (n₇).</param>
    /// <param name="qualities">What the drawn reviewers say, in parts per million; of three the median counts.</param>
    /// <param name="rules">The rules.</param>
    /// <exception cref="LedgerInvariantException">There are not three reviews.</exception>
    public static ulong UnitsOf(uint demandPpm, ulong ageMs, uint seenInWeek, ImmutableArray<uint> qualities, MappingScoreRules rules)
    {
        Invariant.Check(qualities.Length == Reviewers, "an image has three reviews when it is scored");
        return UnitsOf(ValueOf(demandPpm, ageMs, seenInWeek, rules), MedianOf(qualities.AsSpan()));
    }

    /// <summary>
    /// What an image would earn at full quality: <c>demand · min(age / T½, 2) · 1 / (1 + n₇)</c>, each step rounded down.
    /// </summary>
    /// <inheritdoc cref="UnitsOf(uint, ulong, uint, ImmutableArray{uint}, MappingScoreRules)"/>
    public static ulong ValueOf(uint demandPpm, ulong ageMs, uint seenInWeek, MappingScoreRules rules)
    {
        UInt128 freshness = UInt128.Min((UInt128)ageMs * Whole / rules.HalfLifeMs, rules.FreshnessMax);
        return (ulong)(demandPpm * freshness / Whole / ((UInt128)seenInWeek + 1));
    }

    /// <summary>What of its value an image of some quality earns, rounded down.</summary>
    public static ulong UnitsOf(ulong value, uint qualityPpm) => (ulong)((UInt128)value * uint.Min(qualityPpm, Whole) / Whole);

    /// <summary>The median, of an even number the lower one of the two in the middle.</summary>
    /// <exception cref="LedgerInvariantException">There are none.</exception>
    public static uint MedianOf(ReadOnlySpan<uint> qualities)
    {
        Invariant.Check(qualities.Length > 0, "a median is of some");
        uint[] ordered = qualities.ToArray();
        Array.Sort(ordered);
        return ordered[(ordered.Length - 1) / 2];
    }
}
