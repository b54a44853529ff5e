using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Pool;

/// <summary>What became of an admitted transaction. One that a block skipped may still be executed by a copy, unless it was skipped for good.</summary>
/// <param name="Height">The finalised block that carried it; 0 when it expired without one.</param>
/// <param name="Receipt">Null when it expired.</param>
/// <param name="ValidUntilMs">Until when a block may execute it.</param>
public sealed record Outcome(Hash256 Id, ulong Height, Receipt? Receipt, ulong ValidUntilMs);

/// <summary>Somebody who waits to hear what became of a transaction.</summary>
/// <param name="Tell">Called once, on the chain's thread: it must only hand over.</param>
/// <param name="Ended">Fires when nobody waits any more.</param>
public sealed record OutcomeFollower(Action<Outcome> Tell, CancellationToken Ended);

/// <summary>
/// The transactions this node admitted and that are not final yet, with those who wait to hear of them. Every registered
/// transaction gets exactly one outcome: final, skipped by the block that carried it, or expired. Any thread.
/// </summary>
public sealed class FinalityTracker
{
    private readonly Lock gate = new();
    private readonly Dictionary<Hash256, Pending> pending = [];
    private readonly HashSet<Slot> slots = [];
    private readonly NumbersUnderWay numbers = new();
    private readonly ClaimsUnderWay claims = new();
    private PriorityQueue<Hash256, ulong> byExpiry = new();

    private sealed record Pending(Transaction Transaction, List<Claim> Claims, List<OutcomeFollower> Followers);

    // A signer's number in the window that counts: only one transaction can ever use it.
    private readonly record struct Slot(bool OfDevice, Address Signer, ulong Sequence)
    {
        public static Slot Of(Transaction transaction) =>
            new(transaction.IsOfDevice, transaction.Body.Signer, transaction.Body.Sequence);
    }

    /// <summary>Number of transactions that are not final yet.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return pending.Count;
        }
    }

    /// <summary>True while the transaction is admitted and not final.</summary>
    public bool IsRegistered(Hash256 id)
    {
        lock (gate)
            return pending.ContainsKey(id);
    }

    /// <summary>True while another pending transaction has this one's signer and sequence number: at most one of them can be executed.</summary>
    public bool IsNumberTaken(Transaction transaction)
    {
        lock (gate)
            return slots.Contains(Slot.Of(transaction));
    }

    /// <summary>True if a pending transaction of the same signer has so high a number that this one is too old once that is executed.</summary>
    public bool IsPassedBy(Transaction transaction)
    {
        lock (gate)
            return numbers.Passed(transaction);
    }

    /// <summary>The first claim that the transactions which are not final yet may leave without what it needs; null: all can be had.</summary>
    public Claim? FindUncovered(List<Claim> wanted)
    {
        lock (gate)
            return claims.FindUncovered(wanted);
    }

    /// <summary>Registers a newly admitted transaction. False when the node is full, or the transaction or its number is registered already.</summary>
    /// <param name="follower">Who waits for the outcome; null: nobody.</param>
    public bool TryRegister(Transaction transaction, List<Claim> claimed, OutcomeFollower? follower)
    {
        lock (gate)
        {
            if (pending.Count >= NodeLimits.PoolTransactionsMax || pending.ContainsKey(transaction.Id) || !slots.Add(Slot.Of(transaction)))
                return false;
            pending.Add(transaction.Id, new Pending(transaction, claimed, follower is null ? [] : [follower]));
            numbers.Add(transaction);
            claims.Add(claimed);
            byExpiry.Enqueue(transaction.Id, transaction.Body.ValidUntilMs);
            ForgetFinalExpiries();
            return true;
        }
    }

    /// <summary>Asks to be told the outcome too. False when the transaction is not (or no longer) registered, or too many ask.</summary>
    public bool TryFollow(Hash256 id, OutcomeFollower follower)
    {
        lock (gate)
        {
            if (!pending.TryGetValue(id, out Pending? found))
                return false;
            // Who asked over a connection that has been lost since does not stand in the way of those who ask again.
            found.Followers.RemoveAll(static other => other.Ended.IsCancellationRequested);
            if (found.Followers.Count >= NodeLimits.FollowersPerTransactionMax)
                return false;
            found.Followers.Add(follower);
            return true;
        }
    }

    /// <summary>Tells the followers of the block's transactions, and of those whose validity ended with it.</summary>
    public void OnFinalised(ulong height, ulong blockTimeMs, IEnumerable<Receipt> receipts)
    {
        foreach (Receipt receipt in receipts)
            Resolve(receipt.TransactionId, height, receipt);
        while (true)
        {
            Hash256 id;
            lock (gate)
            {
                if (!byExpiry.TryPeek(out id, out ulong validUntilMs) || validUntilMs >= blockTimeMs)
                    return;
                byExpiry.Dequeue();
            }
            Resolve(id, height: 0, receipt: null);
        }
    }

    private void Resolve(Hash256 id, ulong height, Receipt? receipt)
    {
        Pending? found;
        lock (gate)
        {
            if (!pending.Remove(id, out found))
                return;
            slots.Remove(Slot.Of(found.Transaction));
            numbers.Remove(found.Transaction);
            claims.Remove(found.Claims);
        }
        Outcome outcome = new(id, height, receipt, found.Transaction.Body.ValidUntilMs);
        foreach (OutcomeFollower follower in found.Followers)
        {
            if (!follower.Ended.IsCancellationRequested)
                follower.Tell(outcome);
        }
    }

    // What became final stays in the queue until its validity ends, an hour or a day later: now and then only the pending are kept.
    private void ForgetFinalExpiries()
    {
        if (byExpiry.Count < 2 * NodeLimits.PoolTransactionsMax)
            return;
        byExpiry = new PriorityQueue<Hash256, ulong>(pending.Values.Select(entry => (entry.Transaction.Id, entry.Transaction.Body.ValidUntilMs)));
    }
}
