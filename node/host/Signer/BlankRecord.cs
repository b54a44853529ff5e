using AppChain.Consensus;
using AppChain.Node.Driver;
using AppChain.Node.Peers;
using AppChain.Protos.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Signer;

/// <summary>
/// A record that holds no vote and no floor is a new validator's, or one made where the real one was lost: nobody can tell which. So before its
/// first vote the node does by itself what an operator would do with <c>appchain signer reset</c>: it asks the other validators how far
/// they are, until a quorum has answered, and begins above that.
/// </summary>
/// <remarks>
/// Why that is enough: to have voted in view v, this key had to enter it, by a certificate of view v − 1. Of the quorum that made that
/// and the quorum that answers some honest validator is in both; it was in view v − 1 then, remembers it, and says so. Where nobody has left the
/// first view of a chain all begin at once; what a validator signed in that one view, wiped within it, is not protected.
/// </remarks>
internal sealed class BlankRecord(SignerRecord record, PeerNetwork network, ReadOnlyMemory<byte> ownKey, TimeProvider clock, ILogger log)
{
    /// <summary>A leader's clock may be ahead by one half of this, and so may this node's be behind.</summary>
    public const ulong MarginMs = 2 * NodeLimits.ClockDriftMaxMs;

    /// <summary>
    /// The view above which a core may vote that is made while the node runs: a record that is still blank signs nothing in an epoch that an earlier
    /// life of this key may have seen. The first epoch is excepted: there the question was asked before the node took part.
    /// </summary>
    /// <param name="openedMs">When this process opened the record, Unix milliseconds.</param>
    public static View SignAbove(SignedVotes votes, EpochStart start, ulong openedMs) =>
        votes.IsBlank && start.Epoch.Number.Value > 0 && start.Point.TimeMs < openedMs + MarginMs
            ? new View(ulong.MaxValue)
            : votes.SignAbove(start.Epoch.Number);

    /// <summary>Asks until a quorum of the present epoch has answered, and writes down where the record begins. At once if it holds something, or if the key has no seat.</summary>
    /// <param name="present">The epoch as it is at that moment; blocks may come meanwhile.</param>
    /// <param name="stillWaiting">Called at each round without a quorum: whoever has a new state or blocks may know other validators.</param>
    public async Task BeginAsync(Func<ConsensusEpoch> present, Action stillWaiting, CancellationToken cancellation)
    {
        while (record.Votes.IsBlank && present() is var epoch && epoch.SeatOf(ownKey.Span) is { } own)
        {
            (PeerLink Link, Progress? Progress)[] answers = await Task.WhenAll(
                network.Links.Where(static link => link.Problem is null).Select(async link => (link, await AskAsync(link, cancellation))));
            ulong power = epoch.Validators[own].Power;
            Progress farthest = new();
            foreach ((PeerLink link, Progress? progress) in answers)
            {
                if (progress is null || epoch.SeatOf(link.Index) is not { } seat)
                    continue;
                power += epoch.Validators[seat].Power;
                if ((progress.Epoch, progress.View).CompareTo((farthest.Epoch, farthest.View)) > 0)
                    farthest = progress;
            }
            if (epoch.Validators.IsQuorum(power))
            {
                Begin(farthest);
                return;
            }
            stillWaiting();
            await Task.Delay(NodeLimits.ProgressInterval, clock, cancellation);
        }
    }

    private void Begin(Progress farthest)
    {
        if (farthest is { Epoch: 0, View: <= 1 })
            return; // a new chain
        View floor = new(farthest.View == ulong.MaxValue ? farthest.View : farthest.View + 1);
        SignerLog.Blank(log, farthest.Epoch, floor.Value);
        record.BeginAbove(new Epoch(farthest.Epoch), floor);
    }

    private async Task<Progress?> AskAsync(PeerLink link, CancellationToken cancellation)
    {
        try
        {
            return await link.Sync.GetProgressAsync(
                new GetProgressRequest(), deadline: clock.GetUtcNow().UtcDateTime + NodeLimits.ProgressTimeout, cancellationToken: cancellation);
        }
        catch (RpcException) when (!cancellation.IsCancellationRequested)
        {
            return null; // it is starting, or gone: it is asked again
        }
    }
}
