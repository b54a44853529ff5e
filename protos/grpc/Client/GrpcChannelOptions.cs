using System.Net.Security;

namespace AppChain.Grpc;

/// <summary>What a client may set for one channel.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>
    /// The longest response message, in bytes. A longer one fails its call with RESOURCE_EXHAUSTED before it is buffered.
    /// </summary>
    public int MaxReceiveMessageSize { get; init; } = GrpcLimits.ReceiveMessageBytesMax;

    /// <summary>How long a connection may take to open: UNAVAILABLE.</summary>
    public TimeSpan ConnectTimeout { get; init; } = GrpcLimits.ConnectTimeout;

    /// <summary>For https: the client's certificate and how it checks the server's. Null is the system's default.</summary>
    public SslClientAuthenticationOptions? SslOptions { get; init; }

    /// <summary>Sends the requests instead of a handler made from these options. The channel disposes it.</summary>
    public HttpMessageHandler? HttpHandler { get; init; }
}
