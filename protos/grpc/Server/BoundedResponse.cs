using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace AppChain.Grpc.Server;

/// <summary>
/// A response's bytes on their way to a caller who may never read them. They count from the moment they are flushed until flow control lets them
/// through, and wait for that only so long; without room or time the stream is reset, which frees what it holds.
/// </summary>
sealed class BoundedResponse(PipeWriter inner, CallerRoom room, HttpContext http) : PipeWriter
{
    static readonly FlushResult Over = new(isCanceled: false, isCompleted: true);

    /// <summary>Whether the stream was reset from here: nothing more can be said, not even a status, which would wait behind what nobody reads.</summary>
    public bool IsOver { get; private set; }

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        FlushAsync(room.StallTimeout, cancellationToken);

    /// <summary>Ends the response. Its last bytes have until the deadline, if there is one, to be taken.</summary>
    public async ValueTask EndAsync(DateTime deadline)
    {
        if (inner.UnflushedBytes > 0)
        {
            // Kestrel would complete it at once and keep the bytes for as long as the caller likes.
            var (left, least, most) = (deadline - DateTime.UtcNow, GrpcLimits.LateResponseTimeout, room.StallTimeout);
            await FlushAsync(left > most ? most : left < least ? least : left, CancellationToken.None).ConfigureAwait(false);
        }
        if (!IsOver) await http.Response.CompleteAsync().ConfigureAwait(false);
    }

    ValueTask<FlushResult> FlushAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (IsOver) return new(Over);
        var bytes = inner.UnflushedBytes;
        if (!room.Leaving.TryTake(bytes))
        {
            Reset(StreamReset.EnhanceYourCalm);
            return new(Over);
        }
        // Without the token: Kestrel takes a cancelled flush for an internal error.
        var flush = inner.FlushAsync(CancellationToken.None);
        if (!flush.IsCompletedSuccessfully) return WaitAsync(flush.AsTask(), bytes, timeout, cancellationToken);
        room.Leaving.Give(bytes);
        return flush;
    }

    async ValueTask<FlushResult> WaitAsync(Task<FlushResult> flush, long bytes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await flush.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is TimeoutException or OperationCanceledException)
        {
            Reset(StreamReset.Cancel);
            await ((Task)flush).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the reset ends it
            if (cause is OperationCanceledException) throw;
            return Over;
        }
        finally
        {
            room.Leaving.Give(bytes);
        }
    }

    void Reset(int errorCode)
    {
        IsOver = true;
        StreamReset.Send(http, errorCode);
    }
}
