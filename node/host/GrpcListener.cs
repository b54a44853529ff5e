using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using AppChain.Grpc;
using AppChain.Node.Peers;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AppChain.Node;

/// <summary>Who a port is for, and what follows for it.</summary>
public abstract record PortUse
{
    internal abstract GrpcPortOptions Options { get; }

    /// <summary>How long a call whose caller may send any number of messages may rest; null: for ever.</summary>
    internal virtual TimeSpan? QuietTimeout => null;

    /// <summary>What comes before any call.</summary>
    internal virtual void Guard(WebApplication app)
    {
    }

    /// <summary>What the port answers beside its services.</summary>
    internal virtual void Map(WebApplication app)
    {
    }
}

/// <summary>A port for anybody: with gRPC-Web, TLS if there is a certificate, and a rate of calls.</summary>
/// <param name="WebOrigins">Which web pages may call, beside the node's own.</param>
/// <param name="Certificate">Null: without TLS.</param>
public sealed record PublicPort(IReadOnlyList<string> WebOrigins, TlsCertificate? Certificate) : PortUse
{
    /// <summary>Maps what else the port answers, over plain HTTP.</summary>
    public Action<IEndpointRouteBuilder>? MapMore { get; init; }

    internal override GrpcPortOptions Options => new()
    {
        Http1 = true,
        Certificate = Certificate?.Own,
        CertificateChain = Certificate?.Chain,
        ConnectionsPerAddressMax = NodeLimits.ConnectionsPerAddressMax,
        StrangersMax = NodeLimits.StrangersMax,
        Arriving = NodeLimits.PublicArriving,
        Leaving = NodeLimits.PublicLeaving,
        MessageTimeout = NodeLimits.PublicMessageTimeout,
    };

    internal override TimeSpan? QuietTimeout => NodeLimits.CallQuietMax;

    internal override void Guard(WebApplication app)
    {
        app.UseGrpcCallRate(
            new GrpcAddressRate(NodeLimits.CallsPerSecondPerAddress, NodeLimits.CallBurstPerAddress, ExemptLoopback: true), TimeProvider.System);
        app.UseGrpcWebOrigins(WebOrigins);
    }

    internal override void Map(WebApplication app) => MapMore?.Invoke(app);
}

/// <summary>A port for nodes: TLS 1.3 with a node's certificate on both sides, and nothing else.</summary>
/// <param name="Refuse">Hears who was refused, and why.</param>
public sealed record PeerPort(NodeIdentity Node, Action<EndPoint?, string> Refuse) : PortUse
{
    internal override GrpcPortOptions Options => new()
    {
        Handshake = from => Node.ToAnswer(shown => Accept(from, shown)),
        ConnectionRate = new GrpcAddressRate(NodeLimits.PeerConnectionsPerSecondPerAddress, NodeLimits.PeerConnectionBurstPerAddress, ExemptLoopback: true),
        ConnectionsPerAddressMax = NodeLimits.ConnectionsPerAddressMax,
        StrangersMax = NodeLimits.StrangersMax,
    };

    private bool Accept(EndPoint? from, X509Certificate2? shown)
    {
        bool accepted = NodeCertificate.TryVerify(shown, out _, out string? problem);
        if (!accepted)
            Refuse(from, $"it {problem}");
        return accepted;
    }
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
    /// <exception cref="ConfigException">The port is taken, or the address is not this machine's.</exception>
    public static async Task<GrpcListener> StartAsync(
        string setting, IPEndPoint endpoint, int messageBytesMax, ILoggerFactory logs, IEnumerable<ServerServiceDefinition> services,
        PortUse use)
    {
        // The empty builder: no configuration files, environment variables or services that nobody asked for.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(
            static kestrel => kestrel.Limits.MaxConcurrentConnections = NodeLimits.ConnectionsMax + NodeLimits.ConnectionsLeavingMax);
        builder.ListenForGrpc(endpoint, use.Options);
        WebApplication app = builder.Build();
        use.Guard(app);
        GrpcServerOptions options = new()
        {
            MaxReceiveMessageSize = messageBytesMax,
            QuietTimeout = use.QuietTimeout,
            Stopping = app.Lifetime.ApplicationStopping,
        };
        foreach (ServerServiceDefinition service in services)
            app.MapGrpcService(service, options);
        use.Map(app);
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
