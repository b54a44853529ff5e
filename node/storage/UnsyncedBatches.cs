using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>
/// Batches that are written and perhaps not on disk yet. A power cut may leave a later write and lose an earlier one that was not synced,
/// when the log had moved on to another file between them: so a block is not written before the batches that it names are synced.
/// </summary>
internal sealed class UnsyncedBatches
{
    /// <summary>Most batches between two syncs; the next one is synced by itself.</summary>
    public const int CountMax = 4_096;

    private readonly Lock gate = new();
    private readonly HashSet<Hash256> ids = [];

    public bool IsFull
    {
        get
        {
            lock (gate)
                return ids.Count >= CountMax;
        }
    }

    public void Add(in Hash256 id)
    {
        lock (gate)
            ids.Add(id);
    }

    /// <summary>Whether one of these is among them.</summary>
    public bool HasAny(IEnumerable<NamedBatch> batches)
    {
        lock (gate)
            return ids.Count > 0 && batches.Any(batch => ids.Contains(batch.Id));
    }

    /// <summary>All of them: what a sync that begins now covers.</summary>
    public IReadOnlyCollection<Hash256> All()
    {
        lock (gate)
            return [.. ids];
    }

    /// <summary>These are on disk.</summary>
    public void Remove(IReadOnlyCollection<Hash256> synced)
    {
        lock (gate)
            ids.ExceptWith(synced);
    }
}
