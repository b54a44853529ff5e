namespace AppChain.Simulation.Geography;

/// <summary>
/// Validators in regions, and how long a message takes from one to another, apart from the links' rates. One way is half a round trip. Its
/// jitter is an exponential above a floor, the one distribution of two parameters that has a floor (no message outruns light) and fits
/// both percentiles: delay = floor + scale·E with scale = (p90 − p50) / ln 5 and floor = p50 − scale·ln 2.
/// </summary>
sealed class Placement
{
    // In millionths, so that all arithmetic is of integers and the same everywhere.
    const long Ln2 = 693_147;
    const long Ln5 = 1_609_438;

    readonly (long FloorUs, long ScaleUs)[,] delays;
    readonly long[,] medians;

    public Placement(LatencyTable table, IReadOnlyList<string> regions, int validators)
    {
        Regions = [.. Enumerable.Range(0, validators).Select(i => regions[i % regions.Count])];
        delays = new (long, long)[validators, validators];
        medians = new long[validators, validators];
        for (var from = 0; from < validators; from++)
        {
            for (var to = 0; to < validators; to++)
            {
                var (median, ninetieth) = table.RoundTrip(Regions[from], Regions[to]);
                var scale = (ninetieth - median) / 2 * 1_000_000 / Ln5;
                medians[from, to] = from == to ? 0 : median / 2;
                delays[from, to] = (long.Max(0, (median / 2) - (scale * Ln2 / 1_000_000)), scale);
            }
        }
    }

    /// <summary>Where each validator is: they are dealt out like cards, one region after the other.</summary>
    public IReadOnlyList<string> Regions { get; }

    public int Count => Regions.Count;

    /// <summary>Half the median round trip, in microseconds; 0 to oneself.</summary>
    public long MedianUs(int from, int to) => medians[from, to];

    public long DelayUs(int from, int to, Dice dice)
    {
        var (floor, scale) = delays[from, to];
        return floor + (scale * dice.ExponentialMillionths() / 1_000_000);
    }
}
