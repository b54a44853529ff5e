using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What one sensor read of one metric in one window: the mean of its accepted readings in each of the window's slots.</summary>
/// <param name="Device">The sensor.</param>
/// <param name="Owner">Who owns it: sensors of one owner are no witnesses for each other.</param>
/// <param name="Trust">What it has earned by earlier windows (<see cref="SensorTrust"/>).</param>
/// <param name="SinceMs">Since when it serves: who came first is believed first.</param>
/// <param name="InCell">True if it stands in the cell that is scored; those of the ring around it only bear witness.</param>
/// <param name="Slots">
/// The values in the metric's unit × 1000, in order of time; null: no accepted reading. As many for every sensor of a group. Values beyond
/// ± 2⁴⁰ are none: the sums of a window have room for less.
/// </param>
public sealed record SensorSeries(Address Device, Address Owner, uint Trust, ulong SinceMs, bool InCell, ImmutableArray<long?> Slots)
{
    /// <summary>The values, null where there is none.</summary>
    public ImmutableArray<long?> Slots { get; } =
        [.. Slots.Select(value => value is >= -Robust.ValueMax and <= Robust.ValueMax ? value : null)];
}

/// <summary>The sensors of one cell and its ring in one window, for one metric.</summary>
/// <param name="Series">At most <see cref="SeriesMax"/>, each device once. The order does not matter.</param>
/// <param name="Past">
/// The medians of the slots before the window (<see cref="SensorNeighbourhood.Medians"/> of earlier windows), oldest first: what a sensor
/// is compared with that may be telling of an earlier time. Null: nobody knows. At most <see cref="PastMax"/> slots; more are not looked
/// at.
/// </param>
public sealed record SensorGroup(ImmutableArray<SensorSeries> Series, ImmutableArray<long?> Past)
{
    /// <summary>Sensors of a group: pairs are compared.</summary>
    public const int SeriesMax = 64;

    /// <summary>Slots of a window.</summary>
    public const int SlotsMax = 96;

    /// <summary>Slots before it that are remembered.</summary>
    public const int PastMax = 480;
}
