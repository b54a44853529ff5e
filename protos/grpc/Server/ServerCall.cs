using AppChain.Grpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AppChain.Grpc.Server;

/// <summary>One call on the server: its deadline, its metadata and how it ends.</summary>
sealed class ServerCall : ServerCallContext, IDisposable
{
    readonly CallForm form;
    readonly GrpcServerLog log;
    readonly CancellationTokenSource? source;
    readonly CancellationToken stopping;
    readonly bool callerReadsGzip;
    readonly ConnectionSeat? seat;
    readonly TimeSpan? quietTimeout;
    QuietLimit? quiet;
    Metadata? requestHeaders;
    Metadata? responseTrailers;
    bool headersWritten;

    /// <param name="http">The request.</param>
    /// <param name="form">What the caller speaks.</param>
    /// <param name="timeout">How long the caller waits, or null for ever.</param>
    /// <param name="options">When the server stops, and how it compresses.</param>
    /// <param name="log">Where failures go that the caller must not see.</param>
    public ServerCall(HttpContext http, CallForm form, TimeSpan? timeout, GrpcServerOptions options, GrpcServerLog log)
    {
        Http = http;
        this.form = form;
        Body = new CallBody(http, form, http.Features.Get<CallerRoom>());
        http.Features.Get<AnswerTime>()?.Lift();
        seat = http.Features.Get<ConnectionSeat>();
        (stopping, quietTimeout) = (options.Stopping, options.QuietTimeout);
        this.log = log;
        callerReadsGzip = MessageEncodings.AcceptsGzip(http.Request.Headers[ProtocolHeaders.AcceptEncoding]);
        Compress(options.ResponseCompressionAlgorithm);
        if (timeout is null && !stopping.CanBeCanceled && quietTimeout is null) return;
        source = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        if (timeout is not { } limit) return;
        DeadlineCore = DateTime.UtcNow + limit;
        source.CancelAfter(limit);
    }

    public HttpContext Http { get; }

    public CallBody Body { get; }

    /// <summary>Whether a response message is in the response already, so that the status belongs after it.</summary>
    public bool MessageWritten { get; set; }

    /// <summary>How the response's messages are encoded.</summary>
    public MessageEncoding ResponseEncoding { get; private set; }

    /// <summary>Whether the request that was read last came compressed.</summary>
    public bool RequestCompressed { get; set; }

    bool CallerGone => Http.RequestAborted.IsCancellationRequested;

    bool DeadlinePassed => source is not null && source.IsCancellationRequested && !CallerGone && !stopping.IsCancellationRequested;

    protected override string MethodCore => Http.Request.Path.Value ?? "";

    protected override string HostCore => Http.Request.Host.Value ?? "";

    protected override string PeerCore => PeerAddress.Of(Http.Connection);

    protected override DateTime DeadlineCore { get; } = DateTime.MaxValue;

    protected override CancellationToken CancellationTokenCore => source?.Token ?? Http.RequestAborted;

    protected override Metadata RequestHeadersCore => requestHeaders ??= HttpMetadata.Read(Http.Request.Headers);

    protected override Metadata ResponseTrailersCore => responseTrailers ??= [];

    protected override Status StatusCore { get; set; } = Status.DefaultSuccess;

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (headersWritten || MessageWritten) throw new InvalidOperationException("The response headers are written already.");
        headersWritten = true;
        Compress(responseHeaders.GetValue(ProtocolHeaders.EncodingRequest));
        HttpMetadata.Write(responseHeaders, Http.Response.Headers);
        await Http.Response.Body.FlushAsync(CancellationToken).ConfigureAwait(false);
    }

    /// <summary>From now on the call ends when no message moves for as long as the options say.</summary>
    public void EndWhenQuiet()
    {
        if (quietTimeout is { } limit) quiet = new QuietLimit(limit, () => source!.CancelAfter(TimeSpan.Zero));
    }

    /// <summary>A message has come, or was taken.</summary>
    public void Move()
    {
        seat?.Move();
        quiet?.Move();
    }

    /// <summary>Decides the status of a call whose handler has thrown.</summary>
    public void Fail(Exception cause)
    {
        switch (cause)
        {
            case RpcException refusal:
                if (refusal.Status.DebugException is { } hidden && !CallerGone) log.HandlerFailed(Method, hidden);
                foreach (var entry in refusal.Trailers) ResponseTrailers.Add(entry);
                Status = refusal.Status;
                break;
            case OperationCanceledException:
                Status = stopping.IsCancellationRequested
                    ? new Status(StatusCode.Unavailable, "The server is stopping.")
                    : Status.DefaultCancelled;
                break;
            default:
                if (!CallerGone) log.HandlerFailed(Method, cause);
                // What went wrong inside is nothing that a caller should read.
                Status = new Status(StatusCode.Unknown, "The handler failed.");
                break;
        }
    }

    /// <summary>Ends a call whose response stream is beyond repair.</summary>
    public void Reset() => StreamReset.Send(Http, StreamReset.InternalError);

    /// <summary>Sends the status and the trailers: after the messages, or, if there were none, in place of the headers.</summary>
    public async ValueTask FinishAsync(Status status)
    {
        if (CallerGone)
        {
            log.CallerGone(Method);
            return;
        }
        if (Body.Bounded is { IsOver: true }) return;
        if (quiet is { IsOver: true })
        {
            var text = $"No message came or went for {quiet.Limit.TotalSeconds:0} s: call again when there is one.";
            status = new Status(StatusCode.Unavailable, text);
        }
        else if (DeadlinePassed) status = new Status(StatusCode.DeadlineExceeded, "The deadline passed.");

        var response = Http.Response;
        var trailersOnly = status.StatusCode != StatusCode.OK && !headersWritten && !MessageWritten;
        var destination = trailersOnly ? response.Headers
            : form != CallForm.Grpc ? new HeaderDictionary()
            : Http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        destination[ProtocolHeaders.Status] = StatusText.EncodeCode(status.StatusCode);
        if (!string.IsNullOrEmpty(status.Detail)) destination[ProtocolHeaders.Message] = StatusText.EncodeDetail(status.Detail);
        if (responseTrailers is not null) HttpMetadata.Write(responseTrailers, destination);

        if (form != CallForm.Grpc && !trailersOnly) await Body.WriteTrailersAsync(destination, Http.RequestAborted).ConfigureAwait(false);
        if (Body.Bounded is { } bounded) await bounded.EndAsync(DeadlineCore).ConfigureAwait(false);
        else await response.CompleteAsync().ConfigureAwait(false);
    }

    // An encoding that the caller cannot read is not used, whoever asked for it: not compressed is always right.
    void Compress(string? encoding)
    {
        if (!callerReadsGzip || MessageEncodings.Parse(encoding) != MessageEncoding.Gzip) return;
        ResponseEncoding = MessageEncoding.Gzip;
        Http.Response.Headers[ProtocolHeaders.Encoding] = MessageEncodings.NameOf(ResponseEncoding);
    }

    public void Dispose()
    {
        quiet?.Dispose();
        source?.Dispose();
    }
}
