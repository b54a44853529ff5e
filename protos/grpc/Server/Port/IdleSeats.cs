namespace AppChain.Grpc.Server;

/// <summary>
/// Connections by what they do, for when somebody has to go: first those that never made a call, then those without one, and last those
/// whose calls have moved no message for long, which a caller can keep up at no cost.
/// </summary>
sealed class IdleSeats(TimeProvider clock)
{
    readonly LinkedList<ConnectionSeat> silent = [], rested = [], calling = [];

    public long Now => clock.GetTimestamp();

    /// <summary>It has no call.</summary>
    public void Rest(ConnectionSeat seat)
    {
        Remove(seat);
        seat.IdleSince = Now;
        seat.Place = (seat.HasCalled ? rested : silent).AddLast(seat);
    }

    /// <summary>It has a call.</summary>
    public void Call(ConnectionSeat seat)
    {
        Remove(seat);
        seat.Place = calling.AddLast(seat);
    }

    public void Remove(ConnectionSeat seat)
    {
        if (seat.Place is { } node) node.List!.Remove(node);
        seat.Place = null;
    }

    /// <summary>The one that has been idle longest, and for long enough to be closed; null if there is none.</summary>
    public ConnectionSeat? Longest(Func<ConnectionSeat, bool> among) =>
        Longest(silent, GrpcLimits.SilentKeep, among) ?? Longest(rested, GrpcLimits.RestedKeep, among) ?? Quietest(among);

    /// <summary>One that has been without a call for longer than any may; null if there is none.</summary>
    public ConnectionSeat? Overdue() => Overdue(silent) ?? Overdue(rested);

    ConnectionSeat? Overdue(LinkedList<ConnectionSeat> seats) => seats.First is { Value: var seat }
        && clock.GetElapsedTime(seat.IdleSince) >= GrpcLimits.IdleConnectionTimeout + GrpcLimits.IdleGrace ? seat : null;

    ConnectionSeat? Longest(LinkedList<ConnectionSeat> seats, TimeSpan keep, Func<ConnectionSeat, bool> among)
    {
        foreach (var seat in seats)
        {
            if (clock.GetElapsedTime(seat.IdleSince) < keep) return null; // nor have those behind it
            if (among(seat)) return seat;
        }
        return null;
    }

    // Not kept in order, which would cost every message a lock: it is asked for only when there is no other place left.
    ConnectionSeat? Quietest(Func<ConnectionSeat, bool> among) => calling.Where(among).MinBy(static seat => seat.MovedAt) is { } quietest
        && clock.GetElapsedTime(quietest.MovedAt) >= GrpcLimits.QuietKeep ? quietest : null;
}
