using AppChain.Node.Rpc;
using AppChain.Storage;

namespace AppChain.Node.Driver;

/// <summary>Keeps the store within its budget, in the background: bounded steps with pauses between, so that no commit waits for long.</summary>
public sealed class Pruner(ChainStore store, RetentionBudget budget, KnownBlocks known, HeightSignal heights, TimeProvider clock)
{
    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        // At once after a start, to sweep what a crash left half done; then every so many blocks.
        for (ulong height = store.Tip.Height; ; height = store.Tip.Height + NodeLimits.PruneInterval)
        {
            await heights.WaitForAsync(height, cancellation);
            // What the round before swept: now no retained view needs it any more.
            store.ReclaimSpace();
            while (store.Prune(budget, known.Guard))
                await Task.Delay(NodeLimits.PrunePause, clock, cancellation);
            while (store.DropOrphans(known.Guard))
                await Task.Delay(NodeLimits.PrunePause, clock, cancellation);
        }
    }
}
