using AppChain.Devnet.Statistics;

namespace AppChain.Devnet.Fleet;

/// <summary>All devices of a run: one loop lets each speak when its time has come; their agents do the rest.</summary>
internal sealed class SensorFleet(
    IReadOnlyList<FleetDevice> devices, ReplayPace pace, RunStatistics statistics, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LatenessMax = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryFullOutbox = TimeSpan.FromMilliseconds(100);

    /// <summary>Readings without a last word.</summary>
    public int Pending => devices.Sum(device => device.Agent.Pending);

    /// <summary>Why devices cannot reach a node at the moment, the most frequent cause; null when all can.</summary>
    public string? Problem => devices.Select(device => device.Agent.Problem).OfType<string>()
        .GroupBy(problem => problem, (problem, each) => (Text: problem, Count: each.Count())).OrderByDescending(group => group.Count)
        .Select(group => $"{group.Count} of {devices.Count} devices: {group.Text}").FirstOrDefault();

    public void Start()
    {
        foreach (FleetDevice device in devices)
        {
            device.Agent.Resolved += statistics.OnResolved;
            device.Agent.Start();
        }
    }

    /// <summary>Replays until cancelled, or until the run can remember no more proofs.</summary>
    public async Task ReplayAsync(CancellationToken cancellation)
    {
        PriorityQueue<FleetDevice, TimeSpan> due = new();
        for (int i = 0; i < devices.Count; i++)
            due.Enqueue(devices[i], pace.StartOffset(i, devices.Count));
        long start = time.GetTimestamp();
        using PeriodicTimer timer = new(Tick, time);
        try
        {
            while (!statistics.IsFull && await timer.WaitForNextTickAsync(cancellation))
                SpeakThoseDue(due, time.GetElapsedTime(start));
        }
        catch (OperationCanceledException)
        {
            // The run is over: what is recorded is still sent.
        }
    }

    /// <summary>Waits until every reading has its last word. False when the time was too short.</summary>
    public async Task<bool> DrainAsync(TimeSpan within, CancellationToken cancellation)
    {
        bool[] drained = await Task.WhenAll(devices.Select(device => device.Agent.DrainAsync(within, cancellation)));
        return drained.All(each => each);
    }

    /// <summary>Ends with an error as soon as an agent stops for a cause that it cannot mend.</summary>
    public async Task WatchAsync() => await await Task.WhenAny(devices.Select(device => device.Agent.Completion));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(devices.Select(device => device.DisposeAsync().AsTask()));
    }

    private void SpeakThoseDue(PriorityQueue<FleetDevice, TimeSpan> due, TimeSpan now)
    {
        while (due.TryPeek(out FleetDevice? device, out TimeSpan at) && at <= now)
        {
            bool spoke = device.TryReplayNext(time.GetUtcNow());
            if (spoke)
                statistics.OnSubmitted();
            // Counted from when it was due, not from now: a late tick does not lower the rate. A long stall is not made up for, though:
            // observations would have to be spread into the future.
            TimeSpan from = now - at > LatenessMax ? now : at;
            TimeSpan next = spoke ? from + pace.NextAfter(device) : now + RetryFullOutbox;
            due.DequeueEnqueue(device, next);
        }
    }
}
