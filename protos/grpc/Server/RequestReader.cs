using AppChain.Grpc.Wire;
using Grpc.Core;

namespace AppChain.Grpc.Server;

/// <summary>A handler's view of the requests of a call.</summary>
sealed class RequestReader<T>(MessageReader<T> reader, ServerCall call) : IAsyncStreamReader<T> where T : class
{
    OneAtATime reading;
    T? current;

    public T Current => current ?? throw new InvalidOperationException("There is no current message.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        reading.Enter("read");
        try
        {
            current = null;
            using var either = cancellationToken.CanBeCanceled && cancellationToken != call.CancellationToken
                ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.CancellationToken)
                : null;
            var received = await reader.ReadAsync(either?.Token ?? call.CancellationToken).ConfigureAwait(false);
            if (received.Fault is { } fault) throw new RpcException(fault);
            call.RequestCompressed = reader.LastCompressed;
            current = received.Message;
            if (received.IsMessage) call.Move();
            return received.IsMessage;
        }
        catch (IOException cause)
        {
            throw CallerLost.From(cause);
        }
        finally
        {
            reading.Leave();
        }
    }
}
