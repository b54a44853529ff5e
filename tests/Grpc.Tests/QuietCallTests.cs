using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AppChain.Grpc.Tests;

/// <summary>Calls and connections on which nothing moves: they cost their callers nothing, and must not cost others their places.</summary>
public class QuietCallTests
{
    const long Cancel = 8, RefusedStream = 7;
    static readonly IPAddress Attacker = IPAddress.Parse("127.0.0.2"), Other = IPAddress.Parse("127.0.0.3");
    static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(400);

    static Task<TestServer> StartAsync(TimeSpan quiet) =>
        TestServer.StartAsync(new ExchangeHandlers(), new GrpcServerOptions { QuietTimeout = quiet });

    [Fact]
    public async Task Conversation_WithoutAnyMessage_Ends()
    {
        await using var server = await StartAsync(Brief);
        using var chat = server.Client.Chat();
        var failure = await chat.ResponseStream.MoveNext(CancellationToken.None).FailsSoon();
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains("No message", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_ThatStopComing_End()
    {
        await using var server = await StartAsync(Brief);
        using var sum = server.Client.Sum();
        await sum.RequestStream.WriteAsync(new Number { Value = 1 }).Soon();
        Assert.Equal(StatusCode.Unavailable, (await sum.ResponseAsync.FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Conversation_ThatGoesOn_IsLetBe()
    {
        await using var server = await StartAsync(TimeSpan.FromSeconds(2));
        using var chat = server.Client.Chat();
        using var pauses = new PeriodicTimer(Brief);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(5);)
        {
            await pauses.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            await chat.RequestStream.WriteAsync(new Note { Text = "still here" }).Soon();
            Assert.True(await chat.ResponseStream.MoveNext(CancellationToken.None).Soon());
        }
        await chat.RequestStream.CompleteAsync().Soon();
        Assert.False(await chat.ResponseStream.MoveNext(CancellationToken.None).Soon());
    }

    [Theory]
    [InlineData("Echo", false)]
    [InlineData("Count", false)]
    [InlineData("Echo", true)]
    public async Task SingleRequest_ThatDoesNotComeOrEnd_IsGivenUp(string method, bool hasMessage)
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers(), new GrpcPortOptions { MessageTimeout = Brief });
        using var attacker = await RawConnection.OpenAsync(server, Attacker, []);
        await attacker.BeginAsync(1, method);
        if (hasMessage) await attacker.BodyAsync(1, RawClient.Frame(new Note()), last: false);
        await attacker.EndedAsync(1);
    }

    [Fact]
    public async Task Page_ThatNobodyReads_IsGivenUp()
    {
        await using var server = await TestServer.StartAsync(
            static app => app.MapPost(
                "/appchain.grpc.tests.Exchange/Page", static http => http.Response.WriteAsync(new string('-', 100_000))),
            new GrpcPortOptions { AnswerTimeout = Brief });
        using var attacker = await RawConnection.OpenAsync(server, Attacker, RawConnection.NoWindow);
        foreach (var stream in (int[])[1, 3, 5])
        {
            await attacker.BeginAsync(stream, "Page", ("content-type", "text/plain"));
            await attacker.BodyAsync(stream, default, last: true);
        }
        await attacker.EndedAsync(3);
        Assert.All(attacker.Ended.Values, static code => Assert.Equal(Cancel, code));
        Assert.DoesNotContain(server.Log.Entries, static entry => entry.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Refusals_ThatNobodyReads_EndTheConnection()
    {
        await using var server = await TestServer.StartAsync(
            new ExchangeHandlers(), new GrpcPortOptions { Http1 = true, AnswerTimeout = Brief });
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Address.Port), TestContext.Current.CancellationToken);
        const string request = "POST /x.Y/Z HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/grpc\r\nContent-Length: 0\r\n\r\n";
        var many = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(request, 1000)));
        // Until all buffers on the way are full of answers, and for a while longer.
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true) await socket.SendAsync(many, TestContext.Current.CancellationToken).AsTask().Soon();
        });
    }

    [Fact]
    public async Task Connection_WhoseCallMovesNothing_MakesRoomAndIsCutOffIfItGoesOn()
    {
        var clock = new HandClock();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await TestServer.StartAsync(
            new ExchangeHandlers
            {
                OnChat = async (heard, _, _) =>
                {
                    begun.SetResult();
                    await heard.MoveNext(CancellationToken.None);
                },
            },
            new GrpcPortOptions { StrangersMax = 1, Clock = clock });
        using var attacker = await RawConnection.OpenAsync(server, Attacker, []);
        await attacker.BeginAsync(1, "Chat");
        await begun.Task.Soon();
        clock.Advance(GrpcLimits.QuietKeep);

        using var other = await RawConnection.OpenAsync(server, Other, []);
        await other.BeginAsync(1, "Echo");
        await other.BodyAsync(1, RawClient.Frame(new Note()), last: true);
        await other.EndedAsync(1);
        Assert.Equal(-1, other.Ended[1]);

        // It has no place any more: what it begins now is counted nowhere.
        await attacker.BeginAsync(3, "Echo");
        await attacker.EndedAsync(1);
        Assert.Equal(RefusedStream, attacker.Ended[3]);
        await attacker.Closed.Soon();
    }
}
