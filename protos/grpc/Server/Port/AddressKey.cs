using System.Net;
using System.Net.Sockets;

namespace AppChain.Grpc.Server;

/// <summary>Whom an address stands for, where addresses are counted.</summary>
static class AddressKey
{
    const int Ipv6NetworkBytes = 8; // who has an IPv6 address usually has its whole /64

    public static IPAddress Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[Ipv6NetworkBytes..].Clear();
        return new IPAddress(bytes);
    }
}
