namespace AppChain.Node.Rpc;

/// <summary>Knows whether this node is fit to serve, and wakes those who wait for that to change.</summary>
/// <param name="isHealthy">Asked at every <see cref="NodeLimits.HealthInterval"/>.</param>
public sealed class HealthMonitor(Func<bool> isHealthy, TimeProvider clock)
{
    private volatile State state = new(Serving: false);

    /// <summary>What it was when last asked, and a task that completes when that changes. Not serving until first asked.</summary>
    public (bool Serving, Task Changed) Current => (state.Serving, state.Changed.Task);

    /// <summary>Whether a node that is at this block is up to date: it fetches nothing and its last block is of about now.</summary>
    /// <param name="tipMs">Time of the last final block, Unix milliseconds.</param>
    /// <param name="nowMs">Unix milliseconds.</param>
    public static bool IsUpToDate(bool catchingUp, ulong tipMs, ulong nowMs) =>
        // A node that was just restarted does not know yet what it missed, and one whose network has halted finalises nothing:
        // the age of its last block tells both.
        !catchingUp && nowMs <= tipMs + (ulong)NodeLimits.HealthTipAgeMax.TotalMilliseconds;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(NodeLimits.HealthInterval, clock);
        do
        {
            State before = state;
            if (isHealthy() is var serving && serving == before.Serving)
                continue;
            state = new State(serving);
            before.Changed.SetResult();
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private sealed record State(bool Serving)
    {
        public TaskCompletionSource Changed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
