using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace AppChain.Grpc.Server;

/// <summary>Collects a service's methods as request delegates. The four kinds of call differ here and nowhere else on the server.</summary>
sealed class EndpointBinder(GrpcServerOptions options, GrpcServerLog log) : ServiceBinderBase
{
    public List<(string Path, RequestDelegate Answer)> Methods { get; } = [];

    public HashSet<string> ServiceNames { get; } = [];

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        Add(method, handler, async exchange =>
        {
            if (await exchange.TryReadOnlyAsync().ConfigureAwait(false) is not { } request) return;
            exchange.WriteOnly(await handler!(request, exchange.Call).ConfigureAwait(false));
        });

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(method, handler, async exchange =>
            exchange.WriteOnly(await handler!(exchange.OpenRequests(), exchange.Call).ConfigureAwait(false)));

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(method, handler, async exchange =>
        {
            if (await exchange.TryReadOnlyAsync().ConfigureAwait(false) is not { } request) return;
            await handler!(request, exchange.OpenResponses(), exchange.Call).ConfigureAwait(false);
        });

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        Add(method, handler, exchange => handler!(exchange.OpenRequests(), exchange.OpenResponses(), exchange.Call));

    void Add<TRequest, TResponse>(Method<TRequest, TResponse> method, Delegate? handler, Func<Exchange<TRequest, TResponse>, Task> answer)
        where TRequest : class where TResponse : class
    {
        // Generated code binds nulls when it is given no implementation: that lists a service's methods, it does not serve them.
        ArgumentNullException.ThrowIfNull(handler);
        ServiceNames.Add(method.ServiceName);
        Methods.Add((method.FullName, new MethodEndpoint<TRequest, TResponse>(method, options, log, answer).AnswerAsync));
    }
}
