using Grpc.Core;

namespace AppChain.Grpc.Client;

/// <summary>How one call ends: once, by whatever comes first of status, failure, deadline, cancellation and disposal.</summary>
sealed class CallEnding
{
    readonly CancellationTokenSource source;
    readonly DateTime? deadline;
    readonly CancellationToken callerToken;
    readonly CancellationToken channelClosing;
    readonly Action release;
    Outcome? outcome;

    /// <param name="options">The caller's token and deadline.</param>
    /// <param name="channelClosing">Fires when the channel is disposed.</param>
    /// <param name="release">Frees what the call holds. Called once.</param>
    public CallEnding(in CallOptions options, CancellationToken channelClosing, Action release)
    {
        this.release = release;
        deadline = RequestHeaders.Deadline(options);
        callerToken = options.CancellationToken;
        this.channelClosing = channelClosing;
        source = CancellationTokenSource.CreateLinkedTokenSource(channelClosing, callerToken);
        Token = source.Token;
    }

    /// <summary>Fires when the call is to end or has ended.</summary>
    public CancellationToken Token { get; }

    public bool IsOver => Volatile.Read(ref outcome) is not null;

    public Status Status => Ended().Status;

    public Metadata Trailers => Ended().Trailers;

    /// <summary>
    /// Whether a cancellation now is the deadline's: the server's timer may have been first (gRPC over HTTP/2, Client Cancellation).
    /// </summary>
    bool DeadlinePassed => deadline is { } end && end - GrpcLimits.DeadlineSkewMax <= DateTime.UtcNow;

    /// <summary>Starts the deadline's timer and listens to the tokens. To be called once, when the call can be ended.</summary>
    public void Arm()
    {
        if (deadline is { } end)
        {
            var left = end - DateTime.UtcNow;
            if (left > GrpcLimits.DeadlineMax) left = GrpcLimits.DeadlineMax;
            if (left > TimeSpan.Zero) source.CancelAfter(left);
            else source.Cancel();
        }
        Token.UnsafeRegister(static state => ((CallEnding)state!).EndByToken(), this);
    }

    /// <summary>Ends the call, unless it is over, and says how it ended.</summary>
    public RpcException End(Status status, Metadata trailers)
    {
        if (status.StatusCode == StatusCode.Cancelled && DeadlinePassed) status = DeadlineExceeded;
        if (Interlocked.CompareExchange(ref outcome, new Outcome(status, trailers), null) is not null) return Failure();
        source.Cancel();
        release();
        source.Dispose();
        return Failure();
    }

    /// <summary>Ends the call because of an exception of the transport.</summary>
    public RpcException End(Exception cause)
    {
        // The transport may see the token fire before this does.
        if (Token.IsCancellationRequested) EndByToken();
        return IsOver ? Failure() : End(TransportFailure.StatusOf(cause), Metadata.Empty);
    }

    /// <summary>Lets a further token end the call, until disposed.</summary>
    public CancellationTokenRegistration EndWith(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static state => ((CallEnding)state!).End(Status.DefaultCancelled, Metadata.Empty), this);

    /// <summary>Why a request could not be sent. The server may have answered early: then its status waits to be read.</summary>
    public Exception WriteFailure(Exception? cause)
    {
        if (IsOver)
        {
            return Status.StatusCode == StatusCode.OK
                ? new InvalidOperationException("The server has answered: the call is over.", cause)
                : Failure();
        }
        return new RpcException(new Status(StatusCode.Unavailable, "The server takes no more requests; its answer says why.", cause));
    }

    static Status DeadlineExceeded => new(StatusCode.DeadlineExceeded, "The deadline passed.");

    /// <summary>The exception for a call that is over and did not succeed.</summary>
    public RpcException Failure() => new(Status, Trailers);

    // Three things fire the token. The timer is the one that is left: the clock is not asked, since timers may fire a little early.
    void EndByToken()
    {
        if (callerToken.IsCancellationRequested) End(new Status(StatusCode.Cancelled, "The caller cancelled the call."), Metadata.Empty);
        else if (channelClosing.IsCancellationRequested) End(new Status(StatusCode.Cancelled, "The channel is closed."), Metadata.Empty);
        else End(DeadlineExceeded, Metadata.Empty);
    }

    Outcome Ended() => Volatile.Read(ref outcome) ?? throw new InvalidOperationException("The call is not over yet.");

    sealed record Outcome(Status Status, Metadata Trailers);
}
