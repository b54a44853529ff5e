using AppChain.Client;
using AppChain.Devnet.Fleet;
using Grpc.Core;

namespace AppChain.Devnet.Chaos;

/// <summary>Sees how the chain gets on during the faults and after them.</summary>
internal sealed class RunMonitor(ChaosOptions options, IReadOnlyList<Victim> victims, SensorFleet fleet, TimeProvider time)
{
    // Proofs without a last word that are no backlog.
    private readonly int backlogMax = (int)(options.Rate * ChaosLimits.BacklogMax.TotalSeconds);

    /// <summary>Looks until cancelled, and returns the longest time in which no validator showed a new block.</summary>
    public async Task<TimeSpan> LongestStallAsync(CancellationToken cancellation)
    {
        (ulong highest, long grewAt, TimeSpan longest) = (0, time.GetTimestamp(), TimeSpan.Zero);
        while (!cancellation.IsCancellationRequested)
        {
            ulong now = (await HeightsAsync(CancellationToken.None)).Max() ?? 0;
            TimeSpan still = time.GetElapsedTime(grewAt);
            longest = still > longest ? still : longest;
            if (now > highest)
                (highest, grewAt) = (now, time.GetTimestamp());
            await Task.Delay(ChaosLimits.Poll, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return longest;
    }

    /// <summary>
    /// Waits until all validators are together, above the height that the highest of them had when they all answered again, and the devices' backlog is gone: until the chain carries
    /// its load again.
    /// </summary>
    /// <returns>How long that took; what was missing, if it took too long.</returns>
    public async Task<(TimeSpan Took, string? Problem)> RecoverAsync(CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        ulong? target = null;
        while (true)
        {
            foreach (Victim victim in victims)
                await victim.LookAfterAsync();
            ulong?[] heights = await HeightsAsync(cancellation);
            // Of all: one that does not answer yet may be the one that knows most.
            if (heights.All(height => height is not null))
                target ??= heights.Max() + ChaosLimits.RecoveryBlocks;
            int backlog = fleet.Pending;
            TimeSpan took = time.GetElapsedTime(start);
            bool isTogether = heights.All(height => height >= target) && heights.Max() - heights.Min() <= ChaosLimits.LagMax;
            if (isTogether && backlog <= backlogMax)
                return (took, null);
            if (took > options.RecoveryMax)
                return (took, Describe(heights, target, backlog));
            await Task.Delay(ChaosLimits.Poll, time, cancellation);
        }
    }

    private string Describe(ulong?[] heights, ulong? target, int backlog)
    {
        string where = string.Join(", ", heights.Select((height, index) => $"v{index} {(height is { } known ? $"at {known}" : "does not answer")}"));
        return $"the chain has not recovered {options.RecoveryMax.TotalSeconds:0} s after the faults: {where}, all of them expected {(target is { } height ? $"at {height} and together" : "to answer")}; "
            + $"{backlog} proofs wait, {backlogMax} at most expected. {fleet.Problem}".TrimEnd();
    }

    private Task<ulong?[]> HeightsAsync(CancellationToken cancellation) => Task.WhenAll(victims.Select(async victim =>
    {
        try
        {
            return (await victim.Validator.Client.GetStatusAsync(DevnetLimits.StatusDeadline, cancellation)).Height;
        }
        catch (RpcException) when (!cancellation.IsCancellationRequested)
        {
            return (ulong?)null;
        }
    }));
}
