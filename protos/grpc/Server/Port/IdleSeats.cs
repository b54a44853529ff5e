namespace AppChain.Grpc.Server;

/// <summary>Connections without a call, by how long that is so. Those that never made one come first when somebody has to go.</summary>
sealed class IdleSeats(TimeProvider clock)
{
    readonly LinkedList<ConnectionSeat> silent = [], rested = [];

    public void Add(ConnectionSeat seat)
    {
        seat.IdleSince = clock.GetTimestamp();
        seat.Idle = (seat.HasCalled ? rested : silent).AddLast(seat);
    }

    public void Remove(ConnectionSeat seat)
    {
        if (seat.Idle is { } node) node.List!.Remove(node);
        seat.Idle = null;
    }

    /// <summary>The one that has been idle longest, and for long enough to be closed; null if there is none.</summary>
    public ConnectionSeat? Longest(Func<ConnectionSeat, bool> among) =>
        Longest(silent, GrpcLimits.SilentKeep, among) ?? Longest(rested, GrpcLimits.RestedKeep, among);

    ConnectionSeat? Longest(LinkedList<ConnectionSeat> seats, TimeSpan keep, Func<ConnectionSeat, bool> among)
    {
        foreach (var seat in seats)
        {
            if (clock.GetElapsedTime(seat.IdleSince) < keep) return null; // nor have those behind it
            if (among(seat)) return seat;
        }
        return null;
    }
}
