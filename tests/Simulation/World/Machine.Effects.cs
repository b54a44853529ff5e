namespace AppChain.Simulation;

// The durability contract, effect by effect, with a chance to stop before each.
sealed partial class Machine
{
    void AppendAll()
    {
        if (!Running)
        {
            return;
        }

        foreach (var effect in effects)
        {
            if (effect is Effect.Broadcast(Message.Proposal proposal))
            {
                // It may be sent in a later life only, after votes for it: the oracle learns of it when it is made.
                world.Oracle.OnBlock(proposal.Block);
            }
        }

        if (world.Scenario.SendsBeforeSync && IsHonest)
        {
            PerformAll(); // The deliberate defect.
        }

        foreach (var effect in effects)
        {
            if (effect is Effect.Append(var view, var record))
            {
                if (StopsHere(Fault.StopBeforeAppend, "before appending"))
                {
                    return;
                }

                Disk.Append(Epoch, view, record);
                if (StopsForFullDisk())
                {
                    return; // Whatever the disk took of the record may be there later.
                }
            }
        }

        if (!Running)
        {
            return;
        }

        if (!Disk.HasUnsynced)
        {
            PerformAll();
            EndTurn();
        }
        else if (world.Now.SyncUsMax == 0)
        {
            Synced();
        }
        else
        {
            // Inputs queue meanwhile; a crash in between loses what was appended.
            After(dice.Between(1, world.Now.SyncUsMax), () =>
            {
                Synced();
                RunTurns();
            });
        }
    }

    void Synced()
    {
        if (StopsHere(Fault.StopBeforeSync, "before syncing"))
        {
            return;
        }

        if (dice.Below(10_000) < world.Now.SyncFailurePerTenThousand)
        {
            world.Coverage.Happened(Fault.SyncFailed);
            Crash("its disk failed to sync");
            return;
        }

        Disk.Sync();
        PerformAll();
        EndTurn();
    }

    void EndTurn()
    {
        if (Running)
        {
            effects.Clear();
            busy = false;
            host.Prune(Epoch, core!.JournalFloor);
            EnterEpochWhenDue();
        }
    }

    void PerformAll()
    {
        var performed = effects;
        foreach (var effect in performed)
        {
            if (effect is Effect.Append)
            {
                continue;
            }

            if (StopsHere(Fault.StopBeforeEffect, "before an effect"))
            {
                return;
            }

            Perform(effect);
        }

        performed.RemoveAll(effect => effect is not Effect.Append);
    }

    bool StopsHere(Fault fault, string where)
    {
        if (!Running)
        {
            return true;
        }

        if (world.Now.CrashPerTenThousand == 0 || dice.Below(10_000) >= world.Now.CrashPerTenThousand)
        {
            return false;
        }

        world.Coverage.Happened(fault);
        Crash(where);
        return true;
    }

    void Perform(Effect effect)
    {
        switch (effect)
        {
            case Effect.Send(var to, var message):
                world.Trace.Lines?.Say($"{Name} → {to}: {Readable.Of(message)}");
                actor.OnSend(world.Reigns.IdentityOf(Epoch, to)!.Value, OverTheWire(message));
                break;
            case Effect.Broadcast(var message):
                world.Trace.Lines?.Say($"{Name} → all: {Readable.Of(message)}");
                actor.OnBroadcast(OverTheWire(message));
                break;
            case Effect.Report(var evidence):
                actor.OnReport(evidence);
                break;
            default:
                host.Do(effect);
                break;
        }
    }

    /// <summary>Through the real codec once, for all who get it.</summary>
    Message OverTheWire(Message message)
    {
        world.Trace.Add(Place, message);
        if (message is Message.Proposal proposal && Made(proposal.Block.Header))
        {
            Disk.StoreBatches(proposal.Block.Hash); // Who makes a block has its batches.
            world.Timeline?.Proposed(proposal.Block);
        }

        return world.Oracle.Decoded(this, message);
    }
}
