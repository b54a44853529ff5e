using System.Net;
using System.Net.Sockets;
using Grpc.Core;

namespace AppChain.Node.Rpc;

/// <summary>Streams that have no end of their own, by whose they are: so many for each address, and so many in all. Any thread.</summary>
/// <param name="perAddressMax">For one address, or one /64 of IPv6; a /56 has twice as many, a /48 four times. This machine's count only in all.</param>
/// <param name="max">In all. A part of them strangers never get: this machine's own can always be had.</param>
public sealed class Subscribers(int perAddressMax = NodeLimits.SubscribersPerAddressMax, int max = NodeLimits.SubscribersMax)
{
    // As for connections: who has a /64 may have the networks around it as well.
    private static readonly (int Bytes, int Factor)[] Wider = [(7, 2), (6, 4)];

    private readonly Lock gate = new();
    private readonly Dictionary<Network, int> open = [];
    private int all;

    private readonly record struct Network(IPAddress Address, int Factor);

    /// <summary>Takes a place, to be given back by disposing of it.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: the address has no more, or nobody has.</exception>
    public IDisposable Enter(IPAddress from)
    {
        List<Network> networks = NetworksOf(from);
        bool isOwn = IPAddress.IsLoopback(from); // also a proxy on this machine, which speaks for many
        lock (gate)
        {
            if (all >= (isOwn ? max : max - NodeLimits.OwnStreams) || (!isOwn && networks.Exists(IsFull)))
                throw new RpcException(new Status(StatusCode.ResourceExhausted, "There are too many streams: end some, or try another node."));
            foreach (Network network in networks)
                open[network] = open.GetValueOrDefault(network) + 1;
            all++;
        }
        return new Place(this, networks);
    }

    private bool IsFull(Network network) => open.GetValueOrDefault(network) >= perAddressMax * network.Factor;

    private static List<Network> NetworksOf(IPAddress from)
    {
        List<Network> networks = [new(from, 1)];
        if (from.AddressFamily == AddressFamily.InterNetworkV6)
        {
            foreach ((int bytes, int factor) in Wider)
                networks.Add(new Network(new IPAddress([.. from.GetAddressBytes()[..bytes], .. new byte[16 - bytes]]), factor));
        }
        return networks;
    }

    private void Leave(List<Network> networks)
    {
        lock (gate)
        {
            all--;
            foreach (Network network in networks)
            {
                if (--open[network] == 0)
                    open.Remove(network);
            }
        }
    }

    private sealed class Place(Subscribers all, List<Network> networks) : IDisposable
    {
        public void Dispose() => all.Leave(networks);
    }
}
