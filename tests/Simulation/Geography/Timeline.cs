namespace AppChain.Simulation.Geography;

/// <summary>The life of each block from the time on when measuring starts, in microseconds of true time.</summary>
/// <param name="agenda">The clock.</param>
/// <param name="validators">How many must have a block final for it to count.</param>
/// <param name="fromUs">Blocks proposed earlier do not count.</param>
sealed class Timeline(Agenda agenda, int validators, long fromUs)
{
    readonly Dictionary<Digest, long> proposed = [];
    readonly Dictionary<ulong, (Header Header, long ProposedUs, List<long> FinalUs)> blocks = [];

    /// <summary>Blocks that all have.</summary>
    public int Complete { get; private set; }

    /// <summary>The leader sends its block for the first time.</summary>
    public void Proposed(Block block) => proposed.TryAdd(block.Hash, agenda.NowUs);

    public void Committed(Block block)
    {
        var proposedUs = proposed[block.Hash];
        if (proposedUs < fromUs)
        {
            return;
        }

        var height = block.Header.Height.Value;
        if (!blocks.TryGetValue(height, out var entry))
        {
            blocks[height] = entry = (block.Header, proposedUs, []);
        }

        entry.FinalUs.Add(agenda.NowUs);
        Complete += entry.FinalUs.Count == validators ? 1 : 0;
    }

    /// <summary>By height, without a gap.</summary>
    public IReadOnlyList<Finality> Blocks() =>
        [.. blocks.Where(pair => pair.Value.FinalUs.Count == validators).OrderBy(pair => pair.Key).Select(pair => pair.Value).Select(block =>
            new Finality(block.Header, block.ProposedUs, Quantile.Of(block.FinalUs, 50), block.FinalUs[^1]))];
}

/// <summary>One block.</summary>
/// <param name="MedianUs">When half of the validators had it final.</param>
/// <param name="AllUs">When the last of them had.</param>
sealed record Finality(Header Header, long ProposedUs, long MedianUs, long AllUs);
