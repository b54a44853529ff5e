using AppChain.Node.Driver;

namespace AppChain.Node.Sync;

/// <summary>
/// A node without a seat hears no votes: it asks its peers for new final blocks by itself. So a validator that is about to join, or is in jail, has the
/// chain, and takes part from its first block on when its epoch comes.
/// </summary>
public sealed class Follower(Func<EpochStart, bool> hasSeat, ChainReader reader, BlockSync sync, TimeProvider clock)
{
    /// <summary>Asks until cancelled, while the node has no seat.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(NodeLimits.FollowInterval, clock);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            if (!hasSeat(reader.EpochStart))
                sync.RequestNew();
        }
    }
}
