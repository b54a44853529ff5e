using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AppChain.Grpc.Tests;

/// <summary>Requests made by hand that break the protocol: each ends its own call with a status, and the server goes on.</summary>
public class HostileRequestTests
{
    static readonly byte[] Proper = RawClient.Frame(new Note { Text = "proper" });

    static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal)) gzip.Write(bytes);
        return compressed.ToArray();
    }

    public static TheoryData<string, byte[], string> MalformedBodies => new()
    {
        { "nothing", [], "13" },
        { "half a header", [0, 0, 0], "13" },
        { "less than announced", [0, 0, 0, 0, 10, 1, 2], "13" },
        { "a flag of 2", [2, 0, 0, 0, 0], "13" },
        { "a negative length", [0, 255, 255, 255, 255], "8" },
        { "too long", [0, 0, 64, 0, 1], "8" },
        { "no message", RawClient.Frame([255, 255, 255]), "13" },
        { "two messages", [.. Proper, .. Proper], "13" },
        { "compressed without encoding", RawClient.Frame([1], flag: 1), "13" },
        { "a rest after the message", [.. Proper, 0], "13" },
    };

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public async Task Body_Malformed_FailsTheCallOnly(string what, byte[] body, string expectedStatus)
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var raw = new RawClient(server.Address);
        Assert.Equal((what, expectedStatus), (what, (await raw.PostAsync("Echo", body).Soon()).Status));
        Assert.Equal("0", (await raw.PostAsync("Echo", Proper).Soon()).Status);
    }

    [Fact]
    public async Task Stream_Malformed_HandlerSeesTheBreach()
    {
        var seen = new TaskCompletionSource<Exception?>();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnSum = async (numbers, _) =>
            {
                Assert.True(await numbers.MoveNext());
                var breach = await Record.ExceptionAsync(() => numbers.MoveNext());
                seen.SetResult(breach);
                throw breach!;
            },
        });
        using var raw = new RawClient(server.Address);
        var answer = await raw.PostAsync("Sum", [.. RawClient.Frame(new Number { Value = 1 }), 9, 9, 9, 9, 9]).Soon();
        Assert.Equal("13", answer.Status);
        Assert.Equal(StatusCode.Internal, Assert.IsType<RpcException>(await seen.Task.Soon()).StatusCode);
    }

    [Fact]
    public async Task Message_AtTheLimit_IsTaken_AndAboveItNot()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers(), new GrpcServerOptions { MaxReceiveMessageSize = 100 });
        var note = new Note { Text = new string('x', 98) };
        Assert.Equal(100, note.CalculateSize());
        Assert.Equal(note, await server.Client.EchoAsync(note).ResponseAsync.Soon());
        note.Text += "x";
        Assert.Equal(StatusCode.ResourceExhausted, (await server.Client.EchoAsync(note).ResponseAsync.FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Gzip_Message_IsRead()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var raw = new RawClient(server.Address);
        var frame = RawClient.Frame(Gzip(new Note { Text = "small" }.ToByteArray()), flag: 1);
        var answer = await raw.PostAsync("Echo", frame, ("grpc-encoding", "gzip")).Soon();
        Assert.Equal("small", Note.Parser.ParseFrom(answer.Body.AsSpan(5)).Text);
    }

    [Fact]
    public async Task Gzip_Bomb_IsStoppedAtTheLimit()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var raw = new RawClient(server.Address);
        var bomb = Gzip(new byte[64 * 1024 * 1024]);
        Assert.True(bomb.Length < 100_000);
        Assert.Equal("8", (await raw.PostAsync("Echo", RawClient.Frame(bomb, flag: 1), ("grpc-encoding", "gzip")).Soon()).Status);
    }

    [Fact]
    public async Task Gzip_Damaged_IsInternal()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var raw = new RawClient(server.Address);
        Assert.Equal("13", (await raw.PostAsync("Echo", RawClient.Frame([1, 2, 3], flag: 1), ("grpc-encoding", "gzip")).Soon()).Status);
    }

    [Fact]
    public async Task Encoding_Unknown_IsUnimplementedAndNamesTheKnownOnes()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var raw = new RawClient(server.Address);
        var answer = await raw.PostAsync("Echo", RawClient.Frame([1], flag: 1), ("grpc-encoding", "snappy")).Soon();
        Assert.Equal(("12", "identity,gzip"), (answer.Status, answer.Find("grpc-accept-encoding")));
    }

    [Fact]
    public async Task ContentType_NotGrpc_Is415()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var raw = new RawClient(server.Address);
        const string echo = "/appchain.grpc.tests.Exchange/Echo";
        foreach (var type in (string[])["application/json", "application/grpc-webx", "application/grpcs", "text/plain"])
        {
            var answer = await raw.SendAsync(echo, Proper, HttpVersion.Version20, type).Soon();
            Assert.Equal((HttpStatusCode.UnsupportedMediaType, null), (answer.Response.StatusCode, answer.Status));
        }
        var proto = await raw.SendAsync(echo, Proper, HttpVersion.Version20, "application/grpc+proto").Soon();
        Assert.Equal("0", proto.Status);
    }

    [Fact]
    public async Task Http1_Request_Is426()
    {
        await using var server = await TestServer.StartAsync(
            app => app.MapGrpcService(Exchange.BindService(new ExchangeHandlers())), HttpProtocols.Http1);
        using var raw = new RawClient(server.Address);
        var answer = await raw.SendAsync("/appchain.grpc.tests.Exchange/Echo", Proper, HttpVersion.Version11, "application/grpc").Soon();
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.Response.StatusCode);
    }

    [Fact]
    public async Task Frames_CutAnywhere_AreReadWhole()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var http = new HttpClient();
        byte[] body = [.. RawClient.Frame(new Number { Value = 40 }), .. RawClient.Frame(new Number { Value = 2 })];
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/appchain.grpc.tests.Exchange/Sum"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new OneByteAtATime(body),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken).Soon();
        var answer = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken).Soon();
        Assert.Equal(42, Number.Parser.ParseFrom(answer.AsSpan(5)).Value);
    }

    sealed class OneByteAtATime(byte[] bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var octet in bytes)
            {
                await stream.WriteAsync(new[] { octet });
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length) => (length = bytes.Length) >= 0;
    }
}
