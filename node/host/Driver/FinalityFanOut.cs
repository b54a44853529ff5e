using AppChain.Crypto;
using AppChain.Node.Pool;
using AppChain.Node.Rpc;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Driver;

/// <summary>What happens once a block is durable, and only then: off the shelf, out of the pool, to readers and subscribers.</summary>
public sealed class FinalityFanOut(BatchShelf shelf, FinalityTracker tracker, ChainReader reader, HeightSignal heights, ILogger log)
{
    // Looking for batches that nobody can use any more costs a walk along the shelf: not at every block.
    private const ulong ExpiryInterval = 64;

    public void OnFinal(ExecutedBlock block)
    {
        foreach (Hash256 batch in block.Batches)
            shelf.OnIncluded(batch);
        if (block.Height % ExpiryInterval == 0)
            shelf.DropExpired(block.Point.TimeMs - NodeLimits.ExpiredBatchGraceMs);
        reader.OnFinal(block);
        tracker.OnFinalised(block.Height, block.Point.TimeMs, block.Receipts);
        heights.Raise(block.Height);
        DriverLog.Final(log, block.Height, block.Receipts.Count, block.State.Root);
    }
}
