using System;

namespace AppChain.Consensus;

/// <summary>The three votes; a quorum of one kind for one body makes a certificate of the same kind.</summary>
public enum VoteKind : byte
{
    /// <summary>"This is a valid block of this view." A quorum is a <i>notarization</i>.</summary>
    Notarize = 1,

    /// <summary>"This view shall be skipped." A quorum is a <i>nullification</i>.</summary>
    Nullify = 2,

    /// <summary>"I hold this notarized block and shall never nullify its view." A quorum is a <i>finalization</i>.</summary>
    Finalize = 3,
}

/// <summary>What a vote says and a signature covers. A nullify names no block: parent view 0 and a zero hash.</summary>
public readonly record struct VoteBody(VoteKind Kind, Epoch Epoch, View View, View ParentView, Digest HeaderHash)
{
    internal const int Bytes = 1 + (3 * 8) + Digest.Size;

    public static VoteBody Nullify(Epoch epoch, View view) => new(VoteKind.Nullify, epoch, view, View.Genesis, Digest.Zero);

    public static VoteBody For(VoteKind kind, Header header, Digest headerHash) =>
        new(kind, header.Epoch, header.View, header.ParentView, headerHash);

    /// <summary>True if a vote may say this of the block: in the block's own view, or, for a boundary block, in a later view of its epoch in
    /// which it was proposed again (rule 11).</summary>
    public bool IsAbout(Header header, Digest headerHash) =>
        this == For(Kind, header, headerHash)
        || (header.EndsEpoch && Kind != VoteKind.Nullify && HeaderHash == headerHash && Epoch == header.Epoch
            && ParentView >= header.View && View > ParentView);

    /// <summary>The 32 bytes that are signed. They name the chain, so that a vote serves no other.</summary>
    public Digest SigningDigest(ChainId chainId)
    {
        var writer = new ByteWriter(1 + chainId.Bytes.Length + Bytes);
        writer.U8((byte)chainId.Bytes.Length);
        writer.Bytes(chainId.Bytes);
        Write(ref writer);
        return TaggedHash.Vote.Of(writer.Finish());
    }

    internal void Write(ref ByteWriter writer)
    {
        writer.U8((byte)Kind);
        writer.U64(Epoch.Value);
        writer.U64(View.Value);
        writer.U64(ParentView.Value);
        writer.Digest(HeaderHash);
    }

    internal static bool TryRead(ref ByteReader reader, out VoteBody body)
    {
        body = default;
        if (!reader.U8(out var kind) || kind is < (byte)VoteKind.Notarize or > (byte)VoteKind.Finalize
            || !reader.U64(out var epoch) || !reader.U64(out var view) || !reader.U64(out var parentView)
            || !reader.Digest(out var headerHash))
        {
            return false;
        }

        body = new VoteBody((VoteKind)kind, new Epoch(epoch), new View(view), new View(parentView), headerHash);
        // One encoding per meaning; and genesis is not voted on.
        return body.Kind == VoteKind.Nullify
            ? body == Nullify(body.Epoch, body.View) && body.View > View.Genesis
            : body.ParentView < body.View;
    }
}

/// <summary>A signed vote of one validator.</summary>
/// <param name="Signer">Index in the validator set.</param>
/// <param name="Signature">64 bytes over <see cref="VoteBody.SigningDigest"/>.</param>
public sealed record Vote(VoteBody Body, ushort Signer, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Length of a signature in bytes.</summary>
    public const int SignatureBytes = 64;

    internal const int Bytes = VoteBody.Bytes + 2 + SignatureBytes;

    public VoteKind Kind => Body.Kind;
    public View View => Body.View;

    /// <summary>True if the signer is in the set and the signature is its own.</summary>
    public bool IsValid(ChainId chainId, ValidatorSet validators, IVoteCrypto crypto) =>
        Signer < validators.Count
        && crypto.Verify(validators[Signer].PublicKey.Span, Body.SigningDigest(chainId), Signature.Span);

    internal void Write(ref ByteWriter writer)
    {
        Body.Write(ref writer);
        writer.U16(Signer);
        writer.Bytes(Signature.Span);
    }

    internal static bool TryRead(ref ByteReader reader, out Vote vote)
    {
        vote = null!;
        if (!VoteBody.TryRead(ref reader, out var body) || !reader.U16(out var signer)
            || !reader.Take(SignatureBytes, out var signature))
        {
            return false;
        }

        vote = new Vote(body, signer, signature.ToArray());
        return true;
    }
}
