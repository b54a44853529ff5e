using AppChain.Consensus;

namespace AppChain.Node.Driver;

/// <summary>What comes to the driver, in the order in which it came.</summary>
public abstract record Arrival
{
    private Arrival()
    {
    }

    /// <param name="Peer">Whom the caller says it is; consensus believes signatures only.</param>
    public sealed record FromPeer(int Peer, Message Message) : Arrival;

    /// <summary>The chain's or block sync's answer to the core.</summary>
    public sealed record Answer(Input Input) : Arrival;

    /// <summary>The boundary block of the present epoch is committed.</summary>
    public sealed record NextEpoch(EpochStart Start) : Arrival;
}
