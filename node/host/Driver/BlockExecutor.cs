using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Peers;
using AppChain.Node.Pool;
using AppChain.Storage;

namespace AppChain.Node.Driver;

/// <summary>
/// Executes blocks on the state of their parents and keeps the results that are not final yet: a tree with the finalised tip as
/// its root. Used by the chain's loop only.
/// </summary>
public sealed class BlockExecutor
{
    private readonly TurnsTaken turns;
    private readonly BatchSource batches;
    private readonly Dictionary<Digest, ExecutedBlock> executed = [];
    private ExecutedBlock newest;

    /// <param name="tip">The finalised tip, from the store.</param>
    public BlockExecutor(TurnsTaken turns, BatchSource batches, KnownBlocks known, ExecutedBlock tip)
    {
        (this.turns, this.batches, Known) = (turns, batches, known);
        Tip = newest = executed[tip.Point.Hash] = tip;
    }

    /// <summary>Blocks that may still become final, executed or not.</summary>
    public KnownBlocks Known { get; }

    /// <summary>The last final block.</summary>
    public ExecutedBlock Tip { get; private set; }

    /// <summary>True if a block with transactions was executed last: no header proves the state after it yet.</summary>
    public bool HasUnproven => newest.Receipts.Count > 0;

    /// <summary>True if that block left deadlines that have passed to the next one.</summary>
    public bool HasDue => newest.MoreIsDue;

    public bool TryGet(Digest hash, out ExecutedBlock? block) => executed.TryGetValue(hash, out block);

    /// <summary>Which blocks this program knows the rules of.</summary>
    public required UpgradeGate Gate { get; init; }

    /// <summary>Whether this program may have to do with a block on this parent.</summary>
    public bool MayFollow(ExecutedBlock parent) => Gate.Admits(new LedgerState(parent.State), parent.Height + 1);

    /// <summary>Executes the block; null if its payload makes that impossible, which no block that was voted for does, or if the gate refuses it.</summary>
    public ExecutedBlock? Execute(ExecutedBlock parent, Block block)
    {
        if (executed.TryGetValue(block.Hash, out ExecutedBlock? before))
            return before;
        if (!MayFollow(parent) || Execute(turns, parent, block, batches.Open) is not { } result)
            return null;
        executed[block.Hash] = result;
        if (block.View > newest.Point.View)
            newest = result;
        return result;
    }

    /// <summary>Executes a block and keeps nothing; null if its payload makes that impossible.</summary>
    /// <param name="open">Gives a batch that the payload names.</param>
    public static ExecutedBlock? Execute(TurnsTaken turns, ExecutedBlock parent, Block block, Func<Hash256, HeldBatch> open)
    {
        if (BlockPayload.TryDecode(block.Payload.Span, out BlockPayload? payload) != Reason.None)
            return null;
        List<HeldBatch> held = [.. payload!.BatchIds.Select(open)];
        List<Transaction> transactions = [.. held.SelectMany(batch => batch.Transactions)];
        LedgerState parentState = new(parent.State);
        BlockResult outcome = Executor.Execute(parentState, turns.ContextOf(parentState, block.Header), payload.MintRewards, transactions);
        if (!outcome.IsValid)
            return null;
        StateView state = parent.State.With(LedgerState.ToStored(outcome.Changes));
        return new ExecutedBlock(
            ChainPoint.Of(block), block.Header.ParentHash, state, outcome.ReceiptsRoot, outcome.Receipts, payload.BatchIds, block.Header.EndsEpoch)
        {
            Index = new BlockIndex(
                [.. held.Select(batch => new NamedBatch(batch.Id, batch.Encoded.Length))],
                [.. BlockIndex.SlicesOf(payload, held.Select(batch => batch.Encoded), outcome.DueReceipts)],
                outcome.Touched,
                outcome.Moves),
            MoreIsDue = outcome.MoreIsDue,
        };
    }

    /// <summary>The batches that blocks above the tip include, on the way down from this block.</summary>
    public HashSet<Hash256> BatchesSinceFinal(ExecutedBlock from)
    {
        HashSet<Hash256> included = [];
        for (ExecutedBlock? block = from; block is not null && block.Height > Tip.Height; executed.TryGetValue(block.Parent, out block))
            included.UnionWith(block.Batches);
        return included;
    }

    /// <summary>The same for the block of the highest view: what a leader would build on now, unless that view fails.</summary>
    public HashSet<Hash256> BatchesOfNewest() => BatchesSinceFinal(newest);

    /// <summary>The parent of an executed block above the tip.</summary>
    public ExecutedBlock Parent(ExecutedBlock block) => executed[block.Parent];

    /// <summary>The block is committed: it is the tip, and what competed with it is dropped.</summary>
    public void OnFinal(ExecutedBlock block)
    {
        Tip = block;
        Gate.OnFinal(new LedgerState(block.State), block.Height);
        foreach (ExecutedBlock other in executed.Values.Where(other => other.Height <= block.Height && other != block).ToList())
            executed.Remove(other.Point.Hash);
        if (!executed.ContainsKey(newest.Point.Hash))
            newest = block;
    }
}
