using AppChain.Grpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace AppChain.Grpc.Server;

/// <summary>Turns an HTTP request into a call, or refuses it.</summary>
static class CallStart
{
    /// <summary>
    /// The call, or null if the request is not gRPC: then the answer is an HTTP status, so that a client of another kind
    /// does not take a gRPC error, which is HTTP 200, for success (gRPC over HTTP/2, Requests).
    /// A call whose timeout is malformed has its failure as its status already.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="requestStream">Whether the caller may send any number of messages, at its leisure.</param>
    /// <param name="options">When the server stops, and how it compresses.</param>
    /// <param name="log">Where failures go that the caller must not see.</param>
    public static async ValueTask<ServerCall?> TryAsync(
        HttpContext http, bool requestStream, GrpcServerOptions options, GrpcServerLog log)
    {
        if (!CallForms.TryParse(http.Request.ContentType, out var form, out var answerType))
        {
            await RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType, "The content type is not gRPC's.").ConfigureAwait(false);
            return null;
        }
        if (form == CallForm.Grpc && !HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            await RefuseAsync(http, StatusCodes.Status426UpgradeRequired, "gRPC needs HTTP/2.").ConfigureAwait(false);
            return null;
        }
        LiftHttpLimits(http, requestStream);
        http.Response.ContentType = answerType;
        http.Response.Headers[ProtocolHeaders.AcceptEncoding] = MessageEncodings.Accepted;

        var timeoutText = http.Request.Headers[ProtocolHeaders.Timeout];
        if (timeoutText.Count == 0) return new ServerCall(http, form, timeout: null, options, log);
        if (TimeoutText.TryParse(timeoutText.ToString(), out var timeout)) return new ServerCall(http, form, timeout, options, log);
        return new ServerCall(http, form, timeout: null, options, log)
        {
            Status = new Status(StatusCode.Internal, "The grpc-timeout is malformed."),
        };
    }

    static Task RefuseAsync(HttpContext http, int httpStatus, string reason)
    {
        http.Response.StatusCode = httpStatus;
        return http.Response.WriteAsync(reason, http.RequestAborted);
    }

    // A stream may live for days, carry any number of bytes and rest between messages: messages have their own limit, calls their deadline.
    // A single request keeps Kestrel's least rate.
    static void LiftHttpLimits(HttpContext http, bool requestStream)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (requestStream && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }
}
