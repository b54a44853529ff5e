using System.Net;
using AppChain.Grpc.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AppChain.Grpc;

/// <summary>Maps gRPC services to endpoints.</summary>
public static class GrpcEndpoints
{
    static readonly GrpcServerOptions Unset = new();

    /// <summary>
    /// Maps every method of a service: <c>app.MapGrpcService(QueryService.BindService(implementation), options)</c>.
    /// A method that the service does not have is answered with UNIMPLEMENTED.
    /// </summary>
    /// <returns>The service's endpoints, for conventions such as <c>RequireHost</c>.</returns>
    public static IEndpointConventionBuilder MapGrpcService(
        this IEndpointRouteBuilder endpoints, ServerServiceDefinition definition, GrpcServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(definition);
        var binder = new EndpointBinder(options ?? new GrpcServerOptions(), LogFor(endpoints));
        definition.BindService(binder);
        var service = endpoints.MapGroup("");
        foreach (var (path, answer) in binder.Methods) service.MapPost(path, answer);
        foreach (var name in binder.ServiceNames)
            service.MapPost($"/{name}/{{method}}", Unimplemented(LogFor(endpoints), "This service has no such method."));
        return service;
    }

    /// <summary>
    /// Answers calls to services that are not mapped with UNIMPLEMENTED. Without it they get HTTP 404, which clients read alike.
    /// </summary>
    public static IEndpointConventionBuilder MapUnknownGrpcServices(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.MapPost("/{service}/{method}", Unimplemented(LogFor(endpoints), "There is no such service here."));
    }

    /// <summary>The HTTP request behind a call that this runtime serves: the caller's connection and certificate.</summary>
    public static HttpContext GetHttpContext(this ServerCallContext context) =>
        context is ServerCall call ? call.Http : throw new ArgumentException("This call is not served over HTTP.", nameof(context));

    /// <summary>Whom a caller's doings count for: its address, or the first one of its /64.</summary>
    public static IPAddress GetCallerNetwork(this ServerCallContext context) =>
        AddressKey.Of(context.GetHttpContext().Connection.RemoteIpAddress ?? IPAddress.None);

    static RequestDelegate Unimplemented(GrpcServerLog log, string detail)
    {
        var status = new Status(StatusCode.Unimplemented, detail);
        return async http =>
        {
            var start = CallStart.TryAsync(http, requestStream: false, Unset, log);
            if (await start.ConfigureAwait(false) is not { } call) return;
            using (call) await call.FinishAsync(status).ConfigureAwait(false);
        };
    }

    static GrpcServerLog LogFor(IEndpointRouteBuilder endpoints) =>
        new(endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("AppChain.Grpc.Server"));
}
