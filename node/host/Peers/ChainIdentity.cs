using AppChain.Crypto;
using AppChain.Protos.V1;
using Google.Protobuf;

namespace AppChain.Node.Peers;

/// <summary>Which chain this node is on and who it is there: what the first call between two nodes compares.</summary>
/// <param name="Validator">This node's index in the validator set.</param>
public sealed record ChainIdentity(string ChainId, Hash256 GenesisHash, int Validator)
{
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
