using AppChain.Client;
using AppChain.Devnet.Processes;
using AppChain.Protos.V1;
using Grpc.Core;
using Status = AppChain.Protos.V1.Status;

namespace AppChain.Devnet.Watch;

/// <summary>One validator of the run: its process and a client to it.</summary>
internal sealed record RunningValidator(ValidatorProcess Process, NodeClient Client);

/// <summary>
/// Looks at every validator twice a second, each in a loop of its own: one that is paused or dead delays nobody.
/// </summary>
internal sealed class ChainWatch(IReadOnlyList<RunningValidator> validators, TimeProvider time)
{
    private readonly ValidatorState?[] states = new ValidatorState?[validators.Count];
    private readonly Lock gate = new();
    private ulong height;
    private long grewAt = time.GetTimestamp();
    private Supply? supply;

    public ChainState Current
    {
        get
        {
            lock (gate)
            {
                TimeSpan still = time.GetElapsedTime(grewAt);
                ValidatorState[] seen = [.. states.Select((state, index) => state ?? Unseen(validators[index]))];
                return new ChainState(seen, height, still > DevnetLimits.HaltedAfter ? still : null, supply);
            }
        }
    }

    /// <summary>Watches until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, validators.Count).Select(index => WatchAsync(index, cancellation)));

    private static ValidatorState Unseen(RunningValidator validator) =>
        new(validator.Process.Plan.Name, validator.Process.Plan.RpcAddress, null, "not seen yet", 0, 0, 0);

    private async Task WatchAsync(int index, CancellationToken cancellation)
    {
        RunningValidator validator = validators[index];
        using PeriodicTimer timer = new(DevnetLimits.StatusInterval, time);
        try
        {
            do
            {
                (Status? status, Supply? seen, string? problem) = await AskAsync(validator, cancellation);
                Note(index, validator, status, seen, problem);
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            // The watch is over.
        }
    }

    private static async Task<(Status?, Supply?, string?)> AskAsync(RunningValidator validator, CancellationToken cancellation)
    {
        try
        {
            Status status = await validator.Client.GetStatusAsync(DevnetLimits.StatusDeadline, cancellation);
            return (status, await validator.Client.GetSupplyAsync(cancellation).WaitAsync(DevnetLimits.StatusDeadline, cancellation), null);
        }
        catch (RpcException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (Exception e) when (e is RpcException or TimeoutException)
        {
            string problem = validator.Process switch
            {
                { IsRunning: false, LastExitCode: { } code } => $"dead (exit code {code})",
                { Usage.Paused: true } => "paused",
                _ when e is RpcException { StatusCode: StatusCode.Unavailable } => "not reachable",
                _ => "does not answer",
            };
            return (null, null, problem);
        }
    }

    private void Note(int index, RunningValidator validator, Status? status, Supply? seen, string? problem)
    {
        (double cpu, long rss, _) = validator.Process.Usage;
        ValidatorPlan plan = validator.Process.Plan;
        lock (gate)
        {
            Status? last = status ?? states[index]?.Status;
            states[index] = new ValidatorState(plan.Name, plan.RpcAddress, last, problem, cpu, rss, validator.Process.Restarts);
            if (seen is not null && seen.Height >= (supply?.Height ?? 0))
                supply = seen;
            if (status is null || status.Height <= height)
                return;
            height = status.Height;
            grewAt = time.GetTimestamp();
        }
    }
}
