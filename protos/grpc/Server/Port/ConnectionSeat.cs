namespace AppChain.Grpc.Server;

/// <summary>A connection's place in its port's quotas, until it leaves or has to make room. A feature of the connection, which its calls
/// find.</summary>
/// <param name="quota">Whose place it is; its lock guards all that changes here.</param>
/// <param name="networks">What its address counts for, the narrowest first.</param>
/// <param name="close">Closes the connection; true: in order, so that calls that are about to end do.</param>
sealed class ConnectionSeat(AddressQuota quota, AddressKey[] networks, bool isStranger, CallerRoom room, Action<bool> close)
{
    long movedAt;

    public AddressKey[] Networks => networks;

    public bool IsStranger => isStranger;

    public CallerRoom Room => room;

    /// <summary>Calls under way.</summary>
    public int Calls { get; set; }

    /// <summary>Whether a call has ended on it.</summary>
    public bool HasCalled { get; set; }

    /// <summary>Since when there is no call on it.</summary>
    public long IdleSince { get; set; }

    /// <summary>When the last call began on it, or the last message of one came or was taken. Any thread.</summary>
    public long MovedAt => Volatile.Read(ref movedAt);

    /// <summary>Its place among those that may have to make room.</summary>
    public LinkedListNode<ConnectionSeat>? Place { get; set; }

    /// <summary>Whether its handshake is done.</summary>
    public bool IsAdmitted { get; set; }

    /// <summary>Whether its place is given back.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether another endpoint serves it, which cannot be asked to close it in order.</summary>
    public bool IsHandedOver { get; set; }

    /// <summary>Its handshake is done, and its certificate accepted.</summary>
    public void Admit() => quota.Admit(this);

    /// <summary>A call begins. False if the connection had to make room: nothing that it does is counted any more, and nothing
    /// served.</summary>
    public bool TryBeginCall() => quota.TryBeginCall(this);

    public void EndCall() => quota.EndCall(this);

    /// <summary>A message has come, or was taken. Any thread.</summary>
    public void Move(long now) => Volatile.Write(ref movedAt, now);

    /// <inheritdoc cref="Move(long)"/>
    public void Move() => quota.Move(this);

    public void Close() => close((HasCalled || Calls > 0) && !IsHandedOver);
}
