using System.Net;
using System.Net.Sockets;
using AppChain.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AppChain.Node;

/// <summary>A port with gRPC services: HTTP/2 without TLS.</summary>
public sealed class GrpcListener : IAsyncDisposable
{
    private readonly WebApplication app;

    private GrpcListener(WebApplication app) => this.app = app;

    /// <summary>Where it listens; the port is the real one when 0 was asked for.</summary>
    public IPEndPoint Endpoint => IPEndPoint.Parse(new Uri(
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority);

    /// <summary>Opens the port.</summary>
    /// <param name="setting">The setting that names the endpoint, for errors.</param>
    /// <param name="mapMore">Maps what else the port answers, over plain HTTP/2.</param>
    /// <exception cref="ConfigException">The port is taken, or the address is not this machine's.</exception>
    public static async Task<GrpcListener> StartAsync(
        string setting, IPEndPoint endpoint, int messageBytesMax, ILoggerFactory logs, IEnumerable<ServerServiceDefinition> services,
        Action<IEndpointRouteBuilder>? mapMore = null)
    {
        // The empty builder: no configuration files, environment variables or services that nobody asked for.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.UseGrpcLimits();
            kestrel.Limits.MaxConcurrentConnections = NodeLimits.ConnectionsMax;
            kestrel.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http2);
        });
        WebApplication app = builder.Build();
        GrpcServerOptions options = new() { MaxReceiveMessageSize = messageBytesMax, Stopping = app.Lifetime.ApplicationStopping };
        foreach (ServerServiceDefinition service in services)
            app.MapGrpcService(service, options);
        mapMore?.Invoke(app);
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
