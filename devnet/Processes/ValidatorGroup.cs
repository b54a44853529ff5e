using AppChain.Client;
using AppChain.Devnet.Chain;
using AppChain.Devnet.Watch;
using Grpc.Core;

namespace AppChain.Devnet.Processes;

/// <summary>All validators of a run. Whatever happens to the run, disposing it leaves none behind.</summary>
internal sealed class ValidatorGroup : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly PidFile pids;
    private readonly TimeProvider time;
    private bool stopped;

    private ValidatorGroup(IReadOnlyList<RunningValidator> members, PidFile pids, TimeProvider time) =>
        (Members, this.pids, this.time) = (members, pids, time);

    public IReadOnlyList<RunningValidator> Members { get; }

    public int Restarts => Members.Sum(member => member.Process.Restarts);

    public static ValidatorGroup Start(DevnetDirectory directory, DevnetOptions options, PortPlan ports, TimeProvider time)
    {
        PidFile pids = new(directory.PidsFile);
        if (ProcFs.TrySample(Environment.ProcessId, out ProcessSample self))
            pids.Record(new PidEntry(PidFile.DevnetName, Environment.ProcessId, self.StartTicks));
        List<RunningValidator> members = [];
        for (int index = 0; index < directory.Layout.Validators; index++)
        {
            ValidatorPlan plan = new(
                index, options.NodeExecutable, directory.Home(index), directory.LogFile(index), ports.RpcAddress(index));
            ValidatorProcess process = new(plan, pids, restart: !options.NoRestart, time);
            process.Start();
            members.Add(new RunningValidator(process, NodeClient.Connect("http://" + plan.RpcAddress)));
        }
        return new ValidatorGroup(members, pids, time);
    }

    /// <summary>Waits until every validator answers and has made a block more than it started with.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        foreach (RunningValidator member in Members)
        {
            ulong? first = null;
            while (true)
            {
                string problem;
                try
                {
                    ulong height = (await member.Client.GetStatusAsync(DevnetLimits.StatusDeadline, cancellation)).Height;
                    first ??= height;
                    if (height > first || height > 0 && member != Members[0])
                        break;
                    problem = "answers, but makes no block";
                }
                catch (RpcException e) when (!cancellation.IsCancellationRequested)
                {
                    problem = member.Process.IsRunning ? e.Status.Detail : $"ended with exit code {member.Process.LastExitCode}";
                }
                if (time.GetElapsedTime(start) > DevnetLimits.StartMax || member.Process is { IsRunning: false, Restarts: >= 2 })
                    throw new DevnetException(
                        $"{member.Process.Plan.Name} did not start: {problem}. "
                        + $"The end of {member.Process.Plan.LogFile}:\n{LogEnd(member)}");
                await Task.Delay(Poll, time, cancellation);
            }
        }
    }

    /// <summary>Stops all of them, in an orderly way. Returns a sentence for each that did not end well.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        stopped = true;
        string?[] failures = await Task.WhenAll(Members.Select(member => member.Process.StopAsync()));
        pids.Delete();
        return [.. failures.OfType<string>()];
    }

    public async ValueTask DisposeAsync()
    {
        if (!stopped)
            await StopAsync();
        foreach (RunningValidator member in Members)
            await member.Client.DisposeAsync();
    }

    private static string LogEnd(RunningValidator member)
    {
        const int LinesShown = 8;
        string log = member.Process.Plan.LogFile;
        return File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(LinesShown)) : "(there is no log)";
    }
}
