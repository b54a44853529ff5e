using System.Net;
using AppChain.Grpc.Wire;

namespace AppChain.Grpc.Server;

/// <summary>How many connections each remote address has, and may have, and the room for their bytes.</summary>
sealed class AddressQuota(GrpcPortOptions options)
{
    // What a whole site may have, as a multiple of one address: the next wider network twice as much, each time.
    const int WiderFactor = 2;

    readonly Dictionary<AddressKey, Network> open = [];
    readonly ByteBudget arriving = new(options.Arriving.PerPort);
    readonly ByteBudget leaving = new(options.Leaving.PerPort);
    readonly Lock gate = new();
    int strangers;

    sealed class Network(ByteBudget arriving, ByteBudget leaving)
    {
        public int Connections { get; set; }

        public ByteBudget Arriving => arriving;

        public ByteBudget Leaving => leaving;
    }

    /// <summary>Takes one connection of an address's quota, to be given back with <see cref="Leave"/>. Null if it has no more.</summary>
    public CallerRoom? TryEnter(IPAddress address)
    {
        var keys = AddressKey.NetworksOf(address);
        lock (gate)
        {
            if (!IPAddress.IsLoopback(address) && strangers >= options.StrangersMax) return null;
            for (var (i, max) = (0, options.ConnectionsPerAddressMax); i < keys.Length; i++, max *= WiderFactor)
            {
                if (open.TryGetValue(keys[i], out var found) && found.Connections >= max) return null;
            }
            if (!IPAddress.IsLoopback(address)) strangers++;
            var (allArriving, allLeaving) = (arriving, leaving);
            for (var i = keys.Length - 1; i >= 0; i--) // the widest first: the narrower ones take out of it
            {
                if (!open.TryGetValue(keys[i], out var network))
                {
                    network = new Network(new(options.Arriving.PerAddress, allArriving), new(options.Leaving.PerAddress, allLeaving));
                    open.Add(keys[i], network);
                }
                network.Connections++;
                (allArriving, allLeaving) = (network.Arriving, network.Leaving);
            }
            return new CallerRoom(
                new(options.Arriving.PerConnection, allArriving), new(options.Leaving.PerConnection, allLeaving),
                options.MessageTimeout, options.StallTimeout);
        }
    }

    public void Leave(IPAddress address)
    {
        lock (gate)
        {
            if (!IPAddress.IsLoopback(address)) strangers--;
            // Networks without a connection are forgotten: the table is no larger than the number of connections allows.
            foreach (var key in AddressKey.NetworksOf(address))
            {
                if (--open[key].Connections == 0) open.Remove(key);
            }
        }
    }
}
