using System.Collections.Frozen;
using System.Net;
using AppChain.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace AppChain.Node.Admin;

/// <summary>
/// Who may make admin calls where callers show no certificate: who is on this machine, and nobody's messenger. A proxy on this machine passes strangers'
/// calls on from loopback, and a web page calls from its reader's own machine: what shows either is refused. A proxy that passes bytes on and says
/// nothing cannot be told apart: it must not lead here.
/// </summary>
internal static class AdminAccess
{
    private static readonly FrozenSet<string> PassedOn =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Origin", "Referer", "Forwarded", "Via", "X-Real-IP", "Sec-Fetch-Site");

    /// <summary>Lets callers of this machine pass.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED.</exception>
    public static void RequireOwn(ServerCallContext context)
    {
        HttpContext http = context.GetHttpContext();
        if (http.Connection.RemoteIpAddress is not { } caller || !IPAddress.IsLoopback(caller))
            throw new RpcException(new Status(StatusCode.PermissionDenied, "Admin calls are answered on loopback only."));
        bool isPassedOn = http.Request.Headers.Keys.Any(
            static name => PassedOn.Contains(name) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase));
        bool isGrpc = http.Request.ContentType is { } type && !type.StartsWith("application/grpc-web", StringComparison.OrdinalIgnoreCase);
        if (isPassedOn || !isGrpc || !IsThisMachine(http.Request.Host.Host))
            throw new RpcException(new Status(StatusCode.PermissionDenied, "Admin calls are not answered through a proxy, to a web page, or under a name."));
    }

    /// <summary>Lets everybody pass whom the handshake has let pass.</summary>
    /// <exception cref="InvalidOperationException">The port's handshake let somebody pass without a certificate.</exception>
    public static void RequireCertificate(ServerCallContext context)
    {
        if (context.GetHttpContext().Connection.ClientCertificate is null)
            throw new InvalidOperationException("a caller without a certificate came through the admin port's handshake");
    }

    // Any other name is one that somebody has made lead here.
    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _);
}
