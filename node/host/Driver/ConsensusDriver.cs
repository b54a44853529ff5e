using AppChain.Consensus;
using AppChain.Node.Peers;
using AppChain.Storage;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Driver;

/// <summary>
/// Owns the core. One turn: take what has arrived, step the core, append and sync the turn's journal records once, then
/// perform its effects in order. Nothing is sent before it is durable (consensus/README.md, durability contract).
/// </summary>
public sealed class ConsensusDriver(Core core, JournalKeeper journal, ConsensusInbox inbox, PeerNetwork network, DriverTargets targets)
{
    private readonly List<Effect> effects = [];
    private readonly List<Effect.Append> appends = [];
    private Task<bool>? inputWaits;
    private ulong view;

    /// <summary>The view that consensus is in; readable from any thread.</summary>
    public ulong View => Volatile.Read(ref view);

    /// <summary>Replays the journal, then runs until cancelled.</summary>
    /// <exception cref="StorageException">The journal is damaged, or the disk failed.</exception>
    /// <exception cref="ConfigException">The journal is another validator's.</exception>
    /// <exception cref="Signer.SignerRecordException">A vote contradicts one that this key signed before.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        journal.Replay(core);
        Step(new Input.Start());
        journal.OnReplayed(core.View);
        Perform();
        while (true)
        {
            await WaitForInputAsync(cancellation);
            for (int taken = 0; taken < NodeLimits.InputsPerTurnMax && inbox.TryRead(out Input? input); taken++)
                Step(input!);
            if (core.NextDeadlineMs <= targets.Clock.MonotonicMs())
                Step(new Input.Tick());
            Perform();
        }
    }

    private void Step(Input input) => core.Step(input, targets.Clock.MonotonicMs(), effects);

    private async ValueTask WaitForInputAsync(CancellationToken cancellation)
    {
        ulong now = targets.Clock.MonotonicMs();
        if (core.NextDeadlineMs <= now)
            return;
        // The channel allows one waiting reader: after a timer went first, its wait goes on into the next turn.
        inputWaits ??= inbox.WaitAsync(cancellation).AsTask();
        if (core.NextDeadlineMs is { } deadline)
        {
            using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(inputWaits, Task.Delay(TimeSpan.FromMilliseconds(deadline - now), targets.Clock, timer.Token));
            await timer.CancelAsync();
        }
        else
        {
            await inputWaits;
        }
        cancellation.ThrowIfCancellationRequested();
        if (inputWaits.IsCompleted)
            inputWaits = null;
    }

    private void Perform()
    {
        appends.Clear();
        appends.AddRange(effects.OfType<Effect.Append>());
        journal.Append(appends);
        foreach (Effect effect in effects)
            Perform(effect);
        effects.Clear();
        journal.Prune(core.JournalFloor);
        Volatile.Write(ref view, core.View.Value);
    }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case Effect.Append:
                break; // done, for the whole turn at once
            case Effect.Send send:
                network.Send(send.To, send.Message.Encode());
                break;
            case Effect.Broadcast broadcast:
                network.Broadcast(broadcast.Message.Encode());
                break;
            case Effect.Behind behind:
                targets.Sync.Request(behind);
                break;
            case Effect.Report report:
                DriverLog.Evidence(targets.Log, report.Evidence.Offender, report.Evidence.View.Value);
                break;
            default:
                targets.Chain.Post(effect);
                break;
        }
    }
}
