using System.IO.Compression;
using AppChain.Grpc.Server;
using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Grpc.Tests;

/// <summary>Gzip in both directions: announced in the headers, decided message by message.</summary>
public class CompressionTests
{
    static readonly Note Long = new() { Text = new string('z', 10_000) };
    static readonly GrpcServerOptions Gzip = new() { ResponseCompressionAlgorithm = "gzip" };
    static readonly Metadata AsGzip = new() { { "grpc-internal-encoding-request", "gzip" } };
    static readonly WriteOptions AsItIs = new(WriteFlags.NoCompress);

    static readonly (string, string)[] ReadsGzip = [("grpc-accept-encoding", "identity, gzip")];

    static string EncodingOf(ServerCallContext context) => context.GetHttpContext().Request.Headers["grpc-encoding"].ToString();

    static bool CameCompressed(ServerCallContext context) => ((ServerCall)context).RequestCompressed;

    static Note Inflate(byte[] frame)
    {
        using var gzip = new GZipStream(new MemoryStream(frame, 5, frame.Length - 5), CompressionMode.Decompress);
        return Note.Parser.ParseFrom(gzip);
    }

    [Fact]
    public async Task Response_ServerCompresses_CallerReadsIt()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers(), Gzip);
        using var raw = new RawClient(server.Address);
        var answer = await raw.PostAsync("Echo", RawClient.Frame(Long), ReadsGzip).Soon();
        Assert.Equal(("gzip", 1, "0"), (answer.Find("grpc-encoding"), answer.Body[0], answer.Status));
        Assert.True(answer.Body.Length < 200);
        Assert.Equal(Long, Inflate(answer.Body));
        Assert.Equal(Long, await server.Client.EchoAsync(Long).ResponseAsync.Soon());
    }

    [Theory]
    [InlineData("")]
    [InlineData("identity")]
    [InlineData("identity,deflate,gzipped")]
    public async Task Response_CallerReadsNoGzip_GoesAsItIs(string accepted)
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers(), Gzip);
        using var raw = new RawClient(server.Address);
        var answer = await raw.PostAsync("Echo", RawClient.Frame(Long), ("grpc-accept-encoding", accepted)).Soon();
        Assert.Null(answer.Find("grpc-encoding"));
        Assert.Equal(RawClient.Frame(Long), answer.Body);
    }

    [Fact]
    public async Task Response_NotShorterForIt_GoesAsItIs()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers(), Gzip);
        using var raw = new RawClient(server.Address);
        var small = new Note { Text = "short" };
        var answer = await raw.PostAsync("Echo", RawClient.Frame(small), ReadsGzip).Soon();
        Assert.Equal(RawClient.Frame(small), answer.Body);
    }

    [Fact]
    public async Task Response_HandlerAsksForIt_IsCompressedInThatCall()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = async (note, context) =>
            {
                if (note.Payload.IsEmpty) await context.WriteResponseHeadersAsync(AsGzip);
                return note;
            },
        });
        using var raw = new RawClient(server.Address);
        var asked = await raw.PostAsync("Echo", RawClient.Frame(Long), ReadsGzip).Soon();
        Assert.Equal((1, null), (asked.Body[0], asked.Find("grpc-internal-encoding-request")));
        var other = new Note { Text = Long.Text, Payload = ByteString.CopyFromUtf8("x") };
        Assert.Equal(0, (await raw.PostAsync("Echo", RawClient.Frame(other), ReadsGzip).Soon()).Body[0]);
    }

    [Fact]
    public async Task Responses_OfOneStream_AreCompressedOneByOne()
    {
        await using var server = await TestServer.StartAsync(
            new ExchangeHandlers
            {
                OnChat = async (heard, said, _) =>
                {
                    await foreach (var note in heard.ReadAllAsync())
                    {
                        said.WriteOptions = note.Payload.IsEmpty ? null : AsItIs;
                        await said.WriteAsync(note);
                    }
                },
            },
            Gzip);
        using var raw = new RawClient(server.Address);
        var plain = new Note { Text = Long.Text, Payload = ByteString.CopyFromUtf8("x") };
        byte[] requests = [.. RawClient.Frame(plain), .. RawClient.Frame(Long), .. RawClient.Frame(plain)];
        var answer = await raw.PostAsync("Chat", requests, ReadsGzip).Soon();
        var frame = RawClient.Frame(plain);
        Assert.Equal(frame, answer.Body[..frame.Length]);
        Assert.Equal(Long, Inflate(answer.Body[frame.Length..^frame.Length]));
        Assert.Equal(frame, answer.Body[^frame.Length..]);
    }

    [Fact]
    public async Task Request_CallerCompresses_HandlerReadsIt()
    {
        var seen = new TaskCompletionSource<(string Encoding, bool Compressed)>();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnEcho = (note, context) =>
            {
                seen.SetResult((EncodingOf(context), CameCompressed(context)));
                Assert.Null(context.RequestHeaders.Get("grpc-internal-encoding-request"));
                return Task.FromResult(note);
            },
        });
        Assert.Equal(Long, await server.Client.EchoAsync(Long, new CallOptions(AsGzip)).ResponseAsync.Soon());
        Assert.Equal(("gzip", true), await seen.Task.Soon());
    }

    [Fact]
    public async Task Requests_OfOneStream_AreCompressedOneByOne()
    {
        var seen = new List<bool>();
        await using var server = await TestServer.StartAsync(new ExchangeHandlers
        {
            OnChat = async (heard, said, context) =>
            {
                await foreach (var note in heard.ReadAllAsync())
                {
                    seen.Add(CameCompressed(context));
                    Assert.Equal("gzip", EncodingOf(context));
                    await said.WriteAsync(note);
                }
            },
        });
        using var call = server.Client.Chat(new CallOptions(AsGzip));
        foreach (var options in (WriteOptions?[])[null, AsItIs, null])
        {
            call.RequestStream.WriteOptions = options;
            await call.RequestStream.WriteAsync(Long).Soon();
            Assert.True(await call.ResponseStream.MoveNext().Soon());
            Assert.Equal(Long, call.ResponseStream.Current);
        }
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext().Soon());
        Assert.Equal([true, false, true], seen);
    }

    [Fact]
    public async Task Encoding_NotKnown_IsRefusedWhereItIsAskedFor()
    {
        await using var server = await TestServer.StartAsync(new ExchangeHandlers());
        var asked = new CallOptions(new Metadata { { "grpc-internal-encoding-request", "snappy" } });
        Assert.Throws<ArgumentException>(() => server.Client.EchoAsync(Long, asked));
        Assert.Throws<ArgumentException>(() => new GrpcServerOptions { ResponseCompressionAlgorithm = "snappy" });
    }
}
