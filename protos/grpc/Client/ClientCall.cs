using System.IO.Pipelines;
using System.Net.Http.Headers;
using AppChain.Grpc.Wire;
using Grpc.Core;

namespace AppChain.Grpc.Client;

/// <summary>One call on the client: sends the request, reads the responses, finds the status.</summary>
sealed class ClientCall<TResponse> : IDisposable where TResponse : class
{
    readonly GrpcChannel channel;
    readonly HttpRequestMessage request;
    readonly Marshaller<TResponse> marshaller;
    readonly bool one;
    readonly TaskCompletionSource<Metadata> responseHeaders = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task<MessageReader<TResponse>?> opening;
    HttpResponseMessage? response;

    /// <param name="channel">Sends the request.</param>
    /// <param name="request">The headers and the body.</param>
    /// <param name="marshaller">Decodes a response.</param>
    /// <param name="one">Whether there is one response, and not a stream of them.</param>
    /// <param name="options">The caller's token and deadline.</param>
    public ClientCall(GrpcChannel channel, HttpRequestMessage request, Marshaller<TResponse> marshaller, bool one, in CallOptions options)
    {
        this.one = one;
        this.channel = channel;
        this.request = request;
        this.marshaller = marshaller;
        Ending = new CallEnding(options, channel.Closing, Release);
        Ending.Arm();
        opening = OpenAsync();
    }

    public CallEnding Ending { get; }

    public Task<Metadata> ResponseHeaders => responseHeaders.Task;

    public Status GetStatus() => Ending.Status;

    public Metadata GetTrailers() => Ending.Trailers;

    /// <summary>The only response of the call.</summary>
    public Task<TResponse> ReadOnlyAsync()
    {
        var reading = ReadOnlyCoreAsync();
        // A caller that only wants the status, or gives the call up, need not await the response.
        reading.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return reading;
    }

    /// <summary>The next response, or null at the end of a call that succeeded.</summary>
    public async ValueTask<TResponse?> ReadAsync()
    {
        var received = await ReceiveAsync().ConfigureAwait(false);
        if (received.IsMessage) return received.Message;
        EndByTrailers();
        return Ending.Status.StatusCode == StatusCode.OK ? null : throw Ending.Failure();
    }

    public void Dispose() => Ending.End(new Status(StatusCode.Cancelled, "The call was disposed."), Metadata.Empty);

    async Task<TResponse> ReadOnlyCoreAsync()
    {
        var received = await ReceiveAsync().ConfigureAwait(false);
        EndByTrailers();
        return Ending.Status.StatusCode == StatusCode.OK ? received.Message! : throw Ending.Failure();
    }

    // Throws the call's status unless it found a message or the end of a stream.
    async ValueTask<Received<TResponse>> ReceiveAsync()
    {
        if (await opening.ConfigureAwait(false) is not { } reader)
            return Ending.Status.StatusCode == StatusCode.OK ? Received<TResponse>.End : throw Ending.Failure();
        try
        {
            var received = one
                ? await reader.ReadOnlyAsync(Ending.Token).ConfigureAwait(false)
                : await reader.ReadAsync(Ending.Token).ConfigureAwait(false);
            if (one || !received.IsMessage) reader.Complete();
            if (received.Fault is not { } fault) return received;
            // A server that fails sends a status in place of its message: that says more than that the message is missing.
            if (StatusIn(response!.TrailingHeaders) is { StatusCode: not StatusCode.OK }) EndBy(response.TrailingHeaders);
            throw Ending.End(fault, Metadata.Empty);
        }
        catch (Exception cause) when (cause is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            throw Ending.End(cause);
        }
    }

    // The reader of the responses, or null if the call has ended: refused, failed, or answered with a status alone.
    async Task<MessageReader<TResponse>?> OpenAsync()
    {
        if (Ending.IsOver) return null;
        try
        {
            response = await channel.SendAsync(request, Ending.Token).ConfigureAwait(false);
            if (Ending.IsOver) response.Dispose();
            return await OpenAsync(response).ConfigureAwait(false);
        }
        // The request body is encoded within the send, by foreign code: whatever it throws is this call's failure.
        catch (Exception cause)
        {
            Ending.End(cause);
            return null;
        }
    }

    async ValueTask<MessageReader<TResponse>?> OpenAsync(HttpResponseMessage response)
    {
        if (StatusIn(response.Headers) is { } status)
        {
            responseHeaders.TrySetResult(Metadata.Empty);
            if (one && status.StatusCode == StatusCode.OK)
                Ending.End(new Status(StatusCode.Internal, "The server sent no message."), Metadata.Empty);
            else
                EndBy(response.Headers);
            return null;
        }
        if (response.StatusCode != System.Net.HttpStatusCode.OK)
        {
            Ending.End(TransportFailure.StatusOf(response.StatusCode), Metadata.Empty);
            return null;
        }
        if (!ProtocolHeaders.IsGrpc(response.Content.Headers.ContentType?.ToString()))
        {
            Ending.End(new Status(StatusCode.Unknown, "The answer is not gRPC."), Metadata.Empty);
            return null;
        }
        responseHeaders.TrySetResult(ResponseMetadata.Read(response.Headers));
        var encoding = MessageEncodings.Parse(ResponseMetadata.Find(response.Headers, ProtocolHeaders.Encoding));
        var body = PipeReader.Create(await response.Content.ReadAsStreamAsync(Ending.Token).ConfigureAwait(false));
        return new(body, marshaller, encoding, channel.MaxReceiveMessageSize, StatusCode.Internal);
    }

    void EndByTrailers()
    {
        if (!Ending.IsOver) EndBy(response!.TrailingHeaders);
    }

    void EndBy(HttpResponseHeaders headers) =>
        Ending.End(StatusIn(headers) ?? TransportFailure.StatusOf(response!.StatusCode), ResponseMetadata.Read(headers));

    static Status? StatusIn(HttpResponseHeaders headers) => ResponseMetadata.Find(headers, ProtocolHeaders.Status) is { } code
        ? new Status(StatusText.DecodeCode(code), StatusText.DecodeDetail(ResponseMetadata.Find(headers, ProtocolHeaders.Message) ?? ""))
        : null;

    void Release()
    {
        if (responseHeaders.TrySetException(Ending.Failure())) _ = responseHeaders.Task.Exception;
        (request.Content as RequestStreamContent)?.Abandon();
        response?.Dispose();
    }
}
