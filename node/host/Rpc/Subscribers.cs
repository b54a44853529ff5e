using System.Net;
using Grpc.Core;

namespace AppChain.Node.Rpc;

/// <summary>Streams that have no end of their own, by whose they are: so many for each address, and so many in all. Any thread.</summary>
/// <param name="perAddressMax">For one address, or one /64 of IPv6; this machine's count only in all.</param>
/// <param name="max">In all.</param>
public sealed class Subscribers(int perAddressMax = NodeLimits.SubscribersPerAddressMax, int max = NodeLimits.SubscribersMax)
{
    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, int> byAddress = [];
    private int all;

    /// <summary>Takes a place, to be given back by disposing of it.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: the address has no more, or nobody has.</exception>
    public IDisposable Enter(IPAddress from)
    {
        lock (gate)
        {
            int own = byAddress.GetValueOrDefault(from);
            // A proxy on this machine speaks for many.
            if (all >= max || (own >= perAddressMax && !IPAddress.IsLoopback(from)))
                throw new RpcException(
                    new Status(StatusCode.ResourceExhausted, "There are too many streams: end some, or try another node."));
            byAddress[from] = own + 1;
            all++;
        }
        return new Place(this, from);
    }

    private void Leave(IPAddress from)
    {
        lock (gate)
        {
            all--;
            if (--byAddress[from] == 0)
                byAddress.Remove(from);
        }
    }

    private sealed class Place(Subscribers all, IPAddress from) : IDisposable
    {
        public void Dispose() => all.Leave(from);
    }
}
