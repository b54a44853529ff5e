using AppChain.Node.Driver;

namespace AppChain.Node.Sync;

/// <summary>
/// A node without a seat hears no votes: it asks its peers for new final blocks by itself. So a validator that is about to join, or is in jail, has the
/// chain, and takes part from its first block on when its epoch comes. A node that has a seat, and hears of no block for long, asks too: it may have lost the
/// seat in a block that it has not seen, and nobody talks to it any more.
/// </summary>
public sealed class Follower(Func<EpochStart, bool> hasSeat, ChainReader reader, BlockSync sync, TimeProvider clock)
{
    /// <summary>Asks until cancelled, while the node has no seat or seems to be deaf.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        (ulong height, long heardAt) = (reader.Tip.Height, clock.GetTimestamp());
        using PeriodicTimer timer = new(NodeLimits.FollowInterval, clock);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            bool isDeaf = clock.GetElapsedTime(heardAt) > NodeLimits.DeafAfter;
            if (reader.Tip.Height != height || isDeaf)
                (height, heardAt) = (reader.Tip.Height, clock.GetTimestamp());
            if (isDeaf || !hasSeat(reader.EpochStart))
                sync.RequestNew();
        }
    }
}
