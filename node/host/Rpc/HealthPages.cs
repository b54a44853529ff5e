using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AppChain.Node.Rpc;

/// <summary>
/// Health for what speaks plain HTTP, such as load balancers: <c>GET /healthz</c> is 200 while the process answers, <c>GET /readyz</c> 200 while the
/// node is fit to serve, else 503.
/// </summary>
public static class HealthPages
{
    public static void Map(IEndpointRouteBuilder port, HealthMonitor monitor)
    {
        port.MapGet("/healthz", static http => AnswerAsync(http, ok: true));
        port.MapGet("/readyz", http => AnswerAsync(http, monitor.Current.Serving));
    }

    private static Task AnswerAsync(HttpContext http, bool ok)
    {
        http.Response.StatusCode = ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return http.Response.WriteAsync(ok ? "ok\n" : "not ready\n", http.RequestAborted);
    }
}
