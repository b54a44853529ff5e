using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace AppChain.Grpc.Tests;

public class DeadlineTests
{
    static DateTime In(double seconds) => DateTime.UtcNow.AddSeconds(seconds);

    [Fact]
    public async Task Deadline_HandlerTooSlow_FailsBothSides()
    {
        var began = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = async (_, context) =>
            {
                began.TrySetResult();
                await context.CancellationToken.Fired();
                cancelled.TrySetResult();
                throw new OperationCanceledException(context.CancellationToken);
            },
        });
        // On a busy machine the first call may be over before it has reached the handler: the next one has twice the time.
        for (var patience = TimeSpan.FromSeconds(0.3); !began.Task.IsCompleted; patience *= 2)
        {
            Assert.True(patience < Bounded.Wait, "The handler never began.");
            var clock = Stopwatch.StartNew();
            var failure = await server.Client.EchoAsync(new Note(), deadline: DateTime.UtcNow + patience).ResponseAsync.FailsSoon();
            Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
            Assert.True(clock.Elapsed >= patience * 0.8, $"It failed after {clock.Elapsed} already.");
        }
        await cancelled.Task.Soon();
    }

    [Fact]
    public async Task Deadline_ServerAlone_CancelsHandlerAndSaysSo()
    {
        var cancelled = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = async (note, context) =>
            {
                await context.CancellationToken.Fired();
                cancelled.SetResult();
                return note;
            },
        });
        using var raw = new RawClient(server.Address);
        var answer = await raw.PostAsync("Echo", RawClient.Frame(new Note()), ("grpc-timeout", "200m")).Soon();
        await cancelled.Task.Soon();
        Assert.Equal("4", answer.Status);
    }

    [Fact]
    public async Task Deadline_Passed_SendsNothing()
    {
        var called = false;
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = (note, _) =>
            {
                called = true;
                return Task.FromResult(note);
            },
        });
        var failure = await server.Client.EchoAsync(new Note(), deadline: In(-1)).ResponseAsync.FailsSoon();
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.False(called);
    }

    [Fact]
    public async Task Deadline_OfCaller_IsKnownToHandler()
    {
        var seen = new TaskCompletionSource<DateTime>();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = (note, context) =>
            {
                seen.TrySetResult(context.Deadline);
                return Task.FromResult(note);
            },
        });
        var deadline = In(100);
        await server.Client.EchoAsync(new Note(), deadline: deadline).ResponseAsync.Soon();
        Assert.Equal(deadline, await seen.Task.Soon(), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Deadline_None_IsNever()
    {
        var seen = new TaskCompletionSource<DateTime>();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = (note, context) =>
            {
                seen.TrySetResult(context.Deadline);
                return Task.FromResult(note);
            },
        });
        await server.Client.EchoAsync(new Note(), deadline: DateTime.MaxValue).ResponseAsync.Soon();
        Assert.Equal(DateTime.MaxValue, await seen.Task.Soon());
    }

    [Fact]
    public async Task Deadline_WithinStream_EndsReadsAndWrites()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        await server.Client.EchoAsync(new Note()).ResponseAsync.Soon(); // connected, and compiled
        using var call = server.Client.Chat(deadline: In(5));
        await call.RequestStream.WriteAsync(new Note());
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
        var read = await call.ResponseStream.MoveNext(CancellationToken.None).FailsSoon();
        var write = await call.RequestStream.WriteAsync(new Note()).FailsSoon();
        Assert.Equal((StatusCode.DeadlineExceeded, StatusCode.DeadlineExceeded), (read.StatusCode, write.StatusCode));
    }

    [Fact]
    public async Task Deadline_WhileWriteWaits_FreesTheHandler()
    {
        var ended = new TaskCompletionSource<Exception?>();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnChat = async (_, said, _) => ended.SetResult(await Record.ExceptionAsync(async () =>
            {
                while (true) await said.WriteAsync(new Note { Payload = ByteString.CopyFrom(new byte[100_000]) });
            })),
        });
        using var http = new HttpClient();
        using var request = RawClient.Request(server.Address, "Chat", [], ("grpc-timeout", "500m"));
        // The headers are read, the body is not: the handler's writes come to wait for the caller.
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Soon();
        Assert.IsAssignableFrom<OperationCanceledException>(await ended.Task.Soon());
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Level >= LogLevel.Error);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("m")]
    [InlineData("1x")]
    [InlineData("-1S")]
    [InlineData("123456789S")]
    public async Task Deadline_MalformedTimeout_IsInternal(string timeout)
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var raw = new RawClient(server.Address);
        Assert.Equal("13", (await raw.PostAsync("Echo", RawClient.Frame(new Note()), ("grpc-timeout", timeout)).Soon()).Status);
    }

    [Theory]
    [InlineData("99999999H")]
    [InlineData("20000000u")]
    public async Task Deadline_FarTimeout_IsAnswered(string timeout)
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var raw = new RawClient(server.Address);
        Assert.Equal("0", (await raw.PostAsync("Echo", RawClient.Frame(new Note()), ("grpc-timeout", timeout)).Soon()).Status);
    }
}
