using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace AppChain.Grpc.Server;

/// <summary>A connection that may have to make room. Closed in order it gets a GOAWAY, so that calls that are about to end do, and is cut
/// off soon after.</summary>
sealed class ClosingConnection(ConnectionContext connection) : IDisposable
{
    readonly Lock gate = new();
    Timer? late;
    bool isOver;

    public void Close(bool isInOrder)
    {
        if (!isInOrder || connection.Features.Get<IConnectionLifetimeNotificationFeature>() is not { } life)
        {
            Cut();
            return;
        }
        lock (gate)
        {
            if (isOver) return;
            // Who goes on all the same has no place any more, and would be one more than there may be.
            late = new Timer(static self => ((ClosingConnection)self!).Cut(), this, GrpcLimits.GoAwayKeep, Timeout.InfiniteTimeSpan);
        }
        life.RequestClose();
    }

    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
            late?.Dispose();
        }
    }

    void Cut() => connection.Abort(new ConnectionAbortedException("Others wanted its place, and it moved nothing."));
}
