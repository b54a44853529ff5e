using System.Diagnostics;
using Grpc.Core;

namespace AppChain.Grpc.Tests;

public class ServerStopTests
{
    [Fact]
    public async Task Stop_WithEndlessStream_EndsItAsUnavailable()
    {
        await using var server = await TestServer.StartAsync(app => app.MapGrpcService(
            Exchange.BindService(new ExchangeHandlers()), new GrpcServerOptions { Stopping = app.Lifetime.ApplicationStopping }));
        using var call = server.Client.Chat();
        await call.RequestStream.WriteAsync(new Note());
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
        var read = call.ResponseStream.MoveNext(CancellationToken.None);

        var clock = Stopwatch.StartNew();
        await server.App.StopAsync(CancellationToken.None).Soon();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"The stop took {clock.Elapsed}.");
        Assert.Equal(StatusCode.Unavailable, (await read.FailsSoon()).StatusCode);
    }
}
