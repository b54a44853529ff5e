using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Replay;
using AppChain.Storage;

namespace AppChain.Node.Rollback;

/// <summary>What going back to a height takes.</summary>
/// <param name="Base">From where blocks are executed once more.</param>
/// <param name="Tip">The height now.</param>
/// <param name="Lowest">The lowest height that is possible.</param>
internal sealed record RollbackPlan(ReplayBase Base, ulong Tip, ulong Lowest)
{
    private const string Otherwise =
        "For a lower height put a snapshot from before it into HOME/snapshots, made here or on another node of the chain; or move the data directory away, leave the signer record where it is, "
        + "and start: the node fetches the chain from its peers";

    /// <summary>Finds out.</summary>
    /// <param name="bases">From <see cref="ReplayBase.All"/>.</param>
    /// <exception cref="CommandException">It is not possible; the message says why, which is the lowest height, and what to do.</exception>
    public static RollbackPlan Make(StoreRecords records, Genesis genesis, IReadOnlyList<ReplayBase> bases, ulong height)
    {
        StoreMeta meta = records.Meta();
        if ((meta.ChainId, meta.GenesisHash) != (genesis.ChainId.Text, genesis.Hash))
            throw new CommandException($"the data is of chain {meta.ChainId} with genesis {meta.GenesisHash}, and the genesis file of {genesis.ChainId.Text} with {genesis.Hash}.");
        if (height >= meta.Tip.Height)
            throw new CommandException($"the chain here is at height {meta.Tip.Height}: there is nothing to go back from to {height}.");
        (RetentionSpan batches, RetentionSpan receipts, RetentionSpan headers) = meta.Retention;
        // At genesis there is nothing to keep, and From is 1.
        ulong kept = new[] { batches.From, receipts.From, headers.From }.Max() is > 1 and var oldest ? oldest : 0;
        if (bases.Count == 0)
        {
            throw new CommandException(
                $"there is no way back: blocks below {batches.From} are pruned, and no snapshot in HOME/snapshots is of a height from {batches.From - 1} to {meta.Tip.Height - 1}. {Otherwise}.");
        }
        ulong lowest = Math.Max(bases[0].Height, kept);
        if (height < lowest)
        {
            throw new CommandException(
                $"the lowest height to go back to is {lowest}, not {height}: "
                + (lowest == kept ? $"of the blocks below {kept} a part is pruned. " : $"below {bases[0].Name} there is nothing to execute blocks from. ") + Otherwise + ".");
        }
        if (height > 0 && records.Finalization(height) is null)
        {
            throw new CommandException(
                $"block {height} is final through a later one and has no finalization of its own, from which a node could start: go back to "
                + $"{string.Join(" or ", Neighbours(records, height, lowest, meta.Tip.Height))} instead.");
        }
        return new RollbackPlan(bases.Last(found => found.Height <= height), meta.Tip.Height, lowest);
    }

    private static IEnumerable<ulong> Neighbours(StoreRecords records, ulong height, ulong lowest, ulong tip)
    {
        for (ulong below = height; below-- > lowest;)
        {
            if (below > 0 && records.Finalization(below) is null)
                continue;
            yield return below;
            break;
        }
        for (ulong above = height + 1; above < tip; above++)
        {
            if (records.Finalization(above) is null)
                continue;
            yield return above;
            break;
        }
    }
}
