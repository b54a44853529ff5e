using System.Collections.Concurrent;
using System.Threading.Channels;
using AppChain.Consensus;

namespace AppChain.Node.Driver;

/// <summary>
/// What waits for the core: peers' messages, bounded per peer, and the chain's answers, which are never dropped (there is at
/// most one for each effect). Any thread may write; the driver reads.
/// </summary>
/// <param name="isPeer">Whether a number is a validator's.</param>
public sealed class ConsensusInbox(Func<int, bool> isPeer)
{
    private readonly Channel<Arrival> arrivals = Channel.CreateUnbounded<Arrival>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<int, int> backlog = [];

    /// <summary>Takes a peer's message. One that is malformed, or that a full backlog leaves no room for, is dropped.</summary>
    /// <param name="sender">Who sent it, by its connection.</param>
    public void Offer(int sender, ReadOnlySpan<byte> encoded)
    {
        if (!isPeer(sender) || backlog.GetValueOrDefault(sender) >= NodeLimits.ConsensusBacklogPerPeerMax)
            return;
        if (!Message.TryDecode(encoded, out Message message))
            return;
        backlog.AddOrUpdate(sender, 1, (_, count) => count + 1);
        arrivals.Writer.TryWrite(new Arrival.FromPeer(sender, message));
    }

    /// <summary>Takes an answer of the chain or of block sync.</summary>
    public void Post(Input input) => arrivals.Writer.TryWrite(new Arrival.Answer(input));

    /// <summary>Takes the start of the next epoch, after all answers to what the present one asked for.</summary>
    public void Post(EpochStart start) => arrivals.Writer.TryWrite(new Arrival.NextEpoch(start));

    /// <summary>The next arrival, if one waits.</summary>
    public bool TryRead(out Arrival? arrival)
    {
        if (!arrivals.Reader.TryRead(out arrival))
            return false;
        if (arrival is Arrival.FromPeer message)
            backlog.AddOrUpdate(message.Peer, 0, (_, count) => count - 1);
        return true;
    }

    /// <summary>Completes when something waits.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => arrivals.Reader.WaitToReadAsync(cancellation);
}
