using AppChain.Devnet.Processes;

namespace AppChain.Devnet.Siege;

/// <summary>Looks at the validators' resident memory until cancelled, and keeps the most of each.</summary>
internal sealed class MemoryWatch(ValidatorGroup validators, TimeProvider time)
{
    private readonly long[] peaks = new long[validators.Members.Count];

    /// <summary>What each validator has now.</summary>
    public long[] Now() => [.. validators.Members.Select(static member => member.Process.Usage.RssBytes)];

    /// <summary>The most that each had while this ran. Read it when that has ended.</summary>
    public IReadOnlyList<long> Peaks => peaks;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(SiegeLimits.RssInterval, time);
        try
        {
            do
            {
                long[] now = Now();
                for (int i = 0; i < peaks.Length; i++)
                    peaks[i] = Math.Max(peaks[i], now[i]);
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            // As long as was asked for.
        }
    }
}
