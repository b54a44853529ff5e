using System.Net;
using System.Net.Http.Headers;
using AppChain.Grpc.Wire;
using Grpc.Core;

namespace AppChain.Grpc.Client;

/// <summary>The HTTP request of a call (gRPC over HTTP/2, Requests).</summary>
static class RequestHeaders
{
    static readonly string UserAgent = $"grpc-csharp-appchain/{typeof(RequestHeaders).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>
    /// How the call's requests are encoded: as the entry <c>grpc-internal-encoding-request</c> of its headers asks.
    /// </summary>
    /// <exception cref="ArgumentException">It asks for an encoding that is not known.</exception>
    public static MessageEncoding EncodingOf(in CallOptions options) =>
        MessageEncodings.Parse(options.Headers?.GetValue(ProtocolHeaders.EncodingRequest)) is var encoding and not MessageEncoding.Unknown
            ? encoding
            : throw new ArgumentException($"Requests can be encoded as one of: {MessageEncodings.Accepted}.", nameof(options));

    public static HttpRequestMessage For(Uri uri, string? host, CallOptions options, HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(ProtocolHeaders.GrpcContentType);
        var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var headers = request.Headers;
        if (host is not null) headers.Host = host;
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation("user-agent", UserAgent);
        headers.TryAddWithoutValidation(ProtocolHeaders.AcceptEncoding, MessageEncodings.Accepted);
        if (EncodingOf(options) is var encoding and not MessageEncoding.Identity)
            headers.TryAddWithoutValidation(ProtocolHeaders.Encoding, MessageEncodings.NameOf(encoding));
        if (Deadline(options) is { } deadline)
            headers.TryAddWithoutValidation(ProtocolHeaders.Timeout, TimeoutText.Format(deadline - DateTime.UtcNow));
        foreach (var entry in options.Headers ?? Metadata.Empty)
        {
            if (ProtocolHeaders.IsReserved(entry.Key)) continue;
            // HttpClient keeps the headers that describe a body apart, and takes them nowhere else.
            var value = MetadataText.Encode(entry);
            if (!headers.TryAddWithoutValidation(entry.Key, value)) content.Headers.TryAddWithoutValidation(entry.Key, value);
        }
        return request;
    }

    /// <summary>The deadline in UTC, or null if there is none.</summary>
    public static DateTime? Deadline(in CallOptions options) =>
        options.Deadline is { } deadline && deadline != DateTime.MaxValue ? deadline.ToUniversalTime() : null;
}
