using AppChain.Grpc.Wire;
using Grpc.Core;

namespace AppChain.Grpc.Client;

/// <summary>A caller's stream of requests.</summary>
/// <param name="content">The body that they go into.</param>
/// <param name="marshaller">Encodes a request.</param>
/// <param name="ending">How the call ends: why a write fails.</param>
/// <param name="response">The call's only response, if it has but one: it arrives, and ends the call, whether awaited or not.</param>
sealed class RequestWriter<T>(RequestStreamContent content, Marshaller<T> marshaller, CallEnding ending, Task? response)
    : IClientStreamWriter<T> where T : class
{
    OneAtATime writing;
    MessageWriter<T>? writer;
    bool completed;

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        writing.Enter("write");
        try
        {
            if (completed) throw new InvalidOperationException("The stream of requests is completed.");
            using var cancellation = ending.EndWith(cancellationToken);
            if (!await TryWriteAsync(message).ConfigureAwait(false)) throw await FailureAsync(null).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            throw await FailureAsync(cause).ConfigureAwait(false);
        }
        finally
        {
            writing.Leave();
        }
    }

    public Task CompleteAsync()
    {
        writing.Enter("write");
        completed = true;
        content.Complete();
        writing.Leave();
        return Task.CompletedTask;
    }

    async ValueTask<Exception> FailureAsync(Exception? cause)
    {
        if (response is not null) await response.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ending.WriteFailure(cause);
    }

    async ValueTask<bool> TryWriteAsync(T message)
    {
        writer ??= new MessageWriter<T>(await content.Opened.ConfigureAwait(false), marshaller);
        if (ending.IsOver) return false;
        try
        {
            return await writer.WriteAsync(message, content.Encoding, WriteOptions, ending.Token).ConfigureAwait(false);
        }
        finally
        {
            if (writer.Broken) ending.End(new Status(StatusCode.Internal, "A request could not be encoded."), Metadata.Empty);
        }
    }
}
