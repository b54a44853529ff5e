using AppChain.Devnet.Fleet;
using AppChain.Devnet.Statistics;
using AppChain.Devnet.Watch;

namespace AppChain.Devnet.View;

/// <summary>What a view shows, gathered at one moment.</summary>
internal sealed record RunMoment(
    string Phase, TimeSpan Elapsed, TimeSpan? Planned, ChainState Chain, StatisticsSnapshot Proofs, int Pending, string? FleetProblem)
{
    /// <summary>One sentence when the chain stands still.</summary>
    public string? Halt => Chain.HaltedFor is { } still
        ? $"THE CHAIN STANDS STILL: no block for {still.TotalSeconds:0} s, "
            + $"{Chain.Answering} of {Chain.Validators.Count} validators answer; it needs more than two thirds"
        : null;
}

/// <summary>Where a run stands: gathers what views show. The phase is set by the run as it goes on.</summary>
internal sealed class RunProgress(ChainWatch watch, RunStatistics statistics, SensorFleet fleet, TimeSpan? planned, TimeProvider time)
{
    private readonly long start = time.GetTimestamp();
    private volatile string phase = "replaying";

    public string Phase
    {
        get => phase;
        set => phase = value;
    }

    public RunMoment Now =>
        new(phase, time.GetElapsedTime(start), planned, watch.Current, statistics.Snapshot(), fleet.Pending, fleet.Problem);
}
