using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AppChain.Grpc.Tests;

/// <summary>A real Kestrel on a free port of the loopback interface, with the test service.</summary>
sealed class TestServer : IAsyncDisposable
{
    TestServer(WebApplication app, RecordingLog log)
    {
        App = app;
        Log = log;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Channel = GrpcChannel.ForAddress(Address);
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    /// <summary>A channel to this server, with the default options.</summary>
    public GrpcChannel Channel { get; }

    public RecordingLog Log { get; }

    public Exchange.ExchangeClient Client => new(Channel);

    public static Task<TestServer> StartAsync(ExchangeHandlers handlers, GrpcServerOptions? options = null) => StartAsync(app =>
    {
        app.MapGrpcService(Exchange.BindService(handlers), options);
        app.MapUnknownGrpcServices();
    });

    public static Task<TestServer> StartAsync(Action<WebApplication> map, HttpProtocols protocols = HttpProtocols.Http2) =>
        StartAsync(map, listen => listen.Protocols = protocols);

    public static Task<TestServer> StartAsync(Action<WebApplication> map, Action<ListenOptions> configure) =>
        StartAsync(map, builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.UseGrpcLimits().Listen(IPAddress.Loopback, 0, configure)));

    /// <summary>A port as strangers reach it: guarded, and with gRPC-Web if the options say so.</summary>
    public static Task<TestServer> StartAsync(ExchangeHandlers handlers, GrpcPortOptions port, params string[] origins) => StartAsync(
        app =>
        {
            app.UseGrpcWebOrigins(origins);
            app.MapGrpcService(Exchange.BindService(handlers));
            app.MapUnknownGrpcServices();
        },
        builder => builder.ListenForGrpc(new IPEndPoint(IPAddress.Loopback, 0), port));

    /// <summary>A guarded port with whatever is mapped.</summary>
    public static Task<TestServer> StartAsync(Action<WebApplication> map, GrpcPortOptions port) =>
        StartAsync(map, builder => builder.ListenForGrpc(new IPEndPoint(IPAddress.Loopback, 0), port));

    static async Task<TestServer> StartAsync(Action<WebApplication> map, Action<WebApplicationBuilder> listen)
    {
        var log = new RecordingLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        listen(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestServer(app, log);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
    }
}

/// <summary>Keeps what the runtime logs.</summary>
sealed class RecordingLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Text, Exception? Cause)> Entries { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((logLevel, formatter(state, exception), exception));

    public void Dispose() { }
}
