using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace AppChain.Grpc.Server;

/// <summary>A caller's address as gRPC writes it.</summary>
static class PeerAddress
{
    public static string Of(ConnectionInfo connection)
    {
        if (connection.RemoteIpAddress is not { } address) return "unknown";
        // A socket that listens on both families sees IPv4 callers in IPv6 form.
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? $"ipv4:{address}:{connection.RemotePort}"
            : $"ipv6:[{address}]:{connection.RemotePort}";
    }
}
