using System.Net;
using System.Net.Sockets;

namespace AppChain.Grpc.Server;

/// <summary>How many connections each remote address has, and may have.</summary>
sealed class AddressQuota(int connectionsMax)
{
    const int Ipv6NetworkBytes = 8; // who has an IPv6 address usually has its whole /64

    readonly Dictionary<IPAddress, int> open = [];
    readonly Lock gate = new();

    /// <summary>Takes one connection of an address's quota, to be given back with <see cref="Leave"/>. False if it has no more.</summary>
    public bool TryEnter(IPAddress address)
    {
        var key = KeyOf(address);
        lock (gate)
        {
            var count = open.GetValueOrDefault(key);
            if (count >= connectionsMax) return false;
            open[key] = count + 1;
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        var key = KeyOf(address);
        lock (gate)
        {
            // Addresses without a connection are forgotten: the table is no larger than the number of connections.
            if (open[key] == 1) open.Remove(key);
            else open[key]--;
        }
    }

    static IPAddress KeyOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[Ipv6NetworkBytes..].Clear();
        return new IPAddress(bytes);
    }
}
