namespace AppChain.Simulation;

/// <summary>
/// What one machine keeps when it stops. The journal is a sequence of framed records: what is synced stays; of the rest a crash leaves any
/// subset of the bytes. Recovery reads on to the first frame that is not whole, and drops it and all behind it, whole or not. The chain
/// store commits in one step, as the real one does. Batches are durable once stored.
/// </summary>
sealed class Disk
{
    const int FrameBytes = 8; // Length and checksum.
    const int SectorBytes = 64; // Small ones: several records then share one, and most records lie in several.

    readonly List<(Epoch Epoch, View View, byte[] Record)> journal = [];
    readonly List<(Block Block, Certificate? Finalization)> chain = [];
    readonly HashSet<Digest> batches = [];
    int synced;

    public IReadOnlyList<(Epoch Epoch, View View, byte[] Record)> Journal => journal;
    public IReadOnlyList<(Block Block, Certificate? Finalization)> Chain => chain;
    public bool HasUnsynced => synced < journal.Count;
    public ulong Height => (ulong)chain.Count;

    Block? TipBlock => chain.Count == 0 ? null : chain[^1].Block;
    bool TipEndsEpoch => TipBlock is { Header.EndsEpoch: true };

    /// <summary>The epoch that consensus is in above the tip.</summary>
    public Epoch Epoch => new((TipBlock?.Header.Epoch.Value ?? 0) + (TipEndsEpoch ? 1UL : 0));

    /// <summary>What a core of <see cref="Epoch"/> goes on from.</summary>
    public ChainPoint Tip => TipBlock is not { } block ? Scenario.Genesis
        : TipEndsEpoch ? ChainPoint.AfterEpochOf(block)
        : ChainPoint.Of(block);

    public Certificate? TipFinalization => TipBlock is null || TipEndsEpoch ? null : chain[^1].Finalization;

    /// <summary>How an epoch ended; null if it has not, here.</summary>
    public Certificate? EndOf(Epoch epoch)
    {
        var last = chain.FindLastIndex(entry => entry.Block.Header.Epoch == epoch);
        return last >= 0 && chain[last].Block.Header.EndsEpoch ? chain[last].Finalization : null;
    }

    public void Append(Epoch epoch, View view, ReadOnlyMemory<byte> record) => journal.Add((epoch, view, record.ToArray()));

    public void Sync() => synced = journal.Count;

    /// <summary>The power fails.</summary>
    public Loss Fail(Dice dice)
    {
        var survives = Surviving(dice, journal.Skip(synced).Sum(entry => FrameBytes + entry.Record.Length));
        var (kept, start, torn, hole) = (synced, 0, false, false);
        for (var i = synced; i < journal.Count; i++)
        {
            var frame = survives.AsSpan(start, FrameBytes + journal[i].Record.Length);
            start += frame.Length;
            var whole = !frame.Contains(false);
            if (whole && kept == i)
            {
                kept++;
            }
            else
            {
                torn |= kept == i && frame.Contains(true);
                hole |= whole;
            }
        }

        var lost = journal.Count - kept;
        journal.RemoveRange(kept, lost);
        synced = kept;
        return new Loss(lost, torn, hole);
    }

    // Writes in order, so that a prefix survives; sectors in any order; or single bytes gone astray.
    static bool[] Surviving(Dice dice, int bytes)
    {
        var survives = new bool[bytes];
        var (kind, prefix, share) = (dice.Below(3), dice.Between(0, bytes), dice.Pick([500, 900, 998]));
        for (var i = 0; i < bytes; i++)
        {
            survives[i] = kind switch
            {
                0 => i < prefix,
                1 => i % SectorBytes == 0 ? dice.Chance(share) : survives[i - 1],
                _ => dice.Chance(share),
            };
        }

        return survives;
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
    public void Prune(Epoch epoch, View floor)
    {
        var (durable, durableEpoch) = (Tip.View, Epoch);
        if (HasUnsynced || epoch != durableEpoch)
        {
            return; // Pruning may wait; a count of synced records must not be guessed.
        }

        journal.RemoveAll(entry => entry.Epoch.Value < epoch.Value || (entry.Epoch == epoch && entry.View <= durable && entry.View <= floor));
        synced = journal.Count;
    }

    public void StoreBatches(Digest block) => batches.Add(block);

    public bool HasBatches(Digest block) => batches.Contains(block);
}

/// <summary>What a crash took of the unsynced records.</summary>
/// <param name="Records">How many are gone.</param>
/// <param name="Torn">The first of them was there in part.</param>
/// <param name="Hole">One of them was whole, behind one that was not.</param>
readonly record struct Loss(int Records, bool Torn, bool Hole);
