using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Pool;

namespace AppChain.Node.Driver;

/// <summary>
/// Blocks that may still become final, and the batches that they name, which must not be dropped. The chain's loop adds and drops; whoever
/// drops batches asks from another thread. A block is added before its batches are looked for: one that was dropped just before is then
/// missing, and is fetched.
/// </summary>
public sealed class KnownBlocks(BatchShelf shelf)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Digest, Block> byHash = [];
    private readonly Dictionary<Hash256, int> timesNamed = [];

    public void Add(Block block)
    {
        lock (gate)
        {
            if (!byHash.TryAdd(block.Hash, block))
                return;
            foreach (Hash256 batch in BatchesOf(block))
                timesNamed[batch] = timesNamed.GetValueOrDefault(batch) + 1;
        }
    }

    public Block? Find(Digest hash)
    {
        lock (gate)
            return byHash.GetValueOrDefault(hash);
    }

    /// <summary>A block of this view is final: no other one up to it can be.</summary>
    public void DropUpTo(View final)
    {
        lock (gate)
        {
            foreach (Block block in byHash.Values.Where(block => block.View <= final).ToList())
            {
                byHash.Remove(block.Hash);
                foreach (Hash256 batch in BatchesOf(block))
                {
                    if (--timesNamed[batch] == 0)
                        timesNamed.Remove(batch);
                }
            }
        }
    }

    /// <summary>An epoch of consensus has ended: none of them can become final.</summary>
    public void Clear()
    {
        lock (gate)
        {
            byHash.Clear();
            timesNamed.Clear();
        }
    }

    /// <summary>
    /// Runs an action with a test of whether a batch must be kept for a block: one names it, or it waits on the shelf for one. The answer
    /// holds until the action returns, so it must be short.
    /// </summary>
    public void Guard(Action<Predicate<Hash256>> drop)
    {
        lock (gate)
            drop(batch => timesNamed.ContainsKey(batch) || shelf.Holds(batch));
    }

    private static IEnumerable<Hash256> BatchesOf(Block block) =>
        BlockPayload.TryDecode(block.Payload.Span, out BlockPayload? payload) == Reason.None ? payload!.BatchIds : [];
}
