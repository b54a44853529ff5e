using AppChain.Consensus;
using AppChain.Node.Peers;
using AppChain.Storage;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Driver;

/// <summary>
/// Owns the core, one per epoch of consensus. One turn: take what has arrived, step the core, append and sync the turn's journal records
/// once, then perform its effects in order. Nothing is sent before it is durable (consensus/README.md, contract with the host).
/// </summary>
public sealed class ConsensusDriver(
    Func<EpochStart, Core> newCore, JournalKeeper journal, ConsensusInbox inbox, ChainReader reader, DriverTargets targets)
{
    private readonly List<Effect> effects = [];
    private readonly List<Effect.Append> appends = [];
    private readonly Queue<Arrival.FromPeer> early = new();
    private readonly EpochEnds ends = new(reader);
    private EpochStart start = reader.EpochStart;
    private Core core = null!; // made when the driver runs
    private Input.Work work = new(false);
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
        Enter(start);
        Perform();
        while (true)
        {
            await WaitForInputAsync(cancellation);
            for (int taken = 0; taken < NodeLimits.InputsPerTurnMax && inbox.TryRead(out Arrival? arrival); taken++)
                Take(arrival!);
            if (core.NextDeadlineMs <= targets.Clock.MonotonicMs())
                Step(new Input.Tick());
            Perform();
        }
    }

    private void Take(Arrival arrival)
    {
        switch (arrival)
        {
            case Arrival.FromPeer message:
                Take(message);
                break;
            case Arrival.Answer(var input):
                work = input as Input.Work ?? work;
                Step(input);
                break;
            case Arrival.NextEpoch(var next):
                if (!core.EpochEnded)
                    throw new InvalidOperationException($"epoch {next.Epoch.Number} starts before the core has seen the end of the one before");
                Perform(); // what the ended epoch still had to say
                Enter(next);
                while (early.TryDequeue(out Arrival.FromPeer? waited))
                    Take(waited);
                break;
        }
    }

    private void Take(Arrival.FromPeer arrival)
    {
        (int peer, Message message) = arrival;
        Epoch present = start.Epoch.Number;
        if (message.Epoch == present)
        {
            if (start.Epoch.SeatOf(peer) is { } seat)
                Step(new Input.Received(seat, message));
        }
        else if (message is Message.StatusRequest && message.Epoch.Value < present.Value)
        {
            // Contract 10: who slept through the end of an epoch is told how it ended.
            if (ends.MayAnswer(peer, targets.Clock.MonotonicMs()) && ends.ProofOf(message.Epoch) is { } proof)
                targets.Network.Send(peer, proof.Encode());
        }
        else if (core.EpochEnded && message.Epoch.Value == present.Value + 1 && early.Count < NodeLimits.EarlyMessagesMax)
        {
            early.Enqueue(arrival);
        }
        else if (!core.EpochEnded && message.Epoch.Value > present.Value && ends.MayAsk(targets.Clock.MonotonicMs()))
        {
            // Without a seat the core is silent, and would never learn that its epoch has ended.
            targets.Network.Send(peer, new Message.StatusRequest(present, core.Finalized.View, core.Finalized.View.Next, core.View).Encode());
            // Far behind, nobody may have the proof of that end any more.
            if (message.Epoch.Value > present.Value + 1)
                targets.Sync.RequestNew();
        }
    }

    private void Enter(EpochStart next)
    {
        start = next;
        core = newCore(next);
        journal.Replay(next.Epoch.Number, core);
        DriverLog.Epoch(
            targets.Log, next.Epoch.Number.Value, next.Point.Height.Value, next.Epoch.Validators.Count, core.Signer is { } seat ? $"{seat}" : "none");
        Step(new Input.Start());
        journal.OnReplayed(next.Epoch.Number, core.View);
        Step(work);
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
        journal.Append(start.Epoch.Number, appends);
        foreach (Effect effect in effects)
            Perform(effect);
        effects.Clear();
        journal.Prune(start.Epoch.Number, core);
        Volatile.Write(ref view, core.View.Value);
    }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case Effect.Append:
                break; // done, for the whole turn at once
            case Effect.Send send:
                targets.Network.Send(start.Epoch.PeerOf(send.To), send.Message.Encode());
                break;
            case Effect.Broadcast broadcast:
                targets.Network.Broadcast(broadcast.Message.Encode());
                break;
            case Effect.Behind behind:
                targets.Sync.Request(behind.Finalization.Body.HeaderHash, behind.From is { } seat ? start.Epoch.PeerOf(seat) : 0);
                break;
            case Effect.Report report:
                targets.Evidence.Report(start.Epoch.Validators[report.Evidence.Offender].PublicKey, report.Evidence);
                break;
            default:
                targets.Chain.Post(effect);
                break;
        }
    }
}
