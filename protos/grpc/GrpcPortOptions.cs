namespace AppChain.Grpc;

/// <summary>What a server may set for one port.</summary>
public sealed class GrpcPortOptions
{
    /// <summary>Whether HTTP/1.1 is served, too, on the same port: browsers' gRPC-Web comes over it. Else only HTTP/2 is.</summary>
    public bool Http1 { get; init; }

    /// <summary>Connections of one remote address (of one /64, for IPv6). Further ones are closed at once.</summary>
    public int ConnectionsPerAddressMax { get; init; } = GrpcLimits.ConnectionsPerAddressMax;

    /// <summary>How long a connection may take to say its first bytes: it is closed.</summary>
    public TimeSpan FirstBytesTimeout { get; init; } = GrpcLimits.FirstBytesTimeout;
}
