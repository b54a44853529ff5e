using AppChain.Devnet.Chaos.Links;
using AppChain.Devnet.Chaos.Plan;

namespace AppChain.Devnet.Chaos;

/// <summary>Does what a bout says. When it has played a bout, nothing is left broken by it.</summary>
internal sealed class FaultPlayer(IReadOnlyList<Victim> victims, LinkTroubles links, SmallDisk? disk, TimeProvider time)
{
    /// <summary>Plays all faults of a bout at their times, to their ends; cancelled, it mends at once what is broken.</summary>
    public Task PlayAsync(Bout bout, CancellationToken cancellation) =>
        Task.WhenAll(bout.Faults.Select(fault => PlayAsync(fault, cancellation)));

    private async Task PlayAsync(Fault fault, CancellationToken cancellation)
    {
        if (!await WaitAsync(fault.At, cancellation))
            return;
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                await AllAsync(fault, victim => victim.HoldDownAsync());
                await WaitAsync(fault.Lasts, cancellation);
                await AllAsync(fault, victim => victim.LetUpAsync());
                break;
            case FaultKind.KillOften:
                await RepeatAsync(fault, () => AllAsync(fault, victim => victim.KillAndStartAsync()), cancellation);
                break;
            case FaultKind.Wipe:
                await AllAsync(fault, victim => victim.WipeAsync());
                break;
            case FaultKind.Pause:
                await PauseAsync(fault, cancellation);
                break;
            case FaultKind.Clock:
                await AllAsync(fault, victim => victim.KillAndStartAsync(fault.Strength));
                await WaitAsync(fault.Lasts, cancellation);
                await AllAsync(fault, victim => victim.KillAndStartAsync(0));
                break;
            case FaultKind.FullDisk:
                await FillDiskAsync(fault, cancellation);
                break;
            case FaultKind.Reset:
                await RepeatAsync(fault, () => { links.Reset(fault); return Task.CompletedTask; }, cancellation);
                break;
            default:
                links.Begin(fault);
                await WaitAsync(fault.Lasts, cancellation);
                links.End(fault);
                break;
        }
    }

    private async Task PauseAsync(Fault fault, CancellationToken cancellation)
    {
        foreach (int victim in fault.Victims)
            victims[victim].Validator.Process.Pause();
        await WaitAsync(fault.Lasts, cancellation);
        foreach (int victim in fault.Victims)
            victims[victim].Validator.Process.Resume();
    }

    private async Task FillDiskAsync(Fault fault, CancellationToken cancellation)
    {
        foreach (int victim in fault.Victims)
            victims[victim].MayLackSpace = true;
        await disk!.FillAsync();
        await WaitAsync(fault.Lasts, cancellation);
        await disk.FreeAsync();
    }

    private async Task RepeatAsync(Fault fault, Func<Task> strike, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        do
            await strike();
        while (await WaitAsync(TimeSpan.FromMilliseconds(fault.Strength), cancellation) && time.GetElapsedTime(start) < fault.Lasts);
    }

    private Task AllAsync(Fault fault, Func<Victim, Task> action) => Task.WhenAll(fault.Victims.Select(victim => action(victims[victim])));

    // False when the run is being stopped.
    private async Task<bool> WaitAsync(TimeSpan duration, CancellationToken cancellation)
    {
        await Task.Delay(duration, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellation.IsCancellationRequested;
    }
}
