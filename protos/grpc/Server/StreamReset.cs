using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AppChain.Grpc.Server;

/// <summary>Ends a call at once, with all that it holds: its HTTP/2 stream is reset. HTTP/1.1 has no streams: its connection is
/// closed.</summary>
static class StreamReset
{
    // RFC 9113, section 7
    public const int InternalError = 2, RefusedStream = 7, Cancel = 8, EnhanceYourCalm = 11;

    public static void Send(HttpContext http, int errorCode)
    {
        if (http.Features.Get<IHttpResetFeature>() is { } stream) stream.Reset(errorCode);
        else http.Abort();
    }
}
