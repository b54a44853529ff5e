using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Grpc.Core;

namespace AppChain.Grpc.Tests;

/// <summary>gRPC-Web as a browser sends it, over HTTP/1.1 and HTTP/2 on one port, in bytes and in base64.</summary>
public class GrpcWebTests
{
    const string Binary = "application/grpc-web+proto";
    const string Text = "application/grpc-web-text";
    const string Page = "https://explorer.example";

    static readonly GrpcPortOptions Web = new() { Http1 = true };

    public static MatrixTheoryData<string, string> Forms => new([Binary, Text], ["1.1", "2.0"]);

    static Task<TestServer> StartAsync(ExchangeHandlers? handlers = null, params string[] origins) =>
        TestServer.StartAsync(handlers ?? new ExchangeHandlers(), Web, origins);

    static byte[] Encode(byte[] body, string form) => form == Text ? Encoding.ASCII.GetBytes(Convert.ToBase64String(body)) : body;

    static byte[] Decode(byte[] body, string form)
    {
        if (form != Text) return body;
        // Each piece may end with padding of its own.
        var text = Encoding.ASCII.GetString(body);
        Assert.Equal(0, text.Length % 4);
        return [.. text.Chunk(4).SelectMany(group => Convert.FromBase64String(new string(group)))];
    }

    static (List<byte[]> Messages, string Trailers) Split(byte[] body)
    {
        var messages = new List<byte[]>();
        while (body.Length > 0)
        {
            var length = (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1));
            var payload = body[5..(5 + length)];
            if (body[0] == 0x80)
            {
                Assert.Equal(5 + length, body.Length);
                return (messages, Encoding.ASCII.GetString(payload));
            }
            messages.Add(payload);
            body = body[(5 + length)..];
        }
        return (messages, "");
    }

    static async Task<HttpResponseMessage> SendAsync(
        TestServer server, string method, byte[] body, string form, string version, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, $"/appchain.grpc.tests.Exchange/{method}"))
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(form);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request, TestContext.Current.CancellationToken).Soon();
    }

    static async Task<(List<byte[]> Messages, string Trailers, HttpResponseMessage Response)> CallAsync(
        TestServer server, string method, byte[] body, string form, string version, params (string Name, string Value)[] headers)
    {
        var response = await SendAsync(server, method, Encode(body, form), form, version, headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var (messages, trailers) = Split(Decode(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), form));
        return (messages, trailers, response);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Unary_InEveryForm_IsAnsweredWithTrailersInTheBody(string form, string version)
    {
        await using var server = await StartAsync();
        foreach (var size in (int[])[0, 1, 2, 3, 50_000])
        {
            var note = new Note { Text = "hällo", Payload = ByteString.CopyFrom(new byte[size]) };
            var (messages, trailers, response) = await CallAsync(server, "Echo", RawClient.Frame(note), form, version);
            Assert.Equal(note, Note.Parser.ParseFrom(Assert.Single(messages)));
            Assert.Equal("grpc-status: 0\r\n", trailers);
            Assert.StartsWith(form, response.Content.Headers.ContentType!.ToString());
            Assert.Equal(Version.Parse(version), response.Version);
        }
        Assert.Equal("over HTTP/2", (await server.Client.EchoAsync(new Note { Text = "over HTTP/2" }).ResponseAsync.Soon()).Text);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task ServerStreaming_InEveryForm_ArrivesMessageByMessage(string form, string version)
    {
        var go = new SemaphoreSlim(0);
        await using var server = await StartAsync(new ExchangeHandlers
        {
            OnCount = async (upTo, numbers, context) =>
            {
                for (var value = 1; value <= upTo.Value; value++)
                {
                    await numbers.WriteAsync(new Number { Value = value });
                    await go.WaitAsync(context.CancellationToken);
                }
            },
        });
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/appchain.grpc.tests.Exchange/Count"))
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Encode(RawClient.Frame(new Number { Value = 3 }), form)),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(form);
        using var response = await http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).Soon();
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var received = new List<byte>();
        var buffer = new byte[1024];
        for (var count = 1; count <= 3; count++)
        {
            // Each message is here before the handler writes the next.
            while (Split(Decode([.. received], form)).Messages.Count < count)
                received.AddRange(buffer.AsSpan(0, await body.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask().Soon()));
            go.Release();
        }
        while (await body.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask().Soon() is > 0 and var read)
            received.AddRange(buffer.AsSpan(0, read));
        var (messages, trailers) = Split(Decode([.. received], form));
        Assert.Equal([1, 2, 3], messages.Select(message => Number.Parser.ParseFrom(message).Value));
        Assert.Equal("grpc-status: 0\r\n", trailers);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Refusal_AfterAMessage_IsInTheTrailersOfTheBody(string form, string version)
    {
        await using var server = await StartAsync(new ExchangeHandlers
        {
            OnCount = async (_, numbers, _) =>
            {
                await numbers.WriteAsync(new Number { Value = 7 });
                throw new RpcException(new Status(StatusCode.NotFound, "größer"), new Metadata { { "x-data-bin", [0, 255] } });
            },
        });
        var (messages, trailers, _) = await CallAsync(server, "Count", RawClient.Frame(new Number()), form, version);
        Assert.Single(messages);
        Assert.Equal("grpc-status: 5\r\ngrpc-message: gr%C3%B6%C3%9Fer\r\nx-data-bin: AP8\r\n", trailers);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Refusal_BeforeAnyMessage_IsInTheHeaders(string form, string version)
    {
        await using var server = await StartAsync();
        var (messages, trailers, response) = await CallAsync(server, "Unserved", RawClient.Frame(new Note()), form, version);
        Assert.Equal((0, ""), (messages.Count, trailers));
        Assert.Equal("12", response.Headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task Deadline_OfAPage_IsKept()
    {
        await using var server = await StartAsync(new ExchangeHandlers
        {
            OnEcho = async (note, context) =>
            {
                await context.CancellationToken.Fired();
                context.CancellationToken.ThrowIfCancellationRequested();
                return note;
            },
        });
        var (_, _, response) = await CallAsync(server, "Echo", RawClient.Frame(new Note()), Binary, "1.1", ("grpc-timeout", "200m"));
        Assert.Equal("4", response.Headers.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData("????")]
    [InlineData("AAAA=")]
    [InlineData("AAA")]
    [InlineData("A===")]
    public async Task Base64_Broken_FailsTheCallOnly(string text)
    {
        await using var server = await StartAsync();
        using var response = await SendAsync(server, "Echo", Encoding.ASCII.GetBytes(text), Text, "1.1");
        Assert.Equal("13", response.Headers.GetValues("grpc-status").Single());
        Assert.Single((await CallAsync(server, "Echo", RawClient.Frame(new Note()), Text, "1.1")).Messages);
    }

    [Fact]
    public async Task Base64_InPiecesWithPadding_IsReadWhole()
    {
        await using var server = await StartAsync();
        var frame = RawClient.Frame(new Note { Text = "in pieces" });
        var pieces = string.Concat(frame.Chunk(2).Select(Convert.ToBase64String)); // every group is padded
        using var response = await SendAsync(server, "Echo", Encoding.ASCII.GetBytes(pieces), Text, "1.1");
        var (messages, _) = Split(Decode(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), Text));
        Assert.Equal("in pieces", Note.Parser.ParseFrom(Assert.Single(messages)).Text);
    }

    [Fact]
    public async Task Http1_WithoutGrpcWeb_IsRefusedPolitely()
    {
        await using var server = await StartAsync();
        using var plain = await SendAsync(server, "Echo", [], "application/grpc", "1.1");
        using var json = await SendAsync(server, "Echo", [], "application/json", "1.1");
        Assert.Equal((HttpStatusCode.UpgradeRequired, HttpStatusCode.UnsupportedMediaType), (plain.StatusCode, json.StatusCode));
    }

    [Theory]
    [InlineData(Page, true)]
    [InlineData("https://other.example", false)]
    [InlineData("null", false)]
    public async Task Page_OfAnotherOrigin_MayCallIfAllowed(string origin, bool allowed)
    {
        await using var server = await StartAsync(null, Page);
        using var http = new HttpClient();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, new Uri(server.Address, "/appchain.grpc.tests.Exchange/Echo"));
        preflight.Headers.TryAddWithoutValidation("origin", origin);
        preflight.Headers.TryAddWithoutValidation("access-control-request-method", "POST");
        preflight.Headers.TryAddWithoutValidation("access-control-request-headers", "content-type,x-grpc-web,grpc-timeout");
        using var answer = await http.SendAsync(preflight, TestContext.Current.CancellationToken).Soon();
        using var call = await SendAsync(server, "Echo", RawClient.Frame(new Note()), Binary, "1.1", ("origin", origin));
        if (!allowed)
        {
            Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (answer.StatusCode, call.StatusCode));
            Assert.False(call.Headers.Contains("access-control-allow-origin"));
            return;
        }
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.OK), (answer.StatusCode, call.StatusCode));
        Assert.Equal(origin, answer.Headers.GetValues("access-control-allow-origin").Single());
        Assert.Equal("content-type,x-grpc-web,grpc-timeout", string.Join(',', answer.Headers.GetValues("access-control-allow-headers")));
        Assert.Equal(origin, call.Headers.GetValues("access-control-allow-origin").Single());
        Assert.Equal("*", call.Headers.GetValues("access-control-expose-headers").Single());
    }

    [Fact]
    public async Task Page_OfTheServersOwnOrigin_MayCall()
    {
        await using var server = await StartAsync();
        using var call = await SendAsync(
            server, "Echo", RawClient.Frame(new Note()), Binary, "1.1", ("origin", server.Address.GetLeftPart(UriPartial.Authority)));
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
    }

    [Fact]
    public async Task Page_OfANameThatWasMadeToLeadHere_MayNotCall()
    {
        await using var server = await StartAsync();
        using var call = await SendAsync(
            server, "Echo", RawClient.Frame(new Note()), Binary, "1.1", ("origin", "http://rebound.example"), ("host", "rebound.example"));
        Assert.Equal(HttpStatusCode.Forbidden, call.StatusCode);
    }

    [Fact]
    public async Task Stop_WithAnEndlessStreamOverHttp1_IsPrompt()
    {
        var server = await StartAsync(new ExchangeHandlers
        {
            OnCount = async (_, numbers, context) =>
            {
                await numbers.WriteAsync(new Number());
                await context.CancellationToken.Fired();
            },
        });
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/appchain.grpc.tests.Exchange/Count"))
        {
            Content = new ByteArrayContent(RawClient.Frame(new Number())),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(Binary);
        using var response = await http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).Soon();
        response.Dispose(); // the page is closed
        await server.DisposeAsync().AsTask().Soon();
    }
}
