using System.Globalization;
using AppChain.Devnet.Watch;

namespace AppChain.Devnet.Chaos;

/// <summary>A validator and what is being done to its process: several faults may want it down at once. Any thread.</summary>
internal sealed class Victim(int index, RunningValidator validator) : IDisposable
{
    private const int ExitCodeOfKill = 128 + 9;
    private const int ExitCodeOfFullDisk = 1;

    // The rest of a home is what the node wrote itself.
    private static readonly string[] MadeByInit = ["config.json", "genesis.json", "keys"];

    private readonly SemaphoreSlim gate = new(1);
    private readonly List<string> failures = [];
    private int heldDown;
    private int clockOffsetMs;
    private bool isAccountedFor;

    public int Index => index;

    public RunningValidator Validator => validator;

    /// <summary>Processes that were killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Its disk is full, or was a moment ago: it may end by itself.</summary>
    public bool MayLackSpace { get; set; }

    /// <summary>Sentences on ends that nobody asked for. To be read when nothing is done to it.</summary>
    public IReadOnlyList<string> Failures => failures;

    /// <summary>Kills it, and keeps it down until as many calls of <see cref="LetUpAsync"/>.</summary>
    public Task HoldDownAsync() => GuardedAsync(async () =>
    {
        heldDown++;
        await KillAsync();
    });

    public Task LetUpAsync() => GuardedAsync(() =>
    {
        heldDown--;
        StartIfDown();
        return Task.CompletedTask;
    });

    /// <summary>Kills it and starts it again at once.</summary>
    /// <param name="clockMs">How far its clock is ahead from now on; null: as before.</param>
    public Task KillAndStartAsync(int? clockMs = null) => GuardedAsync(async () =>
    {
        clockOffsetMs = clockMs ?? clockOffsetMs;
        await KillAsync();
        StartIfDown();
    });

    /// <summary>Kills it, takes everything from its home but what <c>appchain init</c> has put there, and starts it again.</summary>
    public Task WipeAsync() => GuardedAsync(async () =>
    {
        await KillAsync();
        DirectoryInfo home = new(validator.Process.Plan.Home);
        // The directories stay: a small disk may be mounted on one.
        foreach (FileSystemInfo entry in home.EnumerateDirectories().Where(entry => !MadeByInit.Contains(entry.Name)).SelectMany(entry => entry.EnumerateFileSystemInfos()))
            Delete(entry);
        StartIfDown();
    });

    /// <summary>Starts it again if it has ended by itself, and notes that unless its disk was full.</summary>
    public Task LookAfterAsync() => GuardedAsync(() =>
    {
        StartIfDown();
        return Task.CompletedTask;
    });

    public void Dispose() => gate.Dispose();

    private static void Delete(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo directory)
            directory.Delete(recursive: true);
        else
            entry.Delete();
    }

    private async Task KillAsync()
    {
        NoteEnd();
        if (!validator.Process.IsRunning)
            return;
        await validator.Process.KillAsync();
        isAccountedFor = validator.Process.ExitCode == ExitCodeOfKill; // else it was quicker
        Kills++;
        NoteEnd();
    }

    private void StartIfDown()
    {
        NoteEnd();
        if (validator.Process.IsRunning || heldDown > 0)
            return;
        isAccountedFor = false;
        validator.Process.Start(clockOffsetMs == 0 ? [] : ["--clock-offset", clockOffsetMs.ToString(CultureInfo.InvariantCulture)]);
    }

    private void NoteEnd()
    {
        if (isAccountedFor || validator.Process.ExitCode is not { } code)
            return;
        isAccountedFor = true;
        if (!(MayLackSpace && code == ExitCodeOfFullDisk))
            failures.Add($"{validator.Process.Plan.Name} ended by itself with exit code {code}; see {validator.Process.Plan.LogFile}.");
    }

    private async Task GuardedAsync(Func<Task> action)
    {
        await gate.WaitAsync();
        try
        {
            await action();
        }
        finally
        {
            gate.Release();
        }
    }
}
