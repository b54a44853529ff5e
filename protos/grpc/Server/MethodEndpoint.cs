using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace AppChain.Grpc.Server;

/// <summary>Answers the calls of one method, from the first header to the status.</summary>
sealed class MethodEndpoint<TRequest, TResponse>(
    Method<TRequest, TResponse> method, GrpcServerOptions options, GrpcServerLog log, Func<Exchange<TRequest, TResponse>, Task> answer)
    where TRequest : class where TResponse : class
{
    readonly bool requestStream = method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming;

    public async Task AnswerAsync(HttpContext http)
    {
        if (await CallStart.TryAsync(http, requestStream, options, log).ConfigureAwait(false) is not { } call) return;
        using (call)
        {
            if (call.Status.StatusCode == StatusCode.OK) await RunAsync(call).ConfigureAwait(false);
            await call.FinishAsync(call.Status).ConfigureAwait(false);
        }
    }

    async Task RunAsync(ServerCall call)
    {
        using var exchange = new Exchange<TRequest, TResponse>(method, call, options.MaxReceiveMessageSize);
        try
        {
            await answer(exchange).ConfigureAwait(false);
        }
        // A handler is foreign code. Whatever it throws ends its own call, never the connection or the server.
        catch (Exception cause)
        {
            call.Fail(cause);
        }
        if (exchange.Broken) call.Reset();
    }
}
