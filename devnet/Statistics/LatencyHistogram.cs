using System.Numerics;

namespace AppChain.Devnet.Statistics;

/// <summary>
/// Counts durations in buckets whose width is at most 1/32 of their value, so that quantiles are right to about 3 % however many
/// there are, in fixed memory. Not synchronised: its owner is.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 5;
    private const int SubBuckets = 1 << SubBucketBits;
    private const int Exponents = 40; // up to 2^40 µs, twelve days: longer ones count as that

    private readonly long[] counts = new long[(Exponents + 1) * SubBuckets];

    /// <summary>Number of durations counted.</summary>
    public long Count { get; private set; }

    public void Add(TimeSpan duration)
    {
        ulong micros = (ulong)Math.Clamp((long)duration.TotalMicroseconds, 0, (1L << Exponents) - 1);
        counts[IndexOf(micros)]++;
        Count++;
    }

    /// <summary>Adds all that another one has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < counts.Length; i++)
            counts[i] += other.counts[i];
        Count += other.Count;
    }

    public void Clear()
    {
        Array.Clear(counts);
        Count = 0;
    }

    /// <summary>The duration that the given share of all is not above; null when there are none.</summary>
    /// <param name="quantile">Above 0, at most 1.</param>
    public TimeSpan? Quantile(double quantile)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(quantile);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantile, 1);
        long rank = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        long seen = 0;
        for (int index = 0; index < counts.Length && Count > 0; index++)
        {
            seen += counts[index];
            if (seen >= rank)
                return TimeSpan.FromMicroseconds(MiddleOf(index));
        }
        return null;
    }

    // Below 32 µs every value has its own bucket; above, the leading bit picks the row and the next five bits the bucket in it.
    private static int IndexOf(ulong micros)
    {
        if (micros < SubBuckets)
            return (int)micros;
        int shift = BitOperations.Log2(micros) - SubBucketBits;
        return (shift + 1) * SubBuckets + (int)(micros >> shift) - SubBuckets;
    }

    private static double MiddleOf(int index)
    {
        if (index < SubBuckets)
            return index;
        int shift = index / SubBuckets - 1;
        double low = (double)((ulong)(index % SubBuckets + SubBuckets) << shift);
        return low + ((1UL << shift) - 1) / 2.0;
    }
}
