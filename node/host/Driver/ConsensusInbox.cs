using System.Threading.Channels;
using AppChain.Consensus;

namespace AppChain.Node.Driver;

/// <summary>
/// What waits for the core: peers' messages, bounded per peer, and the chain's answers, which are never dropped (there is at
/// most one for each effect). Any thread may write; the driver reads.
/// </summary>
public sealed class ConsensusInbox(int validators)
{
    private readonly Channel<Input> inputs = Channel.CreateUnbounded<Input>(new UnboundedChannelOptions { SingleReader = true });
    private readonly int[] backlog = new int[validators];

    /// <summary>Takes a peer's message. One that is malformed, or that a full backlog leaves no room for, is dropped.</summary>
    /// <param name="sender">Whom the caller says it is; consensus believes signatures only.</param>
    public void Offer(uint sender, ReadOnlySpan<byte> encoded)
    {
        if (sender >= backlog.Length || Volatile.Read(ref backlog[sender]) >= NodeLimits.ConsensusBacklogPerPeerMax)
            return;
        if (!Message.TryDecode(encoded, out Message message))
            return;
        Interlocked.Increment(ref backlog[sender]);
        inputs.Writer.TryWrite(new Input.Received((ushort)sender, message));
    }

    /// <summary>Takes an answer of the chain or of block sync.</summary>
    public void Post(Input input) => inputs.Writer.TryWrite(input);

    /// <summary>The next input, if one waits.</summary>
    public bool TryRead(out Input? input)
    {
        if (!inputs.Reader.TryRead(out input))
            return false;
        if (input is Input.Received received)
            Interlocked.Decrement(ref backlog[received.From]);
        return true;
    }

    /// <summary>Completes when an input waits.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => inputs.Reader.WaitToReadAsync(cancellation);
}
