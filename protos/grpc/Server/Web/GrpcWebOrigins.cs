using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AppChain.Grpc;

/// <summary>Which web pages may call: the rules of CORS for gRPC-Web.</summary>
public static class GrpcWebOrigins
{
    /// <summary>Allows every page.</summary>
    public const string Any = "*";

    /// <summary>
    /// Lets pages of the server's own origin and of these origins call, and refuses others with HTTP 403: a browser sends the page's
    /// origin with each call, and no other client does. Its own is one only under an address or as <c>localhost</c>: any other name is what
    /// the caller says, and a name that an attacker's page resolves to this server would be its own, too. Such a name is to be given here.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="origins">Such as <c>https://explorer.example</c>, or <see cref="Any"/>.</param>
    public static IApplicationBuilder UseGrpcWebOrigins(this IApplicationBuilder app, IEnumerable<string> origins)
    {
        ArgumentNullException.ThrowIfNull(app);
        var allowed = origins.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return app.Use((http, next) => AnswerAsync(http, next, allowed));
    }

    static Task AnswerAsync(HttpContext http, RequestDelegate next, HashSet<string> allowed)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0) return next(http);
        var headers = http.Response.Headers;
        headers.Vary = HeaderNames.Origin;
        var isOwn = Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && page.Authority == http.Request.Host.Value
            && (page.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || page.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase));
        if (!isOwn && !allowed.Contains(Any) && !allowed.Contains(origin))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }
        headers.AccessControlAllowOrigin = origin;
        if (!HttpMethods.IsOptions(http.Request.Method))
        {
            // Calls carry no cookies, so the wildcard holds: the status, when it comes without messages, and the metadata.
            headers.AccessControlExposeHeaders = "*";
            return next(http);
        }
        headers.AccessControlAllowMethods = HttpMethods.Post;
        headers.AccessControlAllowHeaders = http.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = GrpcLimits.PreflightSecondsMax.ToString(System.Globalization.CultureInfo.InvariantCulture);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
