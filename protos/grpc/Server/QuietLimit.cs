using System.Diagnostics;

namespace AppChain.Grpc.Server;

/// <summary>Ends a call on which no message moves, either way, for too long. Each message costs a write to memory, and no timer.</summary>
sealed class QuietLimit : IDisposable
{
    readonly TimeSpan limit;
    readonly Action over;
    readonly Lock gate = new();
    readonly Timer timer;
    long movedAt = Stopwatch.GetTimestamp();
    bool isOver, isDisposed;

    /// <param name="limit">For how long.</param>
    /// <param name="over">Ends the call; not after this is disposed of.</param>
    public QuietLimit(TimeSpan limit, Action over)
    {
        (this.limit, this.over) = (limit, over);
        timer = new Timer(static self => ((QuietLimit)self!).Look(), this, limit, Timeout.InfiniteTimeSpan);
    }

    public bool IsOver => Volatile.Read(ref isOver);

    public TimeSpan Limit => limit;

    /// <summary>A message has moved.</summary>
    public void Move() => Volatile.Write(ref movedAt, Stopwatch.GetTimestamp());

    public void Dispose()
    {
        lock (gate) isDisposed = true;
        timer.Dispose();
    }

    void Look()
    {
        lock (gate)
        {
            if (isDisposed) return;
            var left = limit - Stopwatch.GetElapsedTime(Volatile.Read(ref movedAt));
            if (left > TimeSpan.Zero)
            {
                timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }
            isOver = true;
            over();
        }
    }
}
