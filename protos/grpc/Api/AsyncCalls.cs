using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>A call under way that answers once. Disposing it cancels it, unless it is over.</summary>
public sealed class AsyncUnaryCall<TResponse>(
    Task<TResponse> responseAsync, Task<Metadata> responseHeadersAsync,
    Func<Status> getStatusFunc, Func<Metadata> getTrailersFunc, Action disposeAction) : IDisposable
{
    /// <summary>The response, or an <see cref="RpcException"/>.</summary>
    public Task<TResponse> ResponseAsync => responseAsync;

    /// <summary>The response headers, as soon as they are here.</summary>
    public Task<Metadata> ResponseHeadersAsync => responseHeadersAsync;

    /// <summary>Lets the call itself be awaited.</summary>
    public TaskAwaiter<TResponse> GetAwaiter() => responseAsync.GetAwaiter();

    /// <summary>Lets the call itself be awaited, on this context or any.</summary>
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) =>
        responseAsync.ConfigureAwait(continueOnCapturedContext);

    /// <summary>How the call ended. Throws before that.</summary>
    public Status GetStatus() => getStatusFunc();

    /// <summary>What came with the status. Throws before the call is over.</summary>
    public Metadata GetTrailers() => getTrailersFunc();

    /// <inheritdoc/>
    public void Dispose() => disposeAction();
}

/// <summary>A call under way that sends many requests and is answered once. Disposing it cancels it, unless it is over.</summary>
public sealed class AsyncClientStreamingCall<TRequest, TResponse>(
    IClientStreamWriter<TRequest> requestStream, Task<TResponse> responseAsync, Task<Metadata> responseHeadersAsync,
    Func<Status> getStatusFunc, Func<Metadata> getTrailersFunc, Action disposeAction) : IDisposable
{
    /// <summary>Sends requests.</summary>
    public IClientStreamWriter<TRequest> RequestStream => requestStream;

    /// <summary>The response, or an <see cref="RpcException"/>.</summary>
    public Task<TResponse> ResponseAsync => responseAsync;

    /// <summary>The response headers, as soon as they are here.</summary>
    public Task<Metadata> ResponseHeadersAsync => responseHeadersAsync;

    /// <summary>Lets the call itself be awaited.</summary>
    public TaskAwaiter<TResponse> GetAwaiter() => responseAsync.GetAwaiter();

    /// <summary>Lets the call itself be awaited, on this context or any.</summary>
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) =>
        responseAsync.ConfigureAwait(continueOnCapturedContext);

    /// <summary>How the call ended. Throws before that.</summary>
    public Status GetStatus() => getStatusFunc();

    /// <summary>What came with the status. Throws before the call is over.</summary>
    public Metadata GetTrailers() => getTrailersFunc();

    /// <inheritdoc/>
    public void Dispose() => disposeAction();
}

/// <summary>A call under way that is answered many times. Disposing it cancels it, unless it is over.</summary>
public sealed class AsyncServerStreamingCall<TResponse>(
    IAsyncStreamReader<TResponse> responseStream, Task<Metadata> responseHeadersAsync,
    Func<Status> getStatusFunc, Func<Metadata> getTrailersFunc, Action disposeAction) : IDisposable
{
    /// <summary>Reads responses.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream => responseStream;

    /// <summary>The response headers, as soon as they are here.</summary>
    public Task<Metadata> ResponseHeadersAsync => responseHeadersAsync;

    /// <summary>How the call ended. Throws before that.</summary>
    public Status GetStatus() => getStatusFunc();

    /// <summary>What came with the status. Throws before the call is over.</summary>
    public Metadata GetTrailers() => getTrailersFunc();

    /// <inheritdoc/>
    public void Dispose() => disposeAction();
}

/// <summary>A call under way with streams both ways. Disposing it cancels it, unless it is over.</summary>
public sealed class AsyncDuplexStreamingCall<TRequest, TResponse>(
    IClientStreamWriter<TRequest> requestStream, IAsyncStreamReader<TResponse> responseStream, Task<Metadata> responseHeadersAsync,
    Func<Status> getStatusFunc, Func<Metadata> getTrailersFunc, Action disposeAction) : IDisposable
{
    /// <summary>Sends requests.</summary>
    public IClientStreamWriter<TRequest> RequestStream => requestStream;

    /// <summary>Reads responses.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream => responseStream;

    /// <summary>The response headers, as soon as they are here.</summary>
    public Task<Metadata> ResponseHeadersAsync => responseHeadersAsync;

    /// <summary>How the call ended. Throws before that.</summary>
    public Status GetStatus() => getStatusFunc();

    /// <summary>What came with the status. Throws before the call is over.</summary>
    public Metadata GetTrailers() => getTrailersFunc();

    /// <inheritdoc/>
    public void Dispose() => disposeAction();
}
