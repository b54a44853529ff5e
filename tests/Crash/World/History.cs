using AppChain.Crash.Disk;

namespace AppChain.Crash.World;

/// <summary>A moment at which a run was cut, and what was found then.</summary>
/// <param name="Seed">Of the history.</param>
/// <param name="Number">Of the moment in it.</param>
internal sealed record CrashPoint(int Seed, int Number, Fault Fault, Verdict Verdict)
{
    /// <summary>Where the disk as it was then is kept; null if nothing was wrong.</summary>
    public string? Kept { get; init; }
}

/// <summary>
/// Some lives of one data directory, each cut short and followed by the next, so that recovery is cut too. Of each life many moments
/// are tried. The same seed does the same; only what the database does in the background may fall between its writes elsewhere.
/// </summary>
internal sealed class History(int seed, Worlds worlds)
{
    private const int Lives = 3;

    private readonly Random random = new(seed);
    private readonly Attempts attempts = new();
    private DiskImage image = new();
    private Promise promise = new();

    /// <summary>Runs it.</summary>
    /// <param name="points">How many moments to try, spread over its lives.</param>
    /// <param name="faults">How each may end.</param>
    public IEnumerable<CrashPoint> Run(int points, IReadOnlyList<Fault> faults)
    {
        Workload workload = worlds.Workload(seed, attempts, random);
        int number = 0;
        for (int life = 0; life < Lives; life++)
        {
            IReadOnlyList<DiskEvent> events = Record(workload);
            for (int left = (points + life) / Lives; left > 0; left--)
            {
                Fault fault = faults[random.Next(faults.Count)];
                (DiskImage after, Promise kept) = Cut(events, random.Next(events.Count + 1), fault);
                Verdict verdict = worlds.Try(workload, after, kept);
                yield return new CrashPoint(seed, number++, fault, verdict)
                {
                    Kept = verdict.Problem is not null && !verdict.IsRefusal ? worlds.Keep(new Evidence(seed, number - 1, fault, kept, attempts), after) : null,
                };
            }
            (image, promise) = Cut(events, random.Next(events.Count / 2, events.Count + 1), random.Next(2) == 0 ? Fault.Killed : Fault.PowerCut);
        }
    }

    private IReadOnlyList<DiskEvent> Record(Workload workload)
    {
        string directory = worlds.Make(image, workload.DirectorySuffix);
        Recorder recorder = new(directory, image);
        SystemCalls.Watch(recorder);
        try
        {
            workload.Run(recorder);
        }
        finally
        {
            SystemCalls.Unwatch(recorder);
            worlds.Remove(directory, workload.DirectorySuffix);
        }
        return recorder.Events;
    }

    /// <summary>The disk, and what had been acknowledged, if this life ends after so many events.</summary>
    private (DiskImage Left, Promise Promise) Cut(IReadOnlyList<DiskEvent> events, int cut, Fault fault)
    {
        DiskImage left = image.Clone();
        Promise kept = promise.Copy();
        foreach (DiskEvent happened in events.Take(cut))
        {
            if (happened is DiskEvent.Acknowledge acknowledge)
                acknowledge.Apply(kept);
            else
                left.Apply(happened);
        }
        // A write that was under way is there as far as it came.
        if (cut < events.Count && events[cut] is DiskEvent.Append torn && random.Next(2) == 0)
            left.Apply(torn with { Bytes = torn.Bytes[..random.Next(torn.Bytes.Length)] });
        return Tails.Of(fault) is { } tails ? (left.AfterPowerCut(random, tails), kept.AfterPowerCut()) : (left, kept);
    }
}
