using AppChain.Grpc.Wire;
using Grpc.Core;

namespace AppChain.Grpc.Server;

/// <summary>A handler's view of the responses of a call.</summary>
sealed class ResponseWriter<T>(MessageWriter<T> writer, ServerCall call) : IServerStreamWriter<T> where T : class
{
    OneAtATime writing;

    public WriteOptions? WriteOptions { get => call.WriteOptions; set => call.WriteOptions = value; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        writing.Enter("write");
        try
        {
            call.CancellationToken.ThrowIfCancellationRequested();
            using var either = cancellationToken.CanBeCanceled && cancellationToken != call.CancellationToken
                ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.CancellationToken)
                : null;
            call.MessageWritten = true;
            var token = either?.Token ?? call.CancellationToken;
            var sent = writer.WriteAsync(message, call.ResponseEncoding, WriteOptions, token);
            message = null!; // it may be large, and the caller slow
            if (!await sent.ConfigureAwait(false))
                throw CallerLost.From(null);
            call.Move();
        }
        finally
        {
            writing.Leave();
        }
    }
}
