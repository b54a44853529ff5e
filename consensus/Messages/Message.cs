using System;

namespace AppChain.Consensus;

/// <summary>
/// What validators send each other. All of it may be lost, repeated or reordered, and is decoded strictly (layouts in README.md).
/// Votes, certificates and blocks prove themselves; requests are merely answered, within a budget.
/// </summary>
public abstract record Message
{
    Message()
    {
    }

    /// <summary>The epoch that it belongs to: a core takes those of its own only (rule 11).</summary>
    public abstract Epoch Epoch { get; }

    /// <summary>A block with its leader's own notarize vote, whose body follows from the header.</summary>
    public sealed record Proposal(Block Block, ReadOnlyMemory<byte> Signature) : Message
    {
        public override Epoch Epoch => Block.Header.Epoch;

        public Vote LeaderVote => new(VoteBody.For(VoteKind.Notarize, Block.Header, Block.Hash), Block.Header.Leader, Signature);
    }

    public sealed record Ballot(Vote Vote) : Message
    {
        public override Epoch Epoch => Vote.Body.Epoch;
    }

    public sealed record Proof(Certificate Certificate) : Message
    {
        public override Epoch Epoch => Certificate.Body.Epoch;
    }

    /// <summary>"I am in <paramref name="View"/> and have finalised <paramref name="Finalized"/>; send me what I need to go on."</summary>
    /// <param name="From">The lowest view of which a certificate is wanted.</param>
    public sealed record StatusRequest(Epoch Epoch, View Finalized, View From, View View) : Message
    {
        public override Epoch Epoch { get; } = Epoch;
    }

    /// <summary>Asks for a certified block by its hash.</summary>
    public sealed record BlockRequest(Epoch Epoch, View View, Digest HeaderHash) : Message
    {
        public override Epoch Epoch { get; } = Epoch;
    }

    public sealed record BlockResponse(Block Block) : Message
    {
        public override Epoch Epoch => Block.Header.Epoch;
    }

    public byte[] Encode() => MessageCodec.Encode(this);

    /// <summary>False for anything but exactly one well-formed message of at most <see cref="ConsensusLimits.MessageBytesMax"/> bytes.
    /// Never throws. Signatures are checked by the core.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Message message) => MessageCodec.TryDecode(bytes, out message);
}
