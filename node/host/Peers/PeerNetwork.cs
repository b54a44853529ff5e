using System.Collections.Immutable;
using System.Threading.Channels;
using AppChain.Node.Pool;
using AppChain.Protos.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Peers;

/// <summary>The links to all other validators. Who they are changes with the chain's sets: <see cref="PeerBook"/>.</summary>
public sealed class PeerNetwork : IAsyncDisposable
{
    private readonly ChainIdentity identity;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Channel<bool> changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private ImmutableArray<PeerLink> links;

    public PeerNetwork(ChainIdentity identity, TimeProvider clock, ILogger log)
    {
        (this.identity, this.clock, this.log) = (identity, clock, log);
        links = [.. identity.Peers.Addresses.OrderBy(entry => entry.Key).Select(NewLink)];
    }

    /// <summary>Ascending by number. Any thread may read it.</summary>
    public IReadOnlyList<PeerLink> Links => links;

    /// <summary>Sends a consensus message to one validator; nothing happens when no link leads there.</summary>
    public void Send(int validator, ReadOnlyMemory<byte> message)
    {
        if (Wrap(message) is { } wrapped)
            links.FirstOrDefault(link => link.Index == validator)?.Send(wrapped);
    }

    /// <summary>Sends a consensus message to every other validator.</summary>
    public void Broadcast(ReadOnlyMemory<byte> message)
    {
        if (Wrap(message) is not { } wrapped)
            return;
        foreach (PeerLink link in links)
            link.Send(wrapped);
    }

    /// <summary>Signs a batch of our own, once, and pushes it to every other validator.</summary>
    public void Push(HeldBatch batch)
    {
        BatchMessage message = new()
        {
            Batch = UnsafeByteOperations.UnsafeWrap(batch.Encoded),
            Signature = UnsafeByteOperations.UnsafeWrap(identity.Node.SignBatch(batch.Id)),
        };
        foreach (PeerLink link in links)
            link.Push(message);
    }

    /// <summary>The connected links, beginning at a given validator: callers that retry go round.</summary>
    public IEnumerable<PeerLink> ConnectedFrom(int validator) =>
        links.Where(link => link.Problem is null).OrderBy(link => link.Index < validator).ThenBy(link => link.Index);

    /// <summary>Says that the book of peers has changed. Any thread.</summary>
    public void OnPeersChanged() => changed.Writer.TryWrite(true);

    /// <summary>Keeps the links up until cancelled: makes those that the book has come to name, and ends those that it names no more.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Dictionary<PeerLink, RunningLink> running = [];
        try
        {
            while (true)
            {
                foreach (PeerLink link in links.Where(link => !running.ContainsKey(link)))
                    running.Add(link, RunningLink.Start(link, cancellation));
                Task wake = changed.Reader.ReadAsync(cancellation).AsTask();
                Task first = await Task.WhenAny([wake, .. running.Values.Select(link => link.Loop)]);
                await first;
                if (first != wake)
                    throw new InvalidOperationException("the link to a peer ended by itself");
                foreach (PeerLink link in Exchange())
                {
                    running.Remove(link, out RunningLink? ended);
                    await ended!.StopAsync();
                    await link.DisposeAsync();
                }
            }
        }
        finally
        {
            foreach (RunningLink link in running.Values)
                await link.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PeerLink link in links)
            await link.DisposeAsync();
    }

    // Links whose peer has left or moved go, and are returned; new ones come.
    private List<PeerLink> Exchange()
    {
        IReadOnlyDictionary<int, string> addresses = identity.Peers.Addresses;
        List<PeerLink> gone = [.. links.Where(link => addresses.GetValueOrDefault(link.Index) != link.Address)];
        List<PeerLink> stay = [.. links.Except(gone)];
        links = [.. stay.Concat(addresses.Where(entry => stay.All(link => link.Index != entry.Key)).Select(NewLink)).OrderBy(link => link.Index)];
        return gone;
    }

    private PeerLink NewLink(KeyValuePair<int, string> peer) => new(peer.Key, peer.Value, identity, clock, log);

    // Nobody could answer a node that the chain does not know: it only follows.
    private ConsensusMessage? Wrap(ReadOnlyMemory<byte> message) =>
        identity.Peers.Own is not null ? new() { Message = UnsafeByteOperations.UnsafeWrap(message) } : null;

    private sealed record RunningLink(Task Loop, CancellationTokenSource Stop)
    {
        public static RunningLink Start(PeerLink link, CancellationToken cancellation)
        {
            CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            return new RunningLink(Task.Run(() => link.RunAsync(stop.Token), CancellationToken.None), stop);
        }

        public async Task StopAsync()
        {
            await Stop.CancelAsync();
            await Loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Stop.Dispose();
        }
    }
}
