using AppChain.Crypto;

namespace AppChain.Node.Doctor;

/// <summary>A peer as it should be.</summary>
/// <param name="Name">For people: "validator 2".</param>
/// <param name="Address">HOST:PORT where this node dials it.</param>
/// <param name="Key">The address of its consensus key; null: not known.</param>
public sealed record ExpectedPeer(string Name, string Address, Address? Key);

/// <summary>How far a call to a peer got.</summary>
public enum PeerAnswer
{
    /// <summary>No connection.</summary>
    None,

    /// <summary>A connection, but not with a node.</summary>
    NotANode,

    /// <summary>A node that refuses this one.</summary>
    Refused,

    /// <summary>All is well.</summary>
    Hello,
}

/// <summary>A peer as it is.</summary>
/// <param name="Detail">Why it did not get further; empty if it did.</param>
public sealed record PeerReport(ExpectedPeer Peer, PeerAnswer Answer, string Detail = "")
{
    /// <summary>The address of the consensus key that answers; null if no node does.</summary>
    public Address? Key { get; init; }

    /// <summary>The shortest time that a call took, there and back.</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>How far its clock is ahead of this machine's, to within half of <see cref="RoundTrip"/>.</summary>
    public TimeSpan ClockAhead { get; init; }

    /// <summary>Of its program.</summary>
    public string Version { get; init; } = "";

    /// <summary>Its last final block.</summary>
    public ulong Height { get; init; }

    /// <summary>Whether the peer is connected to this node, as this node says; null if it did not say.</summary>
    public bool? IsHeard { get; init; }
}

/// <summary>This node, as it says itself.</summary>
/// <param name="Problem">Why it could not be asked; null if it answered.</param>
public sealed record OwnReport(string Version, string PeerListen, TimeSpan LeaderTimeout, string? Problem)
{
    /// <summary>Its last final block; null if it could not be asked.</summary>
    public ulong? Height { get; init; }
}
