using System.Net;
using Grpc.Core;

namespace AppChain.Grpc.Client;

/// <summary>Statuses for calls that did not get one from the server.</summary>
static class TransportFailure
{
    /// <summary>The status of a call that ended with an exception instead of an answer.</summary>
    public static Status StatusOf(Exception cause)
    {
        for (var inner = cause; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpProtocolException { ErrorCode: var code })
                return new Status(OfReset(code), $"The server ended the stream with HTTP/2 error {code}.", cause);
        }
        return cause switch
        {
            OperationCanceledException or ObjectDisposedException => new Status(StatusCode.Cancelled, "The call was cancelled.", cause),
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                new Status(StatusCode.ResourceExhausted, "The response headers are longer than the limit.", cause),
            HttpRequestException or IOException =>
                new Status(StatusCode.Unavailable, $"The server cannot be reached: {cause.Message}", cause),
            _ => new Status(StatusCode.Internal, $"The call could not be made: {cause.Message}", cause),
        };
    }

    /// <summary>The status for an HTTP answer that carries none (gRPC, HTTP to gRPC Status Code Mapping).</summary>
    public static Status StatusOf(HttpStatusCode http) => new(
        http switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.RequestHeaderFieldsTooLarge => StatusCode.Internal,
            HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
            HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
            HttpStatusCode.NotFound => StatusCode.Unimplemented,
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway => StatusCode.Unavailable,
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        },
        $"The server answered HTTP {(int)http} without a gRPC status.");

    // gRPC over HTTP/2, Errors; the numbers are those of RFC 9113, section 7.
    static StatusCode OfReset(long http2Error) => http2Error switch
    {
        0 => StatusCode.Unavailable, // NO_ERROR: the transport reports a server that closes its connection in order like a reset
        7 => StatusCode.Unavailable, // REFUSED_STREAM
        8 => StatusCode.Cancelled, // CANCEL
        11 => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        12 => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };
}
