using AppChain.Crypto;
using AppChain.Protos.V1;
using Google.Protobuf;

namespace AppChain.Node.Peers;

/// <summary>Which chain this node is on and who it is there: what the first call between two nodes compares.</summary>
/// <param name="Peers">Who the nodes are to each other, this one included.</param>
public sealed record ChainIdentity(string ChainId, Hash256 GenesisHash, PeerBook Peers)
{
    /// <summary>The number of a node whose key the chain does not know.</summary>
    public const int NoValidator = -1;

    /// <summary>This node's number as a peer.</summary>
    public int Validator => Peers.Own ?? NoValidator;

    /// <summary>Version of the peer protocol; nodes of different versions do not talk.</summary>
    public const uint ProtocolVersion = 1;

    public HelloRequest Hello() => new()
    {
        ChainId = ChainId,
        GenesisHash = ByteString.CopyFrom(GenesisHash.Bytes),
        Protocol = ProtocolVersion,
        Validator = Validator,
    };

    /// <summary>Why the caller does not belong here, in one sentence; null if it does.</summary>
    public string? Mismatch(HelloRequest other) =>
        other.Protocol != ProtocolVersion ? $"this node speaks peer protocol {ProtocolVersion}, the caller {other.Protocol}: run the same version on both"
        : other.ChainId != ChainId ? $"this node is on chain \"{ChainId}\", the caller on \"{other.ChainId}\""
        : !other.GenesisHash.Span.SequenceEqual(GenesisHash.Bytes) ? "the caller's genesis file differs from this node's: give both the same file"
        : null;
}
