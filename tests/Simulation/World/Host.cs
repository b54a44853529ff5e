using System.Buffers.Binary;
using AppChain.Simulation.Execution;

namespace AppChain.Simulation;

/// <summary>
/// What stands behind a core: makes and checks payloads, fetches batches, commits blocks, syncs. Its "execution" is a hash of the block, so
/// a wrong root shows. Answers come late, and under faults some never do.
/// </summary>
sealed class Host(World world, Machine machine, Dice dice)
{
    /// <summary>Header times up to this far ahead of the wall clock are accepted at once; later ones are waited for.</summary>
    const ulong DriftMs = 500;

    /// <summary>Farther ahead than this, waiting is pointless: the proposal is invalid.</summary>
    const ulong DriftMsMax = 5_000;

    /// <summary>Between two attempts to get a proposal's batches, and how many there are.</summary>
    const long FetchUs = 20_000;
    const int FetchesMax = 50;

    /// <summary>How late a late answer is: several times the deadlines of a view.</summary>
    const long LateUsMin = 500_000;
    const long LateUsMax = 4_000_000;

    readonly bool prunes = dice.Chance(500);

    IExecution execution = world.NewExecution();

    /// <summary>A machine that starts executes again what its disk kept.</summary>
    public void Begin()
    {
        execution = world.NewExecution();
        foreach (var (block, _) in machine.Disk.Chain)
        {
            execution.Learn(block);
        }
    }

    Roots After(Digest block)
    {
        var roots = execution.After(block);
        world.Oracle.Require(roots is not null, "simulator", $"{machine.Name} is to build on what it does not know");
        return roots!.Value;
    }

    public void Do(Effect effect)
    {
        switch (effect)
        {
            case Effect.Build(var view, var parent):
                Answer(() => Build(view, parent));
                break;
            case Effect.Check(var block):
                world.Oracle.OnAsked(machine, block);
                Answer(() => Check(block, FetchesMax));
                break;
            case Effect.Obtain(var block, _) when machine.Disk.HasBatches(block.Hash) && dice.Chance(500):
                execution.Learn(block);
                machine.Take(new Input.Held(block.View, block.Hash)); // Within the turn, as contract 5 allows.
                break;
            case Effect.Obtain(var block, var holders):
                Answer(() => Obtain(block, holders));
                break;
            case Effect.Finalize(var blocks, var finalization):
                Commit([.. blocks.Select(block => (block, block == blocks[^1] ? finalization : null))]);
                world.Oracle.OnCertificate(machine, finalization);
                break;
            case Effect.Behind:
                Answer(Sync);
                break;
            default:
                throw new InvalidOperationException($"{effect.GetType().Name} is done");
        }
    }

    public void Prune(Epoch epoch, View floor)
    {
        if (prunes)
        {
            machine.Disk.Prune(epoch, floor);
        }
    }

    void Answer(Action action)
    {
        if (dice.Chance(world.Now.HostSilentPerMille))
        {
            world.Coverage.Happened(Fault.AnswerNeverCame);
            return;
        }

        var late = dice.Chance(world.Now.HostLatePerMille);
        if (late)
        {
            world.Coverage.Happened(Fault.AnswerBeyondDeadlines);
        }

        machine.After(world.Now.HostUsMin + (late ? dice.Between(LateUsMin, LateUsMax) : dice.Between(0, world.Now.HostUsMax)), action);
    }

    void Build(View view, ChainPoint parent)
    {
        if (dice.Chance(world.Now.BuildFailurePerMille))
        {
            world.Coverage.Happened(Fault.BuildFailed);
            machine.Take(new Input.Built(view, null));
            return;
        }

        // Never the same payload twice: a block that is built anew shows.
        var payload = new byte[world.Scenario.PayloadBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, dice.Next());
        var (state, receipts) = After(parent.Hash);
        var content = new BlockContent(machine.Clock.WallMs, payload, state, receipts, NextSetAfter(machine.Epoch, parent.Height.Next));
        machine.Take(new Input.Built(view, content));
    }

    Digest NextSetAfter(Epoch epoch, Height height) =>
        world.Scenario.EndsEpoch(height.Value) ? world.Reigns.SetOf(new Epoch(epoch.Value + 1)).Hash : Digest.Zero;

    void Check(Block block, int attempts)
    {
        var header = block.Header;
        var wall = machine.Clock.WallMs;
        execution.Learn(block);
        var sound = After(header.ParentHash) == new Roots(header.StateRoot, header.ReceiptsRoot)
            && header.NextValidatorsHash == NextSetAfter(header.Epoch, header.Height)
            && header.TimeMs <= wall + DriftMsMax;
        if (!sound)
        {
            machine.Take(new Input.Checked(block.View, block.Hash, CheckResult.Invalid));
            return;
        }

        if (header.TimeMs <= wall + DriftMs && Fetch(block.Hash, header.Epoch, header.Leader))
        {
            machine.Take(new Input.Checked(block.View, block.Hash, CheckResult.Valid));
        }
        else if (attempts > 0 && machine.View <= block.View)
        {
            machine.After(FetchUs, () => Check(block, attempts - 1));
        }
    }

    void Obtain(Block block, IReadOnlyList<ushort> holders)
    {
        execution.Learn(block);
        // Unanswered, the core asks again.
        if (machine.Disk.HasBatches(block.Hash) || holders.Any(holder => Fetch(block.Hash, block.Header.Epoch, holder)))
        {
            machine.Take(new Input.Held(block.View, block.Hash));
        }
    }

    /// <summary>True once the batches are on our disk. The leader that made a block has its batches.</summary>
    bool Fetch(Digest block, Epoch epoch, ushort seat)
    {
        var disk = machine.Disk;
        if (!disk.HasBatches(block) && world.PlacesOf(world.Reigns.IdentityOf(epoch, seat)!.Value).Select(place => world.Machines[place]).Any(Serves))
        {
            disk.StoreBatches(block);
        }

        return disk.HasBatches(block);

        bool Serves(Machine source) => source == machine
            || (source.Running && source.Disk.HasBatches(block) && source.Actor.Serves(machine.Signer) && Connected(source)
                && !source.ReadFails());
    }

    bool Connected(Machine other) =>
        !world.Network.IsCut(machine.Place, other.Place) && !world.Network.IsCut(other.Place, machine.Place);

    /// <summary>Block sync from whoever has most, up to its last block with a finalization.</summary>
    public void Sync()
    {
        var source = world.Machines.Where(other => other.Running && Connected(other)).MaxBy(other => other.Disk.Height)!;
        var chain = source.Disk.Chain;
        var last = chain.Count - 1;
        while (last >= 0 && chain[last].Finalization is null)
        {
            last--;
        }

        if (last < machine.Disk.Chain.Count || source.ReadFails())
        {
            return; // Nobody has more just now, or cannot say so: the core will ask again.
        }

        Commit(chain.Take(last + 1).Skip(machine.Disk.Chain.Count));
        if (chain[last].Block.Header.Epoch == machine.Epoch)
        {
            machine.Take(new Input.CaughtUp(chain[last].Block.Header, chain[last].Finalization!));
        }

        machine.EnterEpochWhenDue();
    }

    void Commit(IEnumerable<(Block Block, Certificate? Finalization)> blocks)
    {
        if (machine.StopsForFullDisk())
        {
            return;
        }

        foreach (var (block, finalization) in blocks)
        {
            if (block.Header.Height.Value <= machine.Disk.Height)
            {
                continue;
            }

            machine.Disk.Commit(block, finalization);
            execution.Learn(block);
            world.Oracle.OnCommit(machine, block);
            world.Timeline?.Committed(block);
            world.Trace.Add(machine.Place, Mix.Fold(102, Mix.Short(block.Hash)));
            world.Trace.Lines?.Say($"{machine.Name} commits {Readable.Of(block)}");
        }
    }
}
