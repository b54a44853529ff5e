using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>What a meter measures.</summary>
public enum MeterKind : byte
{
    /// <summary>What a home takes.</summary>
    Load = 1,

    /// <summary>What panels make.</summary>
    Solar = 2,

    /// <summary>What anything else makes: a battery, a generator.</summary>
    Source = 3,
}

/// <summary>A meter as it is registered.</summary>
/// <param name="Kind">What it measures.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="PeakWatts">
/// What its connection can carry; of panels what they are rated at (their watt peak). At most <see cref="PeakWattsMax"/>.
/// </param>
public sealed record MeterSite(MeterKind Kind, GeoPoint Place, ulong PeakWatts)
{
    /// <summary>A gigawatt: registration takes no more, and the sums have room for it.</summary>
    public const ulong PeakWattsMax = 1_000_000_000;
}

/// <summary>A reading of a meter's register, which only ever counts up.</summary>
/// <param name="FromSeconds">The interval's start, Unix time in seconds.</param>
/// <param name="ToSeconds">And its end: when the register was read.</param>
/// <param name="RegisterWh">The register at the end, in watt hours.</param>
public readonly record struct MeterReading(ulong FromSeconds, ulong ToSeconds, ulong RegisterWh);

/// <summary>A meter's part in one interval of its feeder.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="Kind">What it measures.</param>
/// <param name="Wh">What it measured.</param>
/// <param name="PeakWatts">As registered.</param>
/// <param name="UsualPpm">
/// What panels there usually make, in parts per million of the median of the feeder's panels of the same size (<see
/// cref="EnergyScoring.UsualAfter"/>); 0: nobody knows yet, and when the feeder does not balance, it counts as nothing.
/// </param>
public sealed record FeederMeter(Address Meter, MeterKind Kind, ulong Wh, ulong PeakWatts, ulong UsualPpm);

/// <summary>The meters behind one transformer in one interval, and what its own meter says.</summary>
/// <param name="Meters">At most <see cref="MetersMax"/>.</param>
/// <param name="ImportWh">What came into the feeder.</param>
/// <param name="ExportWh">What left it.</param>
public sealed record FeederGroup(ImmutableArray<FeederMeter> Meters, ulong ImportWh, ulong ExportWh)
{
    /// <summary>Meters of one feeder.</summary>
    public const int MetersMax = 256;

    /// <summary>What a meter can have counted in an interval: <see cref="MeterChecks"/> lets through less.</summary>
    public const ulong WhMax = 48 * MeterSite.PeakWattsMax;
}
