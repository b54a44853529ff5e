using AppChain.Grpc.Wire;
using Grpc.Core;

namespace AppChain.Grpc.Client;

/// <summary>Starts calls over a channel. The four kinds of call differ here and nowhere else on the client.</summary>
sealed class ChannelCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.GetAwaiter().GetResult(); // blocking is what this method is for
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = Start(method, host, options, Only(method, options, request));
        return new(call.ReadOnlyAsync(), call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = Start(method, host, options, Only(method, options, request));
        return new(new ResponseReader<TResponse>(call), call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var content = new RequestStreamContent(RequestHeaders.EncodingOf(options));
        var call = Start(method, host, options, content);
        var response = call.ReadOnlyAsync();
        var requests = new RequestWriter<TRequest>(content, method.RequestMarshaller, call.Ending, response)
        {
            WriteOptions = options.WriteOptions,
        };
        return new(requests, response, call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var content = new RequestStreamContent(RequestHeaders.EncodingOf(options));
        var call = Start(method, host, options, content);
        var requests = new RequestWriter<TRequest>(content, method.RequestMarshaller, call.Ending, response: null)
        {
            WriteOptions = options.WriteOptions,
        };
        var responses = new ResponseReader<TResponse>(call);
        return new(requests, responses, call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    static RequestMessageContent<TRequest> Only<TRequest, TResponse>(
        Method<TRequest, TResponse> method, in CallOptions options, TRequest request) where TRequest : class where TResponse : class =>
        new(method.RequestMarshaller, request, RequestHeaders.EncodingOf(options), options.WriteOptions);

    ClientCall<TResponse> Start<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, HttpContent content)
        where TRequest : class where TResponse : class
    {
        var request = RequestHeaders.For(new Uri(channel.Address, method.FullName), host, options, content);
        var one = method.Type is MethodType.Unary or MethodType.ClientStreaming;
        return new ClientCall<TResponse>(channel, request, method.ResponseMarshaller, one, options);
    }
}
