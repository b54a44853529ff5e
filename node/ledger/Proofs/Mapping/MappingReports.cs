using System.Collections.Immutable;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>A point of a drive.</summary>
/// <param name="AtMs">When, Unix time in ms.</param>
/// <param name="Place">Where.</param>
public readonly record struct TrackPoint(ulong AtMs, GeoPoint Place);

/// <summary>By what numbers drives and images are scored. Shares are parts per million.</summary>
public sealed record MappingScoreRules
{
    /// <summary>The fastest that a drive goes, in cm/s.</summary>
    public ulong SpeedMaxCmS { get; init; } = 7_000;

    /// <summary>The share of a drive's legs that may be faster: satellites jump between houses.</summary>
    public uint GlitchesMax { get; init; } = 20_000;

    /// <summary>Legs shorter than so many cm say nothing of the heading.</summary>
    public long HeadingMinCm { get; init; } = 200;

    /// <summary>An image of a tile is worth as much again after so many ms.</summary>
    public ulong HalfLifeMs { get; init; } = 7 * 86_400_000UL;

    /// <summary>The most that age makes of it.</summary>
    public uint FreshnessMax { get; init; } = 2_000_000;
}

/// <summary>What speaks against a drive. The numbers are the state's.</summary>
public enum TrackOutcome : byte
{
    /// <summary>Nothing does.</summary>
    Valid = 0,

    /// <summary>It has fewer than two points.</summary>
    TooShort = 1,

    /// <summary>Time stands still or runs backwards. Decisive: the first such point.</summary>
    OutOfOrder = 2,

    /// <summary>Too many legs are too fast. Decisive: their share in ppm.</summary>
    TooFast = 3,
}

/// <summary>The verdict on a drive.</summary>
public readonly record struct TrackVerdict(TrackOutcome Outcome, long Decisive);

/// <summary>The track of one drive.</summary>
/// <param name="Points">At most <see cref="PointsMax"/>, all on Earth.</param>
public sealed record Track(ImmutableArray<TrackPoint> Points)
{
    /// <summary>An hour of a point each second.</summary>
    public const int PointsMax = 3_600;
}
