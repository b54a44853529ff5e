using System;
using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Two votes of one validator in the encoding of consensus (consensus/README.md, rule 10): each kind:1 ‖ epoch:8 ‖ view:8 ‖ parentView:8 ‖ header hash:32 ‖
/// seat:2 ‖ signature:64. The ledger knows no consensus; a test holds the two readings together.
/// </summary>
public readonly ref struct EvidenceVotes
{
    /// <summary>Bytes of the evidence.</summary>
    public const int Size = 2 * VoteSize;

    private const int BodySize = 1 + (3 * 8) + Hash256.Size;
    private const int VoteSize = BodySize + 2 + KeySchemes.SignatureSize;
    private const byte Notarize = 1;
    private const byte Nullify = 2;
    private const byte Finalize = 3;
    private static readonly HashTag VoteTag = new("AppChain/vote");

    private readonly ReadOnlySpan<byte> first;
    private readonly ReadOnlySpan<byte> second;

    /// <param name="evidence"><see cref="Size"/> bytes.</param>
    public EvidenceVotes(ReadOnlySpan<byte> evidence)
    {
        first = evidence[..VoteSize];
        second = evidence[VoteSize..];
    }

    /// <summary>The epoch of consensus of the first vote.</summary>
    public ulong Epoch => BinaryPrimitives.ReadUInt64BigEndian(first[1..]);

    /// <summary>True if the votes are of one seat, epoch and view, and one validator may not cast both.</summary>
    public bool Contradict
    {
        get
        {
            bool sameView = first[1..17].SequenceEqual(second[1..17]) && first[BodySize..(BodySize + 2)].SequenceEqual(second[BodySize..(BodySize + 2)]);
            return sameView && IsVote(first) && IsVote(second) && (first[0], second[0]) switch
            {
                (Notarize, Notarize) or (Finalize, Finalize) => !first[..BodySize].SequenceEqual(second[..BodySize]),
                (Nullify, Finalize) or (Finalize, Nullify) => true,
                _ => false,
            };
        }
    }

    /// <summary>The signature of a vote, by the key that shall have made it.</summary>
    /// <param name="index">0 or 1.</param>
    public SignatureCheck Signature(int index, ChainId chainId, ReadOnlyMemory<byte> consensusKey)
    {
        ReadOnlySpan<byte> vote = index == 0 ? first : second;
        Hash256 digest = VoteTag.Hash(chainId.Prefix, vote[..BodySize]);
        return new SignatureCheck(KeyScheme.Secp256k1, consensusKey, digest, vote[(BodySize + 2)..].ToArray());
    }

    // One encoding per meaning: a nullify names no block; and a block's parent lies in an earlier view.
    private static bool IsVote(ReadOnlySpan<byte> vote)
    {
        ulong view = BinaryPrimitives.ReadUInt64BigEndian(vote[9..]);
        ulong parentView = BinaryPrimitives.ReadUInt64BigEndian(vote[17..]);
        return vote[0] == Nullify
            ? view > 0 && !vote[17..BodySize].ContainsAnyExcept((byte)0)
            : parentView < view;
    }
}
