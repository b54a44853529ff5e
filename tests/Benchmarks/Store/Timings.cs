using System.Diagnostics;
using System.Globalization;

namespace AppChain.Benchmarks.Store;

/// <summary>Times of many like operations.</summary>
internal sealed class Timings
{
    private readonly List<double> microseconds = [];

    public void Time(Action action)
    {
        long begin = Stopwatch.GetTimestamp();
        action();
        microseconds.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
    }

    public double At(double share)
    {
        microseconds.Sort();
        return microseconds.Count == 0 ? 0 : microseconds[(int)Math.Min(microseconds.Count - 1, share * microseconds.Count)];
    }

    /// <summary>Median and 99th percentile.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"p50 {At(0.5):N1} µs, p99 {At(0.99):N1} µs");
}
