using AppChain.Crypto;
using AppChain.Protos.V1;
using Google.Protobuf;

namespace AppChain.Node.Peers;

/// <summary>Which chain this node is on and who it is there: what two nodes compare before anything else.</summary>
/// <param name="Node">What this node shows to others.</param>
/// <param name="Peers">Who the nodes are to each other, this one included.</param>
public sealed record ChainIdentity(string ChainId, NodeIdentity Node, PeerBook Peers)
{
    /// <summary>The number of a node whose key the chain does not know.</summary>
    public const int NoValidator = -1;

    /// <summary>Version of the peer protocol; nodes of different versions do not talk. 2: TLS with node certificates, signed batches.</summary>
    public const uint ProtocolVersion = 2;

    public Hash256 GenesisHash => Node.Genesis;

    /// <summary>This node's number as a peer.</summary>
    public int Validator => Peers.Own ?? NoValidator;

    /// <summary>The version of this program.</summary>
    public static string ProgramVersion { get; } = typeof(ChainIdentity).Assembly.GetName().Version!.ToString(3);

    public HelloRequest Hello() => new()
    {
        ChainId = ChainId,
        GenesisHash = ByteString.CopyFrom(GenesisHash.Bytes),
        Protocol = ProtocolVersion,
        Validator = Validator,
        Version = ProgramVersion,
    };

    /// <summary>Why the caller does not belong here, in one sentence; null if it does.</summary>
    /// <param name="caller">What its certificate says.</param>
    public string? Mismatch(HelloRequest said, NodeCertificate caller) =>
        said.Protocol != ProtocolVersion ? $"this node speaks peer protocol {ProtocolVersion}, the caller {said.Protocol}: run the same version on both"
        : said.ChainId != ChainId ? $"this node is on chain \"{ChainId}\", the caller on \"{PeerText.Clean(said.ChainId)}\""
        : caller.Genesis != GenesisHash || !said.GenesisHash.Span.SequenceEqual(GenesisHash.Bytes) ? OtherGenesis
        : caller.ConsensusKey.Span.SequenceEqual(Node.ConsensusKey.Span) ? "the caller has this node's own consensus key: stop one of the two at once, or move one to a key of its own"
        : said.Validator != NoValidator && Peers.NumberOf(caller.ConsensusKey.Span) is { } number && number != said.Validator
            ? $"the caller says that it is validator {said.Validator}, but its key is validator {number}'s"
        : null;

    /// <summary>What a caller of another genesis is told.</summary>
    public const string OtherGenesis = "the caller's genesis file differs from this node's: give both the same file";

    /// <summary>Why the node that answers is not the one that was called, in one sentence; null if it is, as far as this node's state can tell.</summary>
    /// <param name="expected">The number of the validator that was called.</param>
    public string? Stranger(NodeCertificate answering, int expected) => Peers.NumberOf(answering.ConsensusKey.Span) switch
    {
        { } number when number == expected => null,
        { } number when number == Peers.Own => "this node itself answers there: correct the address",
        { } number => $"validator {number} answers there: correct the address",
        // A number that the state has not given out yet: this node is behind, and learns later who it is.
        null => Peers.HasGivenOut(expected) ? $"a node answers there whose key is not validator {expected}'s: correct the address, or ask its operator which key it runs with" : null,
    };
}
