using System.Collections.Immutable;

namespace AppChain.Ledger;

/// <summary>
/// By what numbers sensors are scored, for one metric of a service. The defaults come from real data (docs/calibration.md); tolerances are
/// in the metric's unit × 1000 and have none. Shares and ratios are parts per million.
/// </summary>
public sealed record SensorScoreRules
{
    /// <summary>How far from the neighbours' median is always near enough: what honest sensors of one model differ by.</summary>
    public required ulong Tolerance { get; init; }

    /// <summary>How far a sensor may stand off for a whole window, besides <see cref="BiasSpreads"/>.</summary>
    public required ulong BiasTolerance { get; init; }

    /// <summary>Near enough is also so many times the neighbours' median deviation (MAD).</summary>
    public uint BandSpreads { get; init; } = 3;

    /// <summary>And for the offset of a whole window so many times their mean MAD.</summary>
    public uint BiasSpreads { get; init; } = 3;

    /// <summary>Witnesses without which a slot is not judged.</summary>
    public uint NeighboursMin { get; init; } = 3;

    /// <summary>The share of a window's slots that a sensor must fill.</summary>
    public uint AvailabilityMin { get; init; } = 670_000;

    /// <summary>The share of its slots that must be near the neighbours, or the window earns nothing.</summary>
    public uint BandShareMin { get; init; } = 500_000;

    /// <summary>
    /// A window tells sensors apart if the neighbours' median moves so much, relative to their mean MAD over the root of their number: what
    /// the median of so many moves by chance.
    /// </summary>
    public uint SignalMin { get; init; } = 3_000_000;

    /// <summary>The rank correlation with the neighbours' median that an honest sensor has in a window that tells.</summary>
    public uint FollowMin { get; init; } = 500_000;

    /// <summary>A sensor that fits the neighbourhood of an earlier time by so much better than that of now tells of then.</summary>
    public uint StaleRatio { get; init; } = 1_500_000;

    /// <summary>Two series that differ, their offset aside, by less than this share of the neighbours' mean MAD are one series.</summary>
    public uint CopyRatio { get; init; } = 100_000;

    /// <summary>A sensor that moves less than this share of what the neighbours' median moves is stuck.</summary>
    public uint ConstantRatio { get; init; } = 60_000;

    /// <summary>What readings count that nobody could check, by the number of witnesses: none, one, two …</summary>
    public ImmutableArray<uint> Confidence { get; init; } = [250_000, 400_000, 600_000];

    /// <summary>Sensors of one cell that earn; the others watch.</summary>
    public uint CellMax { get; init; } = 8;
}
