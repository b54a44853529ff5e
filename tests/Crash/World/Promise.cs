using AppChain.Crypto;

namespace AppChain.Crash.World;

/// <summary>What the store has acknowledged, so that it must be there after a crash.</summary>
internal sealed record Promise
{
    /// <summary>The lowest height that the tip may have.</summary>
    public ulong Tip { get; set; }

    /// <summary>The last record of the journal.</summary>
    public ulong Journal { get; set; }

    /// <summary>Chunks of an import that are in.</summary>
    public int Chunks { get; set; }

    /// <summary>Batches on disk.</summary>
    public HashSet<string> Synced { get; init; } = [];

    /// <summary>Batches that the machine's crash may take.</summary>
    public HashSet<string> Written { get; init; } = [];

    public Promise Copy() => this with { Synced = [.. Synced], Written = [.. Written] };

    /// <summary>What is left of it: what was not synced need not be there.</summary>
    public Promise AfterPowerCut() => this with { Synced = [.. Synced], Written = [] };

    public void Stored(in Hash256 batch) => Written.Add(batch.ToString());

    public void Committed(ulong height)
    {
        Tip = height;
        OnSync();
    }

    public void Journalled(ulong sequence)
    {
        Journal = sequence;
        OnSync();
    }

    public void Imported(int chunks) => Chunks = chunks;

    /// <summary>Batches that nothing names may go from now on.</summary>
    public void MayDropOrphans()
    {
        Written.Clear();
        Synced.Clear();
    }

    // A sync covers every write before it.
    private void OnSync()
    {
        Synced.UnionWith(Written);
        Written.Clear();
    }
}
