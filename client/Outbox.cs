namespace AppChain.Client;

/// <summary>
/// A device's signed proofs that are not resolved yet, in order of sequence. Bounded; kept in a file too when it has one, so that a
/// reading that was taken survives the device's own restart.
/// </summary>
internal sealed class Outbox : IDisposable
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<ulong, PendingProof> pending = [];
    private readonly int capacity;
    private readonly OutboxFile? file;
    private int onWire;

    /// <param name="file">Null: in memory only.</param>
    public Outbox(int capacity, OutboxFile? file)
    {
        (this.capacity, this.file) = (capacity, file);
        foreach (PendingProof proof in file?.Kept ?? [])
            pending.Add(proof.Sequence, proof);
    }

    public int Count
    {
        get
        {
            lock (gate)
                return pending.Count;
        }
    }

    /// <summary>Proofs that the present stream owes an answer for.</summary>
    public int OnWire
    {
        get
        {
            lock (gate)
                return onWire;
        }
    }

    /// <summary>All of them, in order of sequence.</summary>
    public IReadOnlyList<PendingProof> All()
    {
        lock (gate)
            return [.. pending.Values];
    }

    /// <summary>The highest sequence number in it, or 0.</summary>
    public ulong HighestSequence
    {
        get
        {
            lock (gate)
                return pending.Count == 0 ? 0 : pending.Keys.Last();
        }
    }

    /// <summary>Takes a proof. False, and nothing happened, when there is no room.</summary>
    public bool TryAdd(PendingProof proof)
    {
        lock (gate)
        {
            if (pending.Count >= capacity)
                return false;
            Keep(proof);
            return true;
        }
    }

    /// <summary>Puts a freshly signed proof in the place of one that died; there is always room for that.</summary>
    public void Replace(ulong sequence, PendingProof successor)
    {
        lock (gate)
        {
            // The successor is kept before the old one goes: a crash in between costs a duplicate, never the reading.
            Keep(successor);
            Drop(sequence);
        }
    }

    /// <summary>The oldest proof that is not on the wire, now marked as such; null when there is none or the window is full.</summary>
    public PendingProof? TakeNext()
    {
        lock (gate)
        {
            ulong? oldest = null;
            foreach ((ulong sequence, PendingProof proof) in pending)
            {
                oldest ??= sequence;
                if (sequence - oldest >= ClientLimits.ProofsInFlightMax)
                    return null;
                if (proof.IsOnWire)
                    continue;
                proof.IsOnWire = true;
                proof.Attempts++;
                onWire++;
                return proof;
            }
            return null;
        }
    }

    /// <summary>The proof of that sequence number, or null when it is resolved.</summary>
    public PendingProof? Find(ulong sequence)
    {
        lock (gate)
            return pending.GetValueOrDefault(sequence);
    }

    /// <summary>To be sent again: the node did not take it.</summary>
    public void PutBack(ulong sequence)
    {
        lock (gate)
        {
            if (pending.TryGetValue(sequence, out PendingProof? proof))
                TakeOffWire(proof);
        }
    }

    /// <summary>To be sent again, all of them: the stream ended.</summary>
    public void PutAllBack()
    {
        lock (gate)
        {
            foreach (PendingProof proof in pending.Values)
                TakeOffWire(proof);
        }
    }

    /// <summary>Resolved. False when it was already.</summary>
    public bool Remove(ulong sequence)
    {
        lock (gate)
            return Drop(sequence);
    }

    public void Dispose() => file?.Dispose();

    private void Keep(PendingProof proof)
    {
        file?.Append(proof);
        pending.Add(proof.Sequence, proof);
    }

    private bool Drop(ulong sequence)
    {
        if (!pending.Remove(sequence, out PendingProof? proof))
            return false;
        TakeOffWire(proof);
        file?.Remove(sequence, isLast: pending.Count == 0);
        return true;
    }

    private void TakeOffWire(PendingProof proof)
    {
        if (!proof.IsOnWire)
            return;
        proof.IsOnWire = false;
        onWire--;
    }
}
