using System.Net;
using System.Net.Sockets;

namespace AppChain.Grpc.Server;

/// <summary>Whom an address stands for, where addresses are counted.</summary>
/// <param name="Network">The address, or the first one of its network.</param>
/// <param name="Bits">How many bits of it count.</param>
readonly record struct AddressKey(IPAddress Network, int Bits)
{
    const int Ipv4Bits = 32;
    // Who has an IPv6 address usually has its whole /64; many have a /56, some a /48 (RFC 6177).
    static readonly int[] Ipv6Bits = [64, 56, 48];

    public static IPAddress Of(IPAddress address) => NetworksOf(address)[0].Network;

    /// <summary>The networks that an address counts for, the narrowest first.</summary>
    public static AddressKey[] NetworksOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Array.ConvertAll(Ipv6Bits, bits => Cut(address, bits))
            : [new AddressKey(address, Ipv4Bits)];
    }

    /// <summary>
    /// Whether an address is the one that callers on this machine have. The others of 127.0.0.0/8 count as strangers', so that a test can have some.
    /// </summary>
    public static bool IsThisMachine(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback);
    }

    static AddressKey Cut(IPAddress address, int bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[(bits / 8)..].Clear();
        return new AddressKey(new IPAddress(bytes), bits);
    }
}
