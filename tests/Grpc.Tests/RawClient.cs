using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace AppChain.Grpc.Tests;

/// <summary>Sends requests that no proper client would, over plain HTTP/2.</summary>
sealed class RawClient(Uri server) : IDisposable
{
    readonly HttpClient http = new();

    public static byte[] Frame(IMessage message) => Frame(message.ToByteArray());

    public static byte[] Frame(byte[] payload, byte flag = 0)
    {
        var frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    public static HttpRequestMessage Request(Uri server, string method, byte[] body, params (string Name, string Value)[] headers) =>
        Request(new Uri(server, $"/appchain.grpc.tests.Exchange/{method}"), body, HttpVersion.Version20, "application/grpc", headers);

    public Task<Answer> PostAsync(string method, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync($"/appchain.grpc.tests.Exchange/{method}", body, HttpVersion.Version20, "application/grpc", headers);

    public async Task<Answer> SendAsync(
        string path, byte[] body, Version version, string contentType, params (string Name, string Value)[] headers)
    {
        using var request = Request(new Uri(server, path), body, version, contentType, headers);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return new Answer(response, bytes);
    }

    public void Dispose() => http.Dispose();

    static HttpRequestMessage Request(Uri uri, byte[] body, Version version, string contentType, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}

/// <summary>An answer as it came over the wire.</summary>
sealed record Answer(HttpResponseMessage Response, byte[] Body)
{
    /// <summary>Whether the status came in place of the headers.</summary>
    public bool TrailersOnly => Response.Headers.Contains("grpc-status");

    public string? Status => Find("grpc-status");

    public string? Message => Find("grpc-message");

    public string? Find(string name) =>
        Response.Headers.TryGetValues(name, out var values) || Response.TrailingHeaders.TryGetValues(name, out values)
            ? string.Join(',', values)
            : null;
}
