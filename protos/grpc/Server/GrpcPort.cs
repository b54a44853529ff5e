using System.Net;
using AppChain.Grpc.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AppChain.Grpc;

/// <summary>Ports that strangers may reach.</summary>
public static class GrpcPort
{
    /// <summary>
    /// Listens for gRPC, and with <see cref="GrpcPortOptions.Http1"/> for gRPC-Web on the same port. Connections are counted for each
    /// remote address, and what does not begin like HTTP, or like TLS with a certificate, soon enough is closed before anything is kept of
    /// it.
    /// </summary>
    public static WebApplicationBuilder ListenForGrpc(this WebApplicationBuilder builder, IPEndPoint endpoint, GrpcPortOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(options);
        var quota = new AddressQuota(options, options.Clock);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, CountedCalls>());
        var rate = options.ConnectionRate is { } limit ? new AddressRate(limit, options.Clock) : null;
        if (options.Handshake is { } handshake)
        {
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.UseGrpcLimits().Listen(endpoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.Use(next => connection => CountAsync(connection, next, quota, rate));
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = caller => ValueTask.FromResult(handshake(caller.Connection.RemoteEndPoint)),
                });
                listen.Use(next => connection => AdmitAsync(connection, next));
            }));
            return builder;
        }
        if (options.Certificate is { } certificate)
        {
            // The handshake tells the protocols apart, and has a time limit of its own.
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.UseGrpcLimits().Listen(endpoint, listen =>
            {
                listen.Protocols = options.Http1 ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http2;
                listen.Use(next => connection => CountAsync(connection, next, quota, rate));
                listen.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate, options.CertificateChain));
            }));
            return builder;
        }
        var handover = options.Http1 ? new Http1Handover() : null;
        if (handover is not null) builder.Services.AddSingleton<IConnectionListenerFactory>(handover);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseGrpcLimits();
            kestrel.Listen(endpoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.Use(next => connection => CountAsync(connection, next, quota, rate));
                listen.Use(next => connection => TellAsync(connection, next, handover, options.FirstBytesTimeout));
            });
            if (handover is not null) kestrel.Listen(handover.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        });
        return builder;
    }

    static async Task CountAsync(ConnectionContext connection, ConnectionDelegate next, AddressQuota quota, AddressRate? rate)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        // To return is to close.
        if (rate is not null && !rate.TryTake(address, out _)) return;
        using var closing = new ClosingConnection(connection);
        if (quota.TryEnter(address, closing.Close) is not { } seat) return;
        connection.Features.Set(seat);
        connection.Features.Set(seat.Room);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            quota.Leave(seat);
        }
    }

    static Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        connection.Features.Get<ConnectionSeat>()!.Admit();
        return next(connection);
    }

    static async Task TellAsync(ConnectionContext connection, ConnectionDelegate next, Http1Handover? handover, TimeSpan firstBytesTimeout)
    {
        var first = await FirstBytesReader.PeekAsync(connection.Transport.Input, firstBytesTimeout, connection.ConnectionClosed)
            .ConfigureAwait(false);
        if (first == FirstBytes.Http2) await next(connection).ConfigureAwait(false);
        else if (first == FirstBytes.Http1 && handover is not null)
        {
            connection.Features.Get<ConnectionSeat>()!.IsHandedOver = true;
            await handover.HandAsync(connection).ConfigureAwait(false);
        }
    }
}
