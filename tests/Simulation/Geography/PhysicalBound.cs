namespace AppChain.Simulation.Geography;

/// <summary>
/// What no protocol of three hops can beat on these links, by the median latencies alone: no bandwidth, no disk, no processor, and the
/// shortest path even where it leads over a third validator. Computed from the latencies, without the core and without the simulation.
/// <para>Hop 1: the leader's block reaches everyone. Hop 2: everyone's notarize reaches everyone; a quorum of them is a notarization.
/// Hop 3: everyone's finalize reaches everyone; a quorum of them is final. A validator that is silent sends neither vote.</para>
/// </summary>
sealed class PhysicalBound
{
    readonly long[,] paths;
    readonly int[] speaking;
    readonly int quorum;

    /// <param name="silent">Validators that never send, each of the same power as the others.</param>
    public PhysicalBound(Placement placement, IReadOnlyCollection<int> silent)
    {
        paths = ShortestPaths(placement);
        speaking = [.. Enumerable.Range(0, placement.Count).Where(i => !silent.Contains(i))];
        quorum = (2 * placement.Count / 3) + 1; // The least number that is more than two thirds.
    }

    /// <summary>For each speaking leader: from its proposal to finality at the median validator, and at the last, in microseconds.</summary>
    public IReadOnlyList<(long MedianUs, long AllUs)> ByLeader() => [.. speaking.Select(leader =>
    {
        var block = speaking.ToDictionary(i => i, i => paths[leader, i]);
        var notarized = Hop(block);
        var final = Hop(notarized).Values.Order().ToArray();
        return (Quantile.Of(final, 50), final[^1]);
    })];

    /// <summary>From a proposal to the next one, were it to follow at once: the next leader has a notarization after two hops. Over all
    /// pairs of leaders, as any may follow any.</summary>
    public IReadOnlyList<long> Intervals() => [.. speaking.SelectMany(leader =>
    {
        var notarized = Hop(speaking.ToDictionary(i => i, i => paths[leader, i]));
        return speaking.Where(next => next != leader).Select(next => notarized[next]);
    })];

    // When everybody has a quorum of what everybody sends at the given times.
    Dictionary<int, long> Hop(Dictionary<int, long> sent) =>
        speaking.ToDictionary(to => to, to => speaking.Select(from => sent[from] + paths[from, to]).Order().ElementAt(quorum - 1));

    // Floyd and Warshall's.
    static long[,] ShortestPaths(Placement placement)
    {
        var n = placement.Count;
        var paths = new long[n, n];
        for (var from = 0; from < n; from++)
        {
            for (var to = 0; to < n; to++)
            {
                paths[from, to] = placement.MedianUs(from, to);
            }
        }

        for (var over = 0; over < n; over++)
        {
            for (var from = 0; from < n; from++)
            {
                for (var to = 0; to < n; to++)
                {
                    paths[from, to] = long.Min(paths[from, to], paths[from, over] + paths[over, to]);
                }
            }
        }

        return paths;
    }
}

static class Quantile
{
    /// <summary>The least value that at least so many per cent of the values do not exceed.</summary>
    public static long Of(IReadOnlyList<long> ascending, int percent) =>
        ascending[int.Max(0, ((ascending.Count * percent) + 99) / 100 - 1)];
}
