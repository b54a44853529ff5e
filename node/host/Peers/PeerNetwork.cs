using AppChain.Node.Pool;
using AppChain.Protos.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Peers;

/// <summary>The links to all other validators.</summary>
public sealed class PeerNetwork : IAsyncDisposable
{
    private readonly ChainIdentity identity;

    /// <param name="addresses">HOST:PORT by validator index.</param>
    public PeerNetwork(ChainIdentity identity, IReadOnlyDictionary<int, string> addresses, TimeProvider clock, ILogger log)
    {
        this.identity = identity;
        Links = [.. addresses.OrderBy(entry => entry.Key).Select(entry => new PeerLink(entry.Key, entry.Value, identity, clock, log))];
    }

    public IReadOnlyList<PeerLink> Links { get; }

    /// <summary>Sends a consensus message to one validator; nothing happens when no link leads there.</summary>
    public void Send(int validator, ReadOnlyMemory<byte> message) => Links.FirstOrDefault(link => link.Index == validator)?.Send(Wrap(message));

    /// <summary>Sends a consensus message to every other validator.</summary>
    public void Broadcast(ReadOnlyMemory<byte> message)
    {
        ConsensusMessage wrapped = Wrap(message);
        foreach (PeerLink link in Links)
            link.Send(wrapped);
    }

    /// <summary>Pushes a batch of our own to every other validator.</summary>
    public void Push(HeldBatch batch)
    {
        BatchMessage message = new() { Batch = UnsafeByteOperations.UnsafeWrap(batch.Encoded) };
        foreach (PeerLink link in Links)
            link.Push(message);
    }

    /// <summary>The connected links, beginning at a given validator: callers that retry go round.</summary>
    public IEnumerable<PeerLink> ConnectedFrom(int validator) =>
        Links.Where(link => link.Problem is null).OrderBy(link => link.Index < validator).ThenBy(link => link.Index);

    public async ValueTask DisposeAsync()
    {
        foreach (PeerLink link in Links)
            await link.DisposeAsync();
    }

    private ConsensusMessage Wrap(ReadOnlyMemory<byte> message) =>
        new() { Sender = (uint)identity.Validator, Message = UnsafeByteOperations.UnsafeWrap(message) };
}
