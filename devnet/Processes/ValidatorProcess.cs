using System.Diagnostics;

namespace AppChain.Devnet.Processes;

/// <summary>How one validator is started and where it can be reached.</summary>
/// <param name="Index">Its place in genesis.</param>
internal sealed record ValidatorPlan(int Index, string NodeExecutable, string Home, string LogFile, string RpcAddress)
{
    public string Name => "v" + Index.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>
/// One validator's process: started, watched, started again when it dies unasked, and stopped in an orderly way. It runs in a session of
/// its own, so that Ctrl-C at the terminal reaches only the devnet, and writes its log without the devnet's help, so that it outlives it.
/// </summary>
internal sealed class ValidatorProcess(ValidatorPlan plan, PidFile pids, bool restart, TimeProvider time)
{
    /// <summary>A validator that keeps dying is left dead after so many starts.</summary>
    public const int RestartsMax = 20;

    // The chain follows rules that the program does not know: it would only say so again.
    private const int UpgradeNeeded = 3;

    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TerminateGrace = TimeSpan.FromSeconds(10);

    // setsid gives the validator its own session and keeps the process id; sh only opens the log for it.
    private const string Launch = "home=$1 log=$2; shift 2; exec setsid \"$0\" run --home \"$home\" \"$@\" >>\"$log\" 2>&1";

    private CancellationTokenSource stopping = new();
    private double cpuSecondsOfEarlierProcesses;
    private ProcessSample latest;
    private volatile Process? process;
    private Task watching = Task.CompletedTask;
    private int restarts;
    private IReadOnlyList<string> more = [];

    public ValidatorPlan Plan => plan;

    /// <summary>How often it died unasked and was started again.</summary>
    public int Restarts => Volatile.Read(ref restarts);

    /// <summary>Exit code of the last process that ended unasked, null when none did.</summary>
    public int? LastExitCode { get; private set; }

    /// <summary>Exit code of the present process, null while it runs.</summary>
    public int? ExitCode => process is { HasExited: true } ended ? ended.ExitCode : null;

    public bool IsRunning => process is { HasExited: false };

    /// <summary>CPU time over all of its processes, resident memory of the living one, and whether it is paused.</summary>
    public (double CpuSeconds, long RssBytes, bool Paused) Usage
    {
        get
        {
            if (process is { } current && ProcFs.TrySample(current.Id, out ProcessSample sample))
                latest = sample;
            return (cpuSecondsOfEarlierProcesses + latest.CpuSeconds, latest.RssBytes, latest.IsPaused);
        }
    }

    /// <summary>Starts it, or starts it again when it has ended.</summary>
    /// <param name="arguments">More arguments of <c>appchain run</c>, for this process and those that replace it by themselves.</param>
    public void Start(params IReadOnlyList<string> arguments)
    {
        more = arguments;
        StartProcess();
        watching = WatchAsync();
    }

    /// <summary>SIGKILL, and waits until it is gone. Only for one that is not started again by itself.</summary>
    public async Task KillAsync()
    {
        process?.Kill();
        await watching;
    }

    /// <summary>SIGSTOP: it holds its connections and does nothing. One that is gone is no error.</summary>
    public void Pause() => Signals.Send(process, Signals.Stop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signals.Send(process, Signals.Continue);

    /// <summary>
    /// SIGTERM, ten seconds of grace, then SIGKILL. Returns the sentence of a failure: killed, or ended with an error code.
    /// </summary>
    public async Task<string?> StopAsync()
    {
        await stopping.CancelAsync();
        await watching;
        Process current = process ?? throw new InvalidOperationException($"{plan.Name} was never started.");
        if (current.HasExited)
            return $"{plan.Name} was not running at the end (exit code {current.ExitCode}); see {plan.LogFile}.";
        Signals.Send(current, Signals.Terminate);
        using CancellationTokenSource grace = new(TerminateGrace, time);
        try
        {
            await current.WaitForExitAsync(grace.Token);
            return current.ExitCode == 0 ? null : $"{plan.Name} ended with exit code {current.ExitCode}; see {plan.LogFile}.";
        }
        catch (OperationCanceledException)
        {
            current.Kill();
            await current.WaitForExitAsync(CancellationToken.None);
            return $"{plan.Name} did not end within {TerminateGrace.TotalSeconds:0} s of SIGTERM and was killed; see {plan.LogFile}.";
        }
    }

    /// <summary>Stops it in an orderly way, has something done to its home, and starts it again. Returns the sentence of a failure to stop.</summary>
    public async Task<string?> RestartAsync(Action whileStopped)
    {
        string? failure = await StopAsync();
        whileStopped();
        stopping.Dispose();
        stopping = new CancellationTokenSource();
        Start();
        return failure;
    }

    private void StartProcess()
    {
        ProcessStartInfo start = new("/bin/sh") { ArgumentList = { "-c", Launch, plan.NodeExecutable, plan.Home, plan.LogFile } };
        foreach (string argument in more)
            start.ArgumentList.Add(argument);
        // A devnet lives for minutes, and most of a young process's time goes to the compiler: measuring code in order to compile it
        // better later would double that.
        start.Environment["DOTNET_TieredPGO"] = "0";
        // A few keys here stand for what thousands would send.
        start.Environment["APPCHAIN_POOL__DEVICEPERSECOND"] = "0";
        start.Environment["APPCHAIN_POOL__ACCOUNTPERSECOND"] = "0";
        Process started = Process.Start(start) ?? throw new InvalidOperationException("the system started no process");
        cpuSecondsOfEarlierProcesses += latest.CpuSeconds;
        latest = default;
        process = started;
        if (ProcFs.TrySample(started.Id, out ProcessSample sample))
            pids.Record(new PidEntry(plan.Name, started.Id, sample.StartTicks));
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await process!.WaitForExitAsync(stopping.Token);
                LastExitCode = process.ExitCode;
                if (!restart || LastExitCode == UpgradeNeeded || restarts >= RestartsMax)
                    return;
                await Task.Delay(RestartDelay, time, stopping.Token);
                StartProcess();
                Interlocked.Increment(ref restarts);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: from here on its end is wanted.
        }
    }
}
