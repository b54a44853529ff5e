using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Pool;

/// <summary>What finally became of an admitted transaction.</summary>
/// <param name="Height">The finalised block that executed it; 0 when it expired unexecuted.</param>
/// <param name="Receipt">Null when it expired.</param>
public sealed record Outcome(Hash256 Id, ulong Height, Receipt? Receipt);

/// <summary>
/// The transactions this node admitted and that are not final yet, with those who wait to hear of them.
/// Every registered transaction gets exactly one outcome: final, skipped by the block that carried it, or expired.
/// </summary>
public sealed class FinalityTracker
{
    private readonly Lock gate = new();
    private readonly Dictionary<Hash256, List<Action<Outcome>>> waiting = [];
    private readonly PriorityQueue<Hash256, ulong> byExpiry = new();

    /// <summary>Number of transactions that are not final yet.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <summary>True while the transaction is admitted and not final.</summary>
    public bool IsRegistered(Hash256 id)
    {
        lock (gate)
            return waiting.ContainsKey(id);
    }

    /// <summary>Registers a newly admitted transaction. False when the node is full or the transaction is registered already.</summary>
    /// <param name="onOutcome">Called once, on the chain's thread: it must only hand over.</param>
    public bool TryRegister(Transaction transaction, Action<Outcome> onOutcome)
    {
        lock (gate)
        {
            if (waiting.Count >= NodeLimits.PoolTransactionsMax || !waiting.TryAdd(transaction.Id, [onOutcome]))
                return false;
            byExpiry.Enqueue(transaction.Id, transaction.Body.ValidUntilMs);
            return true;
        }
    }

    /// <summary>Asks to be told the outcome too. False when the transaction is not (or no longer) registered.</summary>
    public bool TryFollow(Hash256 id, Action<Outcome> onOutcome)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(id, out List<Action<Outcome>>? followers))
                return false;
            followers.Add(onOutcome);
            return true;
        }
    }

    /// <summary>Tells the followers of the block's transactions, and of those whose validity ended with it.</summary>
    public void OnFinalised(ulong height, ulong blockTimeMs, IEnumerable<Receipt> receipts)
    {
        foreach (Receipt receipt in receipts)
            Resolve(receipt.TransactionId, new Outcome(receipt.TransactionId, height, receipt));
        while (true)
        {
            Hash256 id;
            lock (gate)
            {
                if (!byExpiry.TryPeek(out id, out ulong validUntilMs) || validUntilMs >= blockTimeMs)
                    return;
                byExpiry.Dequeue();
            }
            Resolve(id, new Outcome(id, 0, null));
        }
    }

    private void Resolve(Hash256 id, Outcome outcome)
    {
        List<Action<Outcome>>? followers;
        lock (gate)
        {
            if (!waiting.Remove(id, out followers))
                return;
        }
        foreach (Action<Outcome> follower in followers)
            follower(outcome);
    }
}
