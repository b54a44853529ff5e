using System.Net;
using AppChain.Node.Pool;
using Grpc.Core;

namespace AppChain.Node.Rpc;

/// <summary>
/// Reads old blocks for callers: one at a time, each address in its turn, and never for more than a share of the time. Whoever has the chain
/// read out from its beginning, many times over and for nothing, has what consensus and those at the chain's end can spare.
/// </summary>
/// <param name="percent">The share of one processor's time, above 0; 100: no pause between two readings.</param>
public sealed class HistoryTurns(int percent, TimeProvider clock)
{
    private readonly FairQueue<IPAddress, IReading> waiting = new(NodeLimits.HistoryReadingsMax);

    private interface IReading
    {
        void Run();
    }

    /// <summary>Reads when it is this address's turn.</summary>
    /// <exception cref="OperationCanceledException">The caller does not wait any more.</exception>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: too many wait, of this address or in all.</exception>
    public Task<T> ReadAsync<T>(IPAddress from, Func<T> read, CancellationToken cancellation)
    {
        Reading<T> reading = new(read, cancellation);
        if (!waiting.TryAdd(from, reading))
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "Too many wait for old blocks: try again shortly, or another node."));
        return reading.Result.WaitAsync(cancellation);
    }

    /// <summary>Serves the turns until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        List<IReading> taken = [];
        TimeSpan owed = TimeSpan.Zero;
        while (true)
        {
            await waiting.WaitAsync(cancellation);
            for (bool more = true; more;)
            {
                taken.Clear();
                more = waiting.TakeInTurns(taken, 1);
                long start = clock.GetTimestamp();
                foreach (IReading reading in taken)
                    reading.Run();
                // By the clock: on a busy machine a reading takes longer, and the pause after it too.
                owed += clock.GetElapsedTime(start) * ((100 - percent) / (double)percent);
                if (owed < NodeLimits.HistoryPauseMin)
                    continue;
                await Task.Delay(owed < NodeLimits.HistoryPauseMax ? owed : NodeLimits.HistoryPauseMax, clock, cancellation);
                owed = TimeSpan.Zero;
            }
        }
    }

    private sealed class Reading<T>(Func<T> read, CancellationToken cancellation) : IReading
    {
        private readonly TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Result => result.Task;

        public void Run()
        {
            if (cancellation.IsCancellationRequested)
                return; // whose caller has left already
            try
            {
                result.SetResult(read());
            }
#pragma warning disable CA1031 // Whatever it is, it is the caller's: it is thrown there.
            catch (Exception e)
#pragma warning restore CA1031
            {
                result.SetException(e);
            }
        }
    }
}
