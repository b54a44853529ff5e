using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Grpc.Tests;

public class CallKindTests
{
    [Fact]
    public async Task Unary_Request_IsAnswered()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var call = server.Client.EchoAsync(new Note { Text = "hällo" });
        Assert.Equal("hällo", (await call.ResponseAsync.Soon()).Text);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Unary_Blocking_IsAnswered()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        var client = server.Client;
        var note = await Task.Run(() => client.Echo(new Note { Text = "a" }), TestContext.Current.CancellationToken).Soon();
        Assert.Equal("a", note.Text);
    }

    [Fact]
    public async Task Unary_EmptyMessages_AreMessages()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        Assert.Equal(new Note(), await server.Client.EchoAsync(new Note()).ResponseAsync.Soon());
    }

    [Fact]
    public async Task ClientStreaming_Requests_AreAnsweredOnce()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var call = server.Client.Sum();
        for (var value = 1; value <= 1000; value++) await call.RequestStream.WriteAsync(new Number { Value = value });
        await call.RequestStream.CompleteAsync();
        Assert.Equal(500_500, (await call.ResponseAsync.Soon()).Value);
    }

    [Fact]
    public async Task ClientStreaming_NoRequest_IsAnswered()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var call = server.Client.Sum();
        await call.RequestStream.CompleteAsync();
        Assert.Equal(0, (await call.ResponseAsync.Soon()).Value);
    }

    [Fact]
    public async Task ClientStreaming_BufferedRequests_AllArrive()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var call = server.Client.Sum();
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        for (var value = 1; value <= 10; value++) await call.RequestStream.WriteAsync(new Number { Value = value });
        await call.RequestStream.CompleteAsync();
        Assert.Equal(55, (await call.ResponseAsync.Soon()).Value);
    }

    [Fact]
    public async Task ServerStreaming_Responses_ArriveInOrder()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var call = server.Client.Count(new Number { Value = 1000 });
        var values = await call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).Select(n => n.Value)
            .ToListAsync(TestContext.Current.CancellationToken).AsTask().Soon();
        Assert.Equal(Enumerable.Range(1, 1000).Select(n => (long)n), values);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None)); // the end stays the end
    }

    [Fact]
    public async Task ServerStreaming_NoResponse_Ends()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var call = server.Client.Count(new Number());
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Duplex_Notes_AreAnsweredOneByOne()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var call = server.Client.Chat();
        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new Note { Text = $"{i}" }).Soon();
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
            Assert.Equal($"{i}", call.ResponseStream.Current.Text);
        }
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
    }

    [Fact]
    public async Task Duplex_ServerSpeaksFirst_IsHeard()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnChat = async (heard, said, _) =>
            {
                await said.WriteAsync(new Note { Text = "first" });
                while (await heard.MoveNext()) { }
            },
        });
        using var call = server.Client.Chat();
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
        Assert.Equal("first", call.ResponseStream.Current.Text);
    }

    [Theory]
    [InlineData(1024 * 1024)]
    [InlineData(3 * 1024 * 1024 + 7)]
    public async Task Duplex_LargeMessages_ArriveWhole(int bytes)
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        var payload = new byte[bytes];
        new Random(7).NextBytes(payload);
        using var call = server.Client.Chat();
        for (var i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync(new Note { Payload = UnsafeByteOperations.UnsafeWrap(payload) }).Soon();
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
            Assert.True(call.ResponseStream.Current.Payload.Span.SequenceEqual(payload));
        }
    }

    [Fact]
    public async Task Unary_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = async (note, _) =>
            {
                await Task.Yield();
                return note;
            },
        });
        var client = server.Client;
        var calls = Enumerable.Range(0, 1000).Select(i => client.EchoAsync(new Note { Text = $"{i}" }).ResponseAsync);
        var notes = await Task.WhenAll(calls).Soon();
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), notes.Select(note => note.Text));
    }

    [Fact]
    public async Task Writers_TwoWritesAtOnce_AreRefused()
    {
        var second = new TaskCompletionSource<Exception?>();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnChat = async (_, said, context) =>
            {
                var large = new Note { Payload = ByteString.CopyFrom(new byte[3 * 1024 * 1024]) };
                var first = said.WriteAsync(large); // the caller does not read: this cannot end yet
                second.SetResult(await Record.ExceptionAsync(() => said.WriteAsync(large)));
                await first;
            },
        });
        using var call = server.Client.Chat();
        Assert.IsType<InvalidOperationException>(await second.Task.Soon());
    }
}
