using System.IO.Pipelines;
using System.Net;
using AppChain.Grpc.Wire;

namespace AppChain.Grpc.Client;

/// <summary>A request body that stays open while messages are written into it.</summary>
/// <param name="encoding">How its messages are encoded.</param>
sealed class RequestStreamContent(MessageEncoding encoding) : HttpContent
{
    readonly TaskCompletionSource<PipeWriter> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MessageEncoding Encoding { get; } = encoding;

    /// <summary>The body, once the transport has a stream for it; cancelled if the call ends before that.</summary>
    public Task<PipeWriter> Opened => opened.Task;

    /// <summary>No message follows.</summary>
    public void Complete() => completed.TrySetResult();

    /// <summary>The call is over: what is not sent yet never will be.</summary>
    public void Abandon()
    {
        opened.TrySetCanceled();
        completed.TrySetCanceled();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The headers must not wait for the first message: the server may want to speak first.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        var pipe = RequestPipe.Over(stream);
        // Messages may be gone with an earlier connection and cannot be sent again.
        if (!opened.TrySetResult(pipe)) throw new IOException("A stream of requests cannot be started again.");
        await completed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await pipe.CompleteAsync().ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
