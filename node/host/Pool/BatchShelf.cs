using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Pool;

/// <summary>A batch whose transactions this node has verified.</summary>
public sealed record HeldBatch(Hash256 Id, int Author, IReadOnlyList<Transaction> Transactions, ReadOnlyMemory<byte> Encoded);

/// <summary>
/// The verified batches that wait to be in a final block, oldest first. Shared by the pool (own batches), peers (pushed
/// ones), the fetcher and the chain; every method is safe to call from any thread.
/// </summary>
public sealed class BatchShelf
{
    private readonly Lock gate = new();
    private readonly Dictionary<Hash256, LinkedListNode<HeldBatch>> byId = [];
    private readonly LinkedList<HeldBatch> inOrder = [];
    private readonly Dictionary<int, (int Batches, long Bytes)> byAuthor = [];
    private readonly HashSet<Hash256> included = [];
    private readonly Queue<Hash256> includedOrder = [];

    /// <summary>True if the batch is on the shelf.</summary>
    public bool Holds(Hash256 id)
    {
        lock (gate)
            return byId.ContainsKey(id);
    }

    /// <summary>True while the author's share has room for a batch of this size.</summary>
    public bool HasRoom(int author, int bytes)
    {
        lock (gate)
        {
            (int batches, long held) = byAuthor.GetValueOrDefault(author);
            return batches < NodeLimits.ShelfBatchesPerAuthorMax && held + bytes <= NodeLimits.ShelfBytesPerAuthorMax;
        }
    }

    /// <summary>Puts a verified batch on the shelf. False when it is there or in the chain, or when its author's share is full.</summary>
    /// <param name="own">This node's own batch: it finds room in any case, as the pool is bounded.</param>
    public bool TryAdd(HeldBatch batch, bool own)
    {
        lock (gate)
        {
            if (byId.ContainsKey(batch.Id) || included.Contains(batch.Id) || (!own && !HasRoom(batch.Author, batch.Encoded.Length)))
                return false;
            Count(batch, 1);
            byId[batch.Id] = inOrder.AddLast(batch);
            return true;
        }
    }

    public bool TryGet(Hash256 id, out HeldBatch? batch)
    {
        lock (gate)
        {
            bool found = byId.TryGetValue(id, out LinkedListNode<HeldBatch>? node);
            batch = node?.Value;
            return found;
        }
    }

    /// <summary>The oldest batches that are not excluded, within the limits of a block.</summary>
    public List<HeldBatch> Select(IReadOnlySet<Hash256> excluded)
    {
        lock (gate)
        {
            List<HeldBatch> selected = [];
            int bytes = 0;
            foreach (HeldBatch batch in inOrder)
            {
                if (excluded.Contains(batch.Id))
                    continue;
                if (selected.Count == LedgerLimits.BlockBatchesMax || bytes + batch.Encoded.Length > LedgerLimits.BlockBytesMax)
                    break;
                selected.Add(batch);
                bytes += batch.Encoded.Length;
            }
            return selected;
        }
    }

    /// <summary>True if a leader would find something to include.</summary>
    public bool HasOtherThan(IReadOnlySet<Hash256> excluded)
    {
        lock (gate)
        {
            foreach (HeldBatch batch in inOrder)
            {
                if (!excluded.Contains(batch.Id))
                    return true;
            }
            return false;
        }
    }

    /// <summary>The batch is in a final block: off the shelf, and remembered so that a late copy does not come back.</summary>
    public void OnIncluded(Hash256 id)
    {
        lock (gate)
        {
            Remove(id);
            if (!included.Add(id))
                return;
            includedOrder.Enqueue(id);
            if (includedOrder.Count > NodeLimits.IncludedBatchesRemembered)
                included.Remove(includedOrder.Dequeue());
        }
    }

    /// <summary>
    /// Takes batches off the shelf in which every transaction expired before this time: no leader should offer them. They stay in
    /// the store, where a block that names one all the same still finds it.
    /// </summary>
    public void DropExpired(ulong beforeMs)
    {
        lock (gate)
        {
            foreach (HeldBatch batch in inOrder.Where(batch => batch.Transactions.All(transaction => transaction.Body.ValidUntilMs < beforeMs)).ToList())
                Remove(batch.Id);
        }
    }

    private void Remove(Hash256 id)
    {
        if (!byId.Remove(id, out LinkedListNode<HeldBatch>? node))
            return;
        inOrder.Remove(node);
        Count(node.Value, -1);
    }

    private void Count(HeldBatch batch, int sign)
    {
        (int batches, long bytes) = byAuthor.GetValueOrDefault(batch.Author);
        byAuthor[batch.Author] = (batches + sign, bytes + sign * batch.Encoded.Length);
        if (batches + sign == 0)
            byAuthor.Remove(batch.Author);
    }
}
