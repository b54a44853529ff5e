using AppChain.Grpc.Wire;
using Grpc.Core;

namespace AppChain.Grpc.Client;

/// <summary>A caller's view of the responses of a call.</summary>
sealed class ResponseReader<T>(ClientCall<T> call) : IAsyncStreamReader<T> where T : class
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
            using var cancellation = call.Ending.EndWith(cancellationToken);
            current = await call.ReadAsync().ConfigureAwait(false);
            return current is not null;
        }
        finally
        {
            reading.Leave();
        }
    }
}
