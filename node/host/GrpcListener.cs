using System.Net;
using System.Net.Sockets;
using AppChain.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AppChain.Node;

/// <summary>What a port that strangers reach has beyond one for other validators: gRPC-Web, TLS if there is a certificate, a rate of calls.</summary>
/// <param name="WebOrigins">Which web pages may call, beside the node's own.</param>
/// <param name="Certificate">Null: without TLS.</param>
public sealed record PublicPort(IReadOnlyList<string> WebOrigins, TlsCertificate? Certificate)
{
    /// <summary>Maps what else the port answers, over plain HTTP.</summary>
    public Action<IEndpointRouteBuilder>? MapMore { get; init; }
}

/// <summary>A port with gRPC services.</summary>
public sealed class GrpcListener : IAsyncDisposable
{
    private readonly WebApplication app;

    private GrpcListener(WebApplication app) => this.app = app;

    /// <summary>Where it listens; the port is the real one when 0 was asked for.</summary>
    public IPEndPoint Endpoint => IPEndPoint.Parse(new Uri(
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority);

    /// <summary>Opens the port.</summary>
    /// <param name="setting">The setting that names the endpoint, for errors.</param>
    /// <param name="strangers">Null for a port of HTTP/2 without TLS, for other validators.</param>
    /// <exception cref="ConfigException">The port is taken, or the address is not this machine's.</exception>
    public static async Task<GrpcListener> StartAsync(
        string setting, IPEndPoint endpoint, int messageBytesMax, ILoggerFactory logs, IEnumerable<ServerServiceDefinition> services,
        PublicPort? strangers = null)
    {
        // The empty builder: no configuration files, environment variables or services that nobody asked for.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Limits.MaxConcurrentConnections = NodeLimits.ConnectionsMax);
        builder.ListenForGrpc(endpoint, new GrpcPortOptions
        {
            Http1 = strangers is not null,
            Certificate = strangers?.Certificate?.Own,
            CertificateChain = strangers?.Certificate?.Chain,
            ConnectionsPerAddressMax = NodeLimits.ConnectionsPerAddressMax,
            StrangersMax = NodeLimits.StrangersMax,
            Arriving = strangers is null ? GrpcLimits.Arriving : NodeLimits.PublicArriving,
            Leaving = strangers is null ? GrpcLimits.Leaving : NodeLimits.PublicLeaving,
            MessageTimeout = strangers is null ? GrpcLimits.MessageTimeout : NodeLimits.PublicMessageTimeout,
        });
        WebApplication app = builder.Build();
        if (strangers is not null)
        {
            app.UseGrpcCallRate(
                new GrpcCallRate(NodeLimits.CallsPerSecondPerAddress, NodeLimits.CallBurstPerAddress, ExemptLoopback: true), TimeProvider.System);
            app.UseGrpcWebOrigins(strangers.WebOrigins);
        }
        GrpcServerOptions options = new() { MaxReceiveMessageSize = messageBytesMax, Stopping = app.Lifetime.ApplicationStopping };
        foreach (ServerServiceDefinition service in services)
            app.MapGrpcService(service, options);
        strangers?.MapMore?.Invoke(app);
        app.MapUnknownGrpcServices();
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new ConfigException($"{setting} is {endpoint}, which cannot be listened on: {e.Message}. Stop what uses it or choose another.");
        }
        return new GrpcListener(app);
    }

    /// <summary>Closes the port; calls under way are ended.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource atOnce = new(TimeSpan.FromSeconds(1));
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }
}
