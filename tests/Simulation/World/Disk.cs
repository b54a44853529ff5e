namespace AppChain.Simulation;

/// <summary>
/// What one machine keeps when it stops. The journal is a sequence of framed records: what is synced stays; of the rest a crash leaves any
/// prefix in bytes, so the last frame may be torn, and recovery drops a torn frame. The chain store commits in one step, as the real one
/// does. Batches are durable once stored.
/// </summary>
sealed class Disk
{
    const int FrameBytes = 8; // Length and checksum.

    readonly List<(View View, byte[] Record)> journal = [];
    readonly List<(Block Block, Certificate? Finalization)> chain = [];
    readonly HashSet<Digest> batches = [];
    int synced;

    public IReadOnlyList<(View View, byte[] Record)> Journal => journal;
    public IReadOnlyList<(Block Block, Certificate? Finalization)> Chain => chain;
    public bool HasUnsynced => synced < journal.Count;
    public ulong Height => (ulong)chain.Count;

    public ChainPoint Tip => chain.Count == 0 ? Scenario.Genesis : ChainPoint.Of(chain[^1].Block);
    public Certificate? TipFinalization => chain.Count == 0 ? null : chain[^1].Finalization;

    public void Append(View view, ReadOnlyMemory<byte> record) => journal.Add((view, record.ToArray()));

    public void Sync() => synced = journal.Count;

    /// <summary>The power fails. Answers how many unsynced records are lost, and whether the last of them was torn.</summary>
    public (int Lost, bool Torn) Fail(Dice dice)
    {
        long bytes = 0;
        for (var i = synced; i < journal.Count; i++)
        {
            bytes += FrameBytes + journal[i].Record.Length;
        }

        var survives = dice.Between(0, bytes);
        var kept = synced;
        while (kept < journal.Count && survives >= FrameBytes + journal[kept].Record.Length)
        {
            survives -= FrameBytes + journal[kept].Record.Length;
            kept++;
        }

        var lost = journal.Count - kept;
        journal.RemoveRange(kept, lost);
        synced = kept;
        return (lost, lost > 0 && survives > 0);
    }

    /// <summary>The journal is gone altogether; only a faulty validator goes on after that.</summary>
    public void LoseJournal()
    {
        journal.Clear();
        synced = 0;
    }

    public void Commit(Block block, Certificate? finalization)
    {
        chain.Add((block, finalization));
        batches.Add(block.Hash);
    }

    /// <summary>Drops the records that the contract allows to drop.</summary>
    public void Prune(View floor)
    {
        var durable = Tip.View;
        if (HasUnsynced)
        {
            return; // Pruning may wait; a count of synced records must not be guessed.
        }

        journal.RemoveAll(entry => entry.View <= durable && entry.View <= floor);
        synced = journal.Count;
    }

    public void StoreBatches(Digest block) => batches.Add(block);

    public bool HasBatches(Digest block) => batches.Contains(block);
}
