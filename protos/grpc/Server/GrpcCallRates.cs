using System.Globalization;
using System.Net;
using AppChain.Grpc.Server;
using AppChain.Grpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AppChain.Grpc;

/// <summary>Limits how often a remote address may call.</summary>
public static class GrpcCallRates
{
    /// <summary>gRPC's own name for "try again after so many milliseconds": a trailer that stock clients with a retry policy obey.</summary>
    public const string RetryAfterKey = "grpc-retry-pushback-ms";

    /// <summary>Ends calls above the rate with RESOURCE_EXHAUSTED, and says when to try again, before anything of them is read.</summary>
    public static IApplicationBuilder UseGrpcCallRate(this IApplicationBuilder app, GrpcAddressRate rate, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(app);
        var rates = new AddressRate(rate, clock);
        var log = new GrpcServerLog(app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("AppChain.Grpc.Server"));
        return app.Use((http, next) =>
            rates.TryTake(http.Connection.RemoteIpAddress ?? IPAddress.None, out var retryAfter) ? next(http) : RefuseAsync(http, retryAfter, log));
    }

    static async Task RefuseAsync(HttpContext http, TimeSpan retryAfter, GrpcServerLog log)
    {
        if (!CallForms.TryParse(http.Request.ContentType, out _, out _))
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            http.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return;
        }
        var start = CallStart.TryAsync(http, requestStream: false, new GrpcServerOptions(), log);
        if (await start.ConfigureAwait(false) is not { } call) return;
        using (call)
        {
            var milliseconds = Math.Ceiling(retryAfter.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            call.ResponseTrailers.Add(RetryAfterKey, milliseconds);
            var status = new Status(StatusCode.ResourceExhausted, $"This address calls too often: try again in {milliseconds} ms.");
            await call.FinishAsync(status).ConfigureAwait(false);
        }
    }
}
