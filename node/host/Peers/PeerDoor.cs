namespace AppChain.Node.Peers;

/// <summary>What stands at the peer port: who calls, what callers may have under way, and who was refused.</summary>
public sealed record PeerDoor(PeerCallers Callers, PeerPlaces Places, RefusedCallers Refused);
