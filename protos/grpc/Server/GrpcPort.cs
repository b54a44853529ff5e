using System.Net;
using AppChain.Grpc.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AppChain.Grpc;

/// <summary>Ports without TLS that strangers may reach.</summary>
public static class GrpcPort
{
    /// <summary>
    /// Listens for gRPC, and with <see cref="GrpcPortOptions.Http1"/> for gRPC-Web on the same port. Connections are counted for each
    /// remote address, and what does not begin like HTTP soon enough is closed before anything is kept of it.
    /// </summary>
    public static WebApplicationBuilder ListenForGrpc(this WebApplicationBuilder builder, IPEndPoint endpoint, GrpcPortOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(options);
        var quota = new AddressQuota(options.ConnectionsPerAddressMax);
        var handover = options.Http1 ? new Http1Handover() : null;
        if (handover is not null) builder.Services.AddSingleton<IConnectionListenerFactory>(handover);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseGrpcLimits();
            kestrel.Listen(endpoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.Use(next => connection => GuardAsync(connection, next, quota, handover, options.FirstBytesTimeout));
            });
            if (handover is not null) kestrel.Listen(handover.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        });
        return builder;
    }

    static async Task GuardAsync(
        ConnectionContext connection, ConnectionDelegate next, AddressQuota quota, Http1Handover? handover, TimeSpan firstBytesTimeout)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!quota.TryEnter(address)) return; // to return is to close
        try
        {
            var first = await FirstBytesReader.PeekAsync(connection.Transport.Input, firstBytesTimeout, connection.ConnectionClosed)
                .ConfigureAwait(false);
            if (first == FirstBytes.Http2) await next(connection).ConfigureAwait(false);
            else if (first == FirstBytes.Http1 && handover is not null) await handover.HandAsync(connection).ConfigureAwait(false);
        }
        finally
        {
            quota.Leave(address);
        }
    }
}
