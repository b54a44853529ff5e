using AppChain.Client;
using AppChain.Crypto;

namespace AppChain.Devnet.Statistics;

/// <summary>What a node acknowledged as final: the last check looks for exactly this in the chain.</summary>
internal readonly record struct Acknowledged(ulong Height, uint ReasonCode, ulong Units);

/// <summary>Totals of a run so far, and what happened in its last seconds.</summary>
internal sealed record StatisticsSnapshot(
    long Submitted, long Final, long Accepted, IReadOnlyDictionary<string, long> Rejected,
    LatencySummary Latency, LatencySummary RecentLatency, double FinalPerSecond);

/// <summary>Quantiles of submit → final; null when nothing was measured.</summary>
internal sealed record LatencySummary(TimeSpan? P50, TimeSpan? P95, TimeSpan? P99)
{
    public static LatencySummary Of(LatencyHistogram histogram) =>
        new(histogram.Quantile(0.50), histogram.Quantile(0.95), histogram.Quantile(0.99));
}

/// <summary>Counts what became of every proof. Called from many agents at once.</summary>
internal sealed class RunStatistics(TimeProvider time)
{
    /// <summary>Acknowledged proofs that a run remembers, to look each of them up at its end. Reaching it ends the submitting.</summary>
    public const int AcknowledgedMax = 20_000_000;

    /// <summary>Different reasons that are counted by name; the registry has fewer. Further ones count as "other".</summary>
    private const int ReasonsMax = 1_000;

    private static readonly TimeSpan RecentSpan = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<Hash256, Acknowledged> acknowledged = [];
    private readonly SortedDictionary<string, long> rejected = new(StringComparer.Ordinal);
    private readonly LatencyHistogram latency = new();

    // Two spans, the running one and the one before: "recent" is the last complete one.
    private LatencyHistogram running = new();
    private LatencyHistogram previous = new();
    private long runningSince = time.GetTimestamp();
    private TimeSpan previousSpan = RecentSpan;
    private long submitted;
    private long accepted;

    /// <summary>True when no more proofs can be remembered.</summary>
    public bool IsFull
    {
        get
        {
            lock (gate)
                return acknowledged.Count >= AcknowledgedMax;
        }
    }

    /// <summary>Every proof that was acknowledged as final. Only to be read when the fleet is at rest.</summary>
    public IReadOnlyDictionary<Hash256, Acknowledged> AcknowledgedProofs => acknowledged;

    public void OnSubmitted() => Interlocked.Increment(ref submitted);

    public void OnResolved(ProofOutcome outcome)
    {
        lock (gate)
        {
            Turn();
            if (outcome.Result == ProofResult.Accepted)
                accepted++;
            else
                Count(outcome.Reason);
            if (outcome.Result == ProofResult.Refused)
                return;
            acknowledged[outcome.Id] = new Acknowledged(outcome.Height, outcome.ReasonCode, outcome.Units);
            latency.Add(outcome.Latency);
            running.Add(outcome.Latency);
        }
    }

    public StatisticsSnapshot Snapshot()
    {
        lock (gate)
        {
            Turn();
            return new StatisticsSnapshot(
                Interlocked.Read(ref submitted), acknowledged.Count, accepted,
                new SortedDictionary<string, long>(rejected, StringComparer.Ordinal),
                LatencySummary.Of(latency), LatencySummary.Of(previous), previous.Count / previousSpan.TotalSeconds);
        }
    }

    private void Count(string reason)
    {
        string name = rejected.Count < ReasonsMax || rejected.ContainsKey(reason) ? reason : "other";
        rejected[name] = rejected.GetValueOrDefault(name) + 1;
    }

    private void Turn()
    {
        TimeSpan elapsed = time.GetElapsedTime(runningSince);
        if (elapsed < RecentSpan)
            return;
        (previous, running) = (running, previous);
        running.Clear();
        previousSpan = elapsed;
        runningSince = time.GetTimestamp();
    }
}
