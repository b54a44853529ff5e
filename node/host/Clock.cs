namespace AppChain.Node;

/// <summary>The two readings of the clock that the node uses.</summary>
public static class Clock
{
    /// <summary>Wall-clock time, milliseconds since the Unix epoch: for headers and validity.</summary>
    public static ulong UnixMs(this TimeProvider clock) => (ulong)clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Monotonic time, milliseconds since some moment: for timeouts.</summary>
    public static ulong MonotonicMs(this TimeProvider clock) => (ulong)clock.GetElapsedTime(0).TotalMilliseconds;
}
