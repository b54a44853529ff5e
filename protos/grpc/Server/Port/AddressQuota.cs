using System.Net;
using AppChain.Grpc.Wire;

namespace AppChain.Grpc.Server;

/// <summary>
/// How many connections each remote address has, and may have, and the room for their bytes. When there is no place left, whoever has been
/// without a call for longest makes room, so that connections that say nothing shut nobody out.
/// </summary>
sealed class AddressQuota(GrpcPortOptions options, TimeProvider clock)
{
    // What a whole site may have, as a multiple of one address: the next wider network twice as much, each time.
    const int WiderFactor = 2;

    readonly Dictionary<AddressKey, Network> open = [];
    readonly ByteBudget arriving = new(options.Arriving.PerPort);
    readonly ByteBudget leaving = new(options.Leaving.PerPort);
    readonly IdleSeats idle = new(clock);
    readonly Lock gate = new();
    int strangers, handshakes;

    sealed class Network(ByteBudget arriving, ByteBudget leaving)
    {
        public int Connections { get; set; }

        public ByteBudget Arriving => arriving;

        public ByteBudget Leaving => leaving;
    }

    /// <summary>Takes one connection of an address's quota, to be given back with <see cref="Leave"/>. Null if it has no more.</summary>
    /// <param name="close">Closes the connection when it has to make room; see <see cref="ConnectionSeat"/>.</param>
    public ConnectionSeat? TryEnter(IPAddress address, Action<bool> close)
    {
        var keys = AddressKey.NetworksOf(address);
        var isStranger = !AddressKey.IsThisMachine(address);
        List<ConnectionSeat> leaving = [];
        ConnectionSeat? seat = null;
        lock (gate)
        {
            // Kestrel closes connections without a call, but not while an answer waits that nobody takes.
            while (idle.Overdue() is { } overdue) Dismiss(overdue, leaving);
            if (TryMakeRoom(keys, isStranger, leaving))
            {
                seat = new ConnectionSeat(this, keys, isStranger, TakeRoom(keys), close);
                if (isStranger) (strangers, handshakes) = (strangers + 1, handshakes + 1);
                idle.Rest(seat);
            }
        }
        foreach (var other in leaving) other.Close();
        return seat;
    }

    /// <summary>Gives a place back, if it was not taken away.</summary>
    public void Leave(ConnectionSeat seat)
    {
        lock (gate) Forget(seat);
    }

    public void Admit(ConnectionSeat seat)
    {
        lock (gate)
        {
            if (IsInHandshake(seat) && !seat.IsGone) handshakes--;
            seat.IsAdmitted = true;
        }
    }

    public bool TryBeginCall(ConnectionSeat seat)
    {
        lock (gate)
        {
            if (seat.IsGone) return false;
            if (seat.Calls++ == 0) idle.Call(seat);
            Move(seat);
            return true;
        }
    }

    public void Move(ConnectionSeat seat) => seat.Move(idle.Now);

    public void EndCall(ConnectionSeat seat)
    {
        lock (gate)
        {
            seat.HasCalled = true;
            if (--seat.Calls == 0 && !seat.IsGone) idle.Rest(seat);
        }
    }

    // The narrowest first: who makes room there makes room in all that is wider.
    bool TryMakeRoom(AddressKey[] keys, bool isStranger, List<ConnectionSeat> leaving)
    {
        var max = options.ConnectionsPerAddressMax;
        foreach (var key in keys)
        {
            var isFull = open.TryGetValue(key, out var found) && found.Connections >= max;
            if (isFull && !TryClose(seat => seat.Networks.Contains(key), leaving)) return false;
            max *= WiderFactor;
        }
        if (!isStranger) return true;
        // Who has not shown yet who it is makes room for such first.
        if (handshakes >= options.HandshakesMax && !TryClose(IsInHandshake, leaving)) return false;
        return strangers < options.StrangersMax || TryClose(IsInHandshake, leaving) || TryClose(static seat => seat.IsStranger, leaving);
    }

    static bool IsInHandshake(ConnectionSeat seat) => seat is { IsStranger: true, IsAdmitted: false };

    bool TryClose(Func<ConnectionSeat, bool> among, List<ConnectionSeat> leaving)
    {
        if (idle.Longest(among) is not { } seat) return false;
        Dismiss(seat, leaving);
        return true;
    }

    void Dismiss(ConnectionSeat seat, List<ConnectionSeat> leaving)
    {
        Forget(seat);
        leaving.Add(seat);
    }

    CallerRoom TakeRoom(AddressKey[] keys)
    {
        var (allArriving, allLeaving) = (arriving, leaving);
        for (var i = keys.Length - 1; i >= 0; i--) // the widest first: the narrower ones take out of it
        {
            if (!open.TryGetValue(keys[i], out var network))
            {
                network = new Network(new(options.Arriving.PerAddress, allArriving), new(options.Leaving.PerAddress, allLeaving));
                open.Add(keys[i], network);
            }
            network.Connections++;
            (allArriving, allLeaving) = (network.Arriving, network.Leaving);
        }
        return new CallerRoom(
            new(options.Arriving.PerConnection, allArriving), new(options.Leaving.PerConnection, allLeaving),
            options.MessageTimeout, options.StallTimeout, options.AnswerTimeout);
    }

    void Forget(ConnectionSeat seat)
    {
        if (seat.IsGone) return;
        seat.IsGone = true;
        idle.Remove(seat);
        if (seat.IsStranger) strangers--;
        if (IsInHandshake(seat)) handshakes--;
        // Networks without a connection are forgotten: the table is no larger than the number of connections allows.
        foreach (var key in seat.Networks)
        {
            if (--open[key].Connections == 0) open.Remove(key);
        }
    }
}
