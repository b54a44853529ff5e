namespace AppChain.Simulation.Geography;

/// <summary>What was measured in one world. All times in microseconds.</summary>
/// <param name="Blocks">Successive blocks, one more than was asked for: the last one only ends an interval.</param>
sealed class WideResult(WideWorld world, IReadOnlyCollection<int> silent, IReadOnlyList<Finality> blocks, PhysicalBound bound)
{
    readonly long[] median = [.. blocks.Select(block => block.MedianUs - block.ProposedUs).Order()];
    readonly long[] all = [.. blocks.Select(block => block.AllUs - block.ProposedUs).Order()];
    readonly long[] intervals = [.. blocks.Zip(blocks.Skip(1), (block, next) => next.ProposedUs - block.ProposedUs).Order()];
    readonly long[] boundMedian = [.. bound.ByLeader().Select(leader => leader.MedianUs).Order()];
    readonly long[] boundAll = [.. bound.ByLeader().Select(leader => leader.AllUs).Order()];
    readonly long[] boundIntervals = [.. bound.Intervals().Order()];

    public WideWorld World => world;
    public int Silent => silent.Count;

    /// <summary>Bytes that left all machines while blocks were measured.</summary>
    public required long Bytes { get; init; }

    /// <summary>Messages dropped because a link's queue was full.</summary>
    public required long Dropped { get; init; }
    public required ulong TraceHash { get; init; }

    /// <summary>From proposal to finality at the median validator.</summary>
    public long FinalityUs(int percent) => Quantile.Of(median, percent);

    /// <summary>From proposal to finality at the last validator.</summary>
    public long FinalityOfAllUs(int percent) => Quantile.Of(all, percent);

    /// <summary>From one block's proposal to the next one's.</summary>
    public long IntervalUs(int percent) => Quantile.Of(intervals, percent);

    public long BoundUs(int percent) => Quantile.Of(boundMedian, percent);

    public long BoundOfAllUs(int percent) => Quantile.Of(boundAll, percent);

    public long IntervalBoundUs(int percent) => Quantile.Of(boundIntervals, percent);

    /// <summary>Views that made no block, from the first block to the last.</summary>
    public ulong SkippedViews => blocks[^1].Header.View.Value - blocks[0].Header.View.Value - (ulong)(blocks.Count - 1);

    /// <summary>What a validator sends for each block.</summary>
    public long BytesPerBlock => Bytes / (world.Validators - Silent) / blocks.Count;
}
