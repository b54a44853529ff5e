using Grpc.Core;

namespace AppChain.Grpc.Tests;

public class MetadataTests
{
    [Fact]
    public async Task Metadata_AllDirections_ArrivesAsSent()
    {
        byte[] bytes = [0, 1, 127, 128, 255];
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = async (note, context) =>
            {
                var headers = new Metadata();
                foreach (var entry in context.RequestHeaders.GetAll("x-text")) headers.Add(entry);
                await context.WriteResponseHeadersAsync(headers);
                context.ResponseTrailers.Add("x-data-bin", context.RequestHeaders.GetValueBytes("x-data-bin")!);
                context.ResponseTrailers.Add("x-data-bin", []);
                return note;
            },
        });
        var sent = new Metadata { { "X-Text", "one" }, { "x-text", "two, three" }, { "x-data-bin", bytes } };
        using var call = server.Client.EchoAsync(new Note(), sent);
        var headers = await call.ResponseHeadersAsync.Soon();
        await call.ResponseAsync.Soon();
        // Values of one name may be joined on their way, which means the same (gRPC over HTTP/2, Custom-Metadata).
        Assert.Equal("one, two, three", string.Join(", ", headers.GetAll("x-text").Select(entry => entry.Value)));
        Assert.Equal([bytes, []], call.GetTrailers().GetAll("x-data-bin").Select(entry => entry.ValueBytes));
    }

    [Fact]
    public async Task ResponseHeaders_WrittenEarly_ArriveBeforeMessages()
    {
        var go = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnCount = async (_, numbers, context) =>
            {
                await context.WriteResponseHeadersAsync(new Metadata { { "x-first", "yes" } });
                await go.Task.Soon();
                await numbers.WriteAsync(new Number { Value = 1 });
            },
        });
        using var call = server.Client.Count(new Number());
        Assert.Equal("yes", (await call.ResponseHeadersAsync.Soon()).GetValue("x-first"));
        go.SetResult();
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
    }

    [Fact]
    public async Task ResponseHeaders_WrittenTwice_IsRefused()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = async (note, context) =>
            {
                await context.WriteResponseHeadersAsync([]);
                var second = await Record.ExceptionAsync(() => context.WriteResponseHeadersAsync([]));
                return new Note { Text = second?.GetType().Name ?? "" };
            },
        });
        Assert.Equal(nameof(InvalidOperationException), (await server.Client.EchoAsync(new Note()).ResponseAsync.Soon()).Text);
    }

    [Fact]
    public async Task Context_KnowsMethodHostAndPeer()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = (_, context) => Task.FromResult(new Note { Text = $"{context.Method} {context.Host} {context.Peer}" }),
        });
        var text = (await server.Client.EchoAsync(new Note()).ResponseAsync.Soon()).Text;
        Assert.Matches($@"^/appchain\.grpc\.tests\.Exchange/Echo 127\.0\.0\.1:{server.Address.Port} ipv4:127\.0\.0\.1:\d+$", text);
    }

    [Fact]
    public async Task Context_GivesHttpContext()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = (_, context) => Task.FromResult(new Note { Text = context.GetHttpContext().Request.Protocol }),
        });
        Assert.Equal("HTTP/2", (await server.Client.EchoAsync(new Note()).ResponseAsync.Soon()).Text);
    }

    [Fact]
    public async Task Metadata_WithNamesOfTheProtocol_IsNotSent()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = (note, context) =>
            {
                context.ResponseTrailers.Add("grpc-status", "7");
                return Task.FromResult(new Note { Text = context.RequestHeaders.GetValue("grpc-timeout") ?? "none" });
            },
        });
        var note = await server.Client.EchoAsync(new Note(), new Metadata { { "grpc-timeout", "1n" } }).ResponseAsync.Soon();
        Assert.Equal("none", note.Text);
    }

    [Theory]
    [InlineData("AAE,Ag==", "0001 02")] // joined, with and without padding
    [InlineData("!!!", "")]             // not base64
    [InlineData("A", "")]               // no length that base64 has
    public async Task BinaryHeader_InEveryForm_IsReadOrDropped(string value, string expected)
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = (_, context) => Task.FromResult(new Note
            {
                Text = string.Join(' ', context.RequestHeaders.GetAll("x-bin").Select(entry => Convert.ToHexString(entry.ValueBytes))),
            }),
        });
        using var raw = new RawClient(server.Address);
        var answer = await raw.PostAsync("Echo", RawClient.Frame(new Note()), ("x-bin", value)).Soon();
        Assert.Equal(expected, Note.Parser.ParseFrom(answer.Body.AsSpan(5)).Text);
    }

    [Fact]
    public void Entry_OutsideTheRules_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new Metadata { { "a b", "x" } });
        Assert.Throws<ArgumentException>(() => new Metadata { { "", "x" } });
        Assert.Throws<ArgumentException>(() => new Metadata { { "a-bin", "x" } });
        Assert.Throws<ArgumentException>(() => new Metadata { { "a", [1] } });
        Assert.Throws<ArgumentException>(() => new Metadata { { "a", "ä" } });
        Assert.Throws<ArgumentException>(() => new Metadata { { "a", "x\r\ny: z" } });
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "x"));
    }
}
