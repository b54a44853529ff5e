namespace AppChain.Grpc.Server;

/// <summary>A connection's place in its port's quotas, until it leaves or has to make room. A feature of the connection, which its calls find.</summary>
/// <param name="quota">Whose place it is; its lock guards all that changes here.</param>
/// <param name="networks">What its address counts for, the narrowest first.</param>
/// <param name="close">Closes the connection; true: in order, with calls that begin just now.</param>
sealed class ConnectionSeat(AddressQuota quota, AddressKey[] networks, bool isStranger, CallerRoom room, Action<bool> close)
{
    public AddressKey[] Networks => networks;

    public bool IsStranger => isStranger;

    public CallerRoom Room => room;

    /// <summary>Calls under way.</summary>
    public int Calls { get; set; }

    /// <summary>Whether a call has ended on it.</summary>
    public bool HasCalled { get; set; }

    /// <summary>Since when there is no call on it.</summary>
    public long IdleSince { get; set; }

    /// <summary>Its place among those without a call; null while there is one.</summary>
    public LinkedListNode<ConnectionSeat>? Idle { get; set; }

    /// <summary>Whether its place is given back.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether another endpoint serves it, which cannot be asked to close it in order.</summary>
    public bool IsHandedOver { get; set; }

    public void BeginCall() => quota.BeginCall(this);

    public void EndCall() => quota.EndCall(this);

    public void Close() => close(HasCalled && !IsHandedOver);
}
