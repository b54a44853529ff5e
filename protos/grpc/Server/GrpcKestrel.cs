using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AppChain.Grpc;

/// <summary>Kestrel as gRPC wants it.</summary>
public static class GrpcKestrel
{
    /// <summary>Sets the server-wide limits that long-lived streams need; see <see cref="GrpcLimits"/>.</summary>
    public static KestrelServerOptions UseGrpcLimits(this KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        var http2 = kestrel.Limits.Http2;
        http2.MaxStreamsPerConnection = GrpcLimits.CallsPerConnectionMax;
        http2.InitialStreamWindowSize = GrpcLimits.CallWindowBytes;
        http2.InitialConnectionWindowSize = GrpcLimits.ConnectionWindowBytes;
        http2.KeepAlivePingDelay = GrpcLimits.KeepAlivePingDelay;
        http2.KeepAlivePingTimeout = GrpcLimits.KeepAlivePingTimeout;
        kestrel.Limits.KeepAliveTimeout = GrpcLimits.IdleConnectionTimeout;
        kestrel.Limits.RequestHeadersTimeout = GrpcLimits.RequestHeadersTimeout;
        // A subscriber that reads slowly is held back by flow control; it is not a reason to close its connection.
        // Dead peers are found by the pings, and calls that nobody reads by BoundedResponse.
        kestrel.Limits.MinResponseDataRate = null;
        return kestrel;
    }
}
