using System.Threading.Channels;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Peers;
using AppChain.Node.Pool;
using AppChain.Node.Sync;
using AppChain.Storage;

namespace AppChain.Node.Driver;

/// <summary>
/// The chain as this node sees it: the finalised part in the store, and above it executed blocks that are not final yet. One loop
/// owns both. It answers the core's Build, Check, Obtain and Finalize, and executes each block while votes for it travel.
/// </summary>
public sealed class Chain(
    ChainStore store, BlockExecutor executor, PayloadRules rules, BatchSource batches, ChainReader reader, ChainListeners listeners)
{
    private readonly KnownBlocks known = executor.Known;
    private readonly Channel<Command> commands = Channel.CreateUnbounded<Command>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SortedDictionary<ulong, Effect.Obtain> obtaining = [];
    private Effect.Check? checking;
    private int batchesArrived;
    private bool workPending;

    // Few wait at a time: the core asks once per view and repeats itself slowly, batches are announced once however many come,
    // and block sync awaits each of its answers.
    private abstract record Command;

    private sealed record FromCore(Effect Effect) : Command;

    private sealed record BatchesArrived : Command;

    private sealed record Apply(SyncedBlocks Blocks, TaskCompletionSource<bool> Done) : Command;

    /// <summary>Takes one of the core's effects.</summary>
    public void Post(Effect effect) => commands.Writer.TryWrite(new FromCore(effect));

    /// <summary>Says that a batch is on the shelf that was not before. Any thread.</summary>
    public void OnBatchArrived()
    {
        // One message waits at most, however many batches come.
        if (Interlocked.Exchange(ref batchesArrived, 1) == 0)
            commands.Writer.TryWrite(new BatchesArrived());
    }

    /// <summary>
    /// Commits finalised blocks that block sync brought, whose certificate and links it has checked. False if a batch of theirs went again
    /// meanwhile, as nothing named it: they must be fetched again.
    /// </summary>
    public Task<bool> ApplyAsync(SyncedBlocks blocks)
    {
        Apply apply = new(blocks, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        commands.Writer.TryWrite(apply);
        return apply.Done.Task;
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        TellWork();
        await foreach (Command command in commands.Reader.ReadAllAsync(cancellation))
        {
            switch (command)
            {
                case FromCore fromCore:
                    On(fromCore.Effect);
                    break;
                case BatchesArrived:
                    Volatile.Write(ref batchesArrived, 0);
                    OnBatches();
                    break;
                case Apply apply:
                    OnApply(apply);
                    break;
            }
            TellWork();
        }
    }

    private void On(Effect effect)
    {
        switch (effect)
        {
            case Effect.Build build:
                OnBuild(build);
                break;
            case Effect.Check check:
                known.Add(check.Block);
                checking = check;
                OnBatches();
                break;
            case Effect.Obtain obtain:
                known.Add(obtain.Block);
                obtaining[obtain.Block.View.Value] = obtain;
                OnBatches();
                break;
            case Effect.Finalize finalize:
                OnFinalize(finalize);
                break;
            default:
                throw new InvalidOperationException($"{effect.GetType().Name} is not for the chain");
        }
    }

    private void OnBuild(Effect.Build build)
    {
        ExecutedBlock? parent = Executed(build.Parent.Hash);
        // Without the parent's state there is nothing to build on: the core nullifies its view and another leads.
        listeners.ToCore(new Input.Built(build.View, parent is null || !executor.MayFollow(parent) ? null : rules.Build(parent, batches.Offer(executor.BatchesSinceFinal(parent)))));
    }

    /// <summary>Batches came, or something new asks for some: whatever has all of its batches now goes on; the rest is fetched.</summary>
    private void OnBatches()
    {
        List<Hash256> missing = [];
        int hint = 0;
        foreach (Effect.Obtain obtain in obtaining.Values.ToList())
        {
            List<Hash256> lacking = Lacking(obtain.Block);
            if (lacking.Count > 0)
            {
                missing.AddRange(lacking);
                hint = PeerOf(obtain.Holders.Count > 0 ? obtain.Holders[0] : obtain.Block.Header.Leader);
                continue;
            }
            obtaining.Remove(obtain.Block.View.Value);
            listeners.ToCore(new Input.Held(obtain.Block.View, obtain.Block.Hash));
        }
        if (checking is { } check)
        {
            List<Hash256> lacking = Lacking(check.Block);
            if (lacking.Count == 0)
                Check(check.Block);
            else
                (missing, hint) = ([.. missing, .. lacking], PeerOf(check.Block.Header.Leader));
        }
        batches.Want(missing, hint);
    }

    private void Check(Block block)
    {
        ExecutedBlock? parent = Executed(block.Header.ParentHash);
        if (parent is null)
            return; // The parent is being obtained: this is tried again when its batches are here.
        checking = null;
        if (!executor.MayFollow(parent))
            return; // No answer: the core skips the view, and the gate stops the node.
        string? problem = rules.Problem(parent, block, executor.BatchesSinceFinal(parent));
        if (problem is not null)
            listeners.OnInvalid(block, problem);
        listeners.ToCore(new Input.Checked(block.View, block.Hash, problem is null ? CheckResult.Valid : CheckResult.Invalid));
        if (problem is null)
            executor.Execute(parent, block); // while the votes travel
    }

    private void OnFinalize(Effect.Finalize finalize)
    {
        List<FinalBlock> final = [];
        foreach (Block block in finalize.Blocks)
        {
            if (block.Header.Height.Value <= store.Tip.Height)
                continue; // block sync was here before
            known.Add(block);
            ExecutedBlock executed = Executed(block.Hash) ?? throw NotExecuted(block);
            CheckAgreement(executor.Parent(executed), block);
            final.Add(new FinalBlock(executed, block, block.Hash == finalize.Finalization.Body.HeaderHash ? finalize.Finalization : null));
        }
        if (final.Count == 0)
            return; // All of it was: the work that a view makes needless may be of an epoch that has ended since.
        Commit(final, finalize.Finalization.View);
        TellEpoch(final);
    }

    private void OnApply(Apply apply)
    {
        List<SyncedBlock> fresh = [.. apply.Blocks.Blocks.Where(synced => synced.Block.Header.Height.Value > store.Tip.Height)];
        if (fresh.Count == 0)
        {
            apply.Done.TrySetResult(true); // The core was here before, and may be in the next epoch by now.
            return;
        }
        foreach (SyncedBlock synced in fresh)
            known.Add(synced.Block);
        if (fresh.Any(synced => Lacking(synced.Block).Count > 0))
        {
            apply.Done.TrySetResult(false);
            return;
        }
        List<FinalBlock> final = [];
        ExecutedBlock parent = executor.Tip;
        foreach (SyncedBlock synced in fresh)
        {
            CheckAgreement(parent, synced.Block);
            parent = executor.Execute(parent, synced.Block) ?? throw NotExecuted(synced.Block);
            final.Add(new FinalBlock(parent, synced.Block, synced.Finalization));
        }
        Commit(final, apply.Blocks.Finalization.View);
        listeners.ToCore(new Input.CaughtUp(final[^1].Block.Header, apply.Blocks.Finalization));
        TellEpoch(final);
        apply.Done.TrySetResult(true);
    }

    /// <summary>A quorum's block proves its parent's state. If this node computed another one, it must not go on as if it had not.</summary>
    private static void CheckAgreement(ExecutedBlock parent, Block block)
    {
        if (PayloadRules.ProblemOfRoots(parent, block) is { } problem)
            throw Disagreement(block, problem);
    }

    private Exception NotExecuted(Block block) =>
        (Exception?)executor.Gate.Problem ?? Disagreement(block, "it cannot be executed on this node's state");

    private static InvalidOperationException Disagreement(Block block, string problem) => new(
        $"final block {block.Header.Height.Value} disagrees with this node: {problem}. Its program or its data differs from the other validators'.");

    /// <summary>One atomic, synced write for all that one finalization makes final; then, and only then, everybody hears of it.</summary>
    private void Commit(List<FinalBlock> final, View view)
    {
        store.Commit([.. final.Select(block => block.ToStored())]);
        foreach (FinalBlock block in final)
        {
            executor.OnFinal(block.Executed);
            listeners.OnFinal(block.Executed);
        }
        DropWorkUpTo(view);
    }

    /// <summary>Says that an epoch has ended, once the core has its answer to the last question of that epoch.</summary>
    private void TellEpoch(List<FinalBlock> final)
    {
        if (!final[^1].Executed.EndsEpoch)
            return;
        checking = null; // What the ended epoch still asked for is nobody's question any more.
        known.Clear();
        obtaining.Clear();
        listeners.OnEpoch();
    }

    private int PeerOf(ushort seat) => reader.EpochStart.Epoch.PeerOf(seat);

    private void DropWorkUpTo(View final)
    {
        known.DropUpTo(final);
        foreach (ulong view in obtaining.Keys.TakeWhile(view => view <= final.Value).ToList())
            obtaining.Remove(view);
        if (checking?.Block.View <= final)
            checking = null;
        OnBatches();
    }

    /// <summary>The executed block, executing it and its ancestors down to the tip if they are held; null if one is not.</summary>
    private ExecutedBlock? Executed(Digest hash)
    {
        Stack<Block> toExecute = [];
        ExecutedBlock? parent;
        for (; !executor.TryGet(hash, out parent); hash = toExecute.Peek().Header.ParentHash)
        {
            if (known.Find(hash) is not { } block || Lacking(block).Count > 0)
                return null;
            toExecute.Push(block);
        }
        while (parent is not null && toExecute.TryPop(out Block? block))
            parent = executor.Execute(parent, block);
        return parent;
    }

    private List<Hash256> Lacking(Block block) =>
        BlockPayload.TryDecode(block.Payload.Span, out BlockPayload? payload) == Reason.None ? batches.Lacking(payload!.BatchIds) : [];

    private void TellWork()
    {
        bool pending = executor.HasUnproven || executor.HasDue || batches.HasOtherThan(executor.BatchesOfNewest());
        if (pending == workPending)
            return;
        workPending = pending;
        listeners.ToCore(new Input.Work(pending));
    }
}
