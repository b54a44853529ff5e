using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace AppChain.Grpc;

/// <summary>What a server may set for one port.</summary>
public sealed class GrpcPortOptions
{
    /// <summary>Whether HTTP/1.1 is served, too, on the same port: browsers' gRPC-Web comes over it. Else only HTTP/2 is.</summary>
    public bool Http1 { get; init; }

    /// <summary>The server's certificate with its key: the port speaks TLS then, and only TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The certificates between the server's and one that callers trust; null for none.</summary>
    public X509Certificate2Collection? CertificateChain { get; init; }

    /// <summary>
    /// The port speaks only TLS, and each connection's handshake is decided here by its remote end. Takes the place of
    /// <see cref="Certificate"/> where callers show certificates, too.
    /// </summary>
    public Func<EndPoint?, SslServerAuthenticationOptions>? Handshake { get; init; }

    /// <summary>Connections of one remote address (of one /64, for IPv6). Further ones are closed at once.</summary>
    public int ConnectionsPerAddressMax { get; init; } = GrpcLimits.ConnectionsPerAddressMax;

    /// <summary>How often one remote address may open a connection; null for as often as it likes. Above: closed before its handshake, which costs.</summary>
    public GrpcAddressRate? ConnectionRate { get; init; }

    /// <summary>How long a connection without TLS may take to say its first bytes: it is closed. A handshake has 10 s.</summary>
    public TimeSpan FirstBytesTimeout { get; init; } = GrpcLimits.FirstBytesTimeout;
}
