using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AppChain.Grpc.Tests;

/// <summary>Servers that break the protocol or the connection: the client always ends with a status.</summary>
public class HostileServerTests
{
    static Task<TestServer> Answering(RequestDelegate answer) => TestServer.StartAsync(app => app.Run(answer));

    static Task<TestServer> Answering(byte[] body, string? status, string? encoding = null) => Answering(async http =>
    {
        http.Response.ContentType = "application/grpc";
        if (encoding is not null) http.Response.Headers["grpc-encoding"] = encoding;
        await http.Response.Body.WriteAsync(body);
        if (status is not null) http.Response.AppendTrailer("grpc-status", status);
    });

    static async Task<RpcException> EchoFails(TestServer server) => await server.Client.EchoAsync(new Note()).ResponseAsync.FailsSoon();

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(431, StatusCode.Internal)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    public async Task Answer_WithHttpStatusOnly_IsMapped(int http, StatusCode expected)
    {
        await using var server = await Answering(context =>
        {
            context.Response.StatusCode = http;
            return Task.CompletedTask;
        });
        Assert.Equal(expected, (await EchoFails(server)).StatusCode);
    }

    [Fact]
    public async Task Answer_WithHttpErrorAndGrpcStatus_GrpcStatusCounts()
    {
        await using var server = await Answering(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["grpc-status"] = "5";
            return Task.CompletedTask;
        });
        Assert.Equal(StatusCode.NotFound, (await EchoFails(server)).StatusCode);
    }

    [Fact]
    public async Task Answer_NotGrpc_IsUnknown()
    {
        await using var server = await Answering(context => context.Response.WriteAsync("<html>"));
        Assert.Equal(StatusCode.Unknown, (await EchoFails(server)).StatusCode);
    }

    [Theory]
    [InlineData(new byte[0], "0", StatusCode.Internal)]
    [InlineData(new byte[0], "6", StatusCode.AlreadyExists)]
    [InlineData(new byte[0], "77", StatusCode.Unknown)]
    [InlineData(new byte[0], "-1", StatusCode.Unknown)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0 }, null, StatusCode.Unknown)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0 }, "9", StatusCode.FailedPrecondition)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "0", StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, "0", StatusCode.Internal)]
    [InlineData(new byte[] { 7, 0, 0, 0, 0 }, "0", StatusCode.Internal)]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 255 }, "0", StatusCode.Internal)]
    [InlineData(new byte[] { 0, 127, 0, 0, 0 }, "0", StatusCode.ResourceExhausted)]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, "0", StatusCode.Internal)]
    public async Task Answer_Malformed_EndsWithAStatus(byte[] body, string? status, StatusCode expected)
    {
        await using var server = await Answering(body, status);
        Assert.Equal(expected, (await EchoFails(server)).StatusCode);
    }

    [Fact]
    public async Task Answer_InUnknownEncoding_IsInternal()
    {
        await using var server = await Answering([1, 0, 0, 0, 1, 0], "0", "snappy");
        Assert.Equal(StatusCode.Internal, (await EchoFails(server)).StatusCode);
    }

    [Fact]
    public async Task Answer_InGzip_IsRead()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionLevel.Fastest))
            new Note { Text = "zipped" }.WriteTo(gzip);
        await using var server = await Answering(RawClient.Frame(compressed.ToArray(), flag: 1), "0", "gzip");
        Assert.Equal("zipped", (await server.Client.EchoAsync(new Note()).ResponseAsync.Soon()).Text);
    }

    [Fact]
    public async Task Answer_LongerThanTheLimit_IsResourceExhausted()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { MaxReceiveMessageSize = 100 });
        var call = new Exchange.ExchangeClient(channel).EchoAsync(new Note { Text = new string('x', 101) });
        Assert.Equal(StatusCode.ResourceExhausted, (await call.ResponseAsync.FailsSoon()).StatusCode);
    }

    [Theory]
    [InlineData(2, StatusCode.Internal)]
    [InlineData(7, StatusCode.Unavailable)]
    [InlineData(8, StatusCode.Cancelled)]
    [InlineData(11, StatusCode.ResourceExhausted)]
    [InlineData(12, StatusCode.PermissionDenied)]
    public async Task Stream_Reset_IsMapped(int http2Error, StatusCode expected)
    {
        await using var server = await Answering(async http =>
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(RawClient.Frame(new Number { Value = 1 }));
            await http.Response.Body.FlushAsync();
            http.Features.GetRequiredFeature<IHttpResetFeature>().Reset(http2Error);
        });
        using var call = server.Client.Count(new Number());
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None).Soon()) { }
        });
        Assert.Equal(expected, failure.StatusCode);
    }

    [Fact]
    public async Task Server_NotThere_IsUnavailable()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        var address = server.Address;
        await server.DisposeAsync();
        using var channel = GrpcChannel.ForAddress(address);
        var client = new Exchange.ExchangeClient(channel);
        Assert.Equal(StatusCode.Unavailable, (await client.EchoAsync(new Note()).ResponseAsync.FailsSoon()).StatusCode);
        using var chat = client.Chat();
        Assert.Equal(StatusCode.Unavailable, (await chat.RequestStream.WriteAsync(new Note()).FailsSoon()).StatusCode);
        Assert.Equal(StatusCode.Unavailable, (await chat.ResponseHeadersAsync.FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Connection_Broken_IsUnavailable()
    {
        await using var server = await Answering(async http =>
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(RawClient.Frame(new Number { Value = 1 }));
            await http.Response.Body.FlushAsync();
            http.Features.GetRequiredFeature<Microsoft.AspNetCore.Connections.Features.IConnectionLifetimeFeature>().Abort();
        });
        using var call = server.Client.Count(new Number());
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None).Soon()) { }
        });
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Fact]
    public async Task Address_OfAnotherScheme_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => GrpcChannel.ForAddress("ftp://127.0.0.1"));
        Assert.Throws<ArgumentException>(() => GrpcChannel.ForAddress("localhost:80"));
        using var handler = new Scripted();
        using var channel = GrpcChannel.ForAddress("http://x", new GrpcChannelOptions { HttpHandler = handler });
        var call = new Exchange.ExchangeClient(channel).EchoAsync(new Note());
        Assert.Equal(StatusCode.Unavailable, (await call.ResponseAsync.FailsSoon()).StatusCode);
        Assert.Equal(("HTTP/2.0", "trailers", "identity,gzip", "application/grpc"), handler.Seen);
    }

    sealed class Scripted : HttpMessageHandler
    {
        public (string, string, string, string) Seen { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var headers = request.Headers;
            Seen = ($"HTTP/{request.Version}", headers.TE.ToString(), headers.NonValidated["grpc-accept-encoding"].ToString(),
                request.Content!.Headers.ContentType!.ToString());
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadGateway));
        }
    }
}
