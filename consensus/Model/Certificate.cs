using System;
using System.Collections.Generic;
using System.Numerics;

namespace AppChain.Consensus;

/// <summary>Why a certificate is or is not to be believed.</summary>
public enum CertificateCheck
{
    Valid,

    /// <summary>A signer's index lies outside the validator set.</summary>
    UnknownSigner,

    /// <summary>The signers' power is not a quorum.</summary>
    NoQuorum,

    /// <summary>At least one signature is not its signer's.</summary>
    BadSignature,
}

/// <summary>One signer's part of a certificate.</summary>
public readonly record struct CertificateSignature(ushort Signer, ReadOnlyMemory<byte> Signature);

/// <summary>
/// Votes of a quorum for one body: a notarization, nullification or finalization, by the body's kind. Anyone who knows the
/// validator set can check it, so it may come from anyone.
/// </summary>
public sealed class Certificate
{
    Certificate(VoteBody body, IReadOnlyList<CertificateSignature> signatures)
    {
        Body = body;
        Signatures = signatures;
    }

    public VoteBody Body { get; }

    /// <summary>Ascending by signer, each signer once.</summary>
    public IReadOnlyList<CertificateSignature> Signatures { get; }

    public VoteKind Kind => Body.Kind;
    public View View => Body.View;

    /// <param name="body">What all signers signed.</param>
    /// <param name="signatures">Ascending by signer, each once, at least one.</param>
    public static Certificate Of(VoteBody body, IReadOnlyList<CertificateSignature> signatures)
    {
        Invariant.Check(signatures.Count > 0, "a certificate has signers");
        for (var i = 1; i < signatures.Count; i++)
        {
            Invariant.Check(signatures[i - 1].Signer < signatures[i].Signer, "a certificate's signers ascend");
        }

        return new Certificate(body, signatures);
    }

    /// <summary>Checks signers, then power, then each signature. The caller has checked the epoch, which names the set.</summary>
    public CertificateCheck Check(ChainId chainId, ValidatorSet validators, IVoteCrypto crypto)
    {
        if (Signatures[^1].Signer >= validators.Count)
        {
            return CertificateCheck.UnknownSigner;
        }

        ulong power = 0;
        foreach (var part in Signatures)
        {
            power += validators[part.Signer].Power;
        }

        if (!validators.IsQuorum(power))
        {
            return CertificateCheck.NoQuorum;
        }

        var digest = Body.SigningDigest(chainId);
        foreach (var part in Signatures)
        {
            if (!crypto.Verify(validators[part.Signer].PublicKey.Span, digest, part.Signature.Span))
            {
                return CertificateCheck.BadSignature;
            }
        }

        return CertificateCheck.Valid;
    }

    /// <summary>True if this makes the block final: a valid finalization of it by the set of its epoch, in the block's own view or, for a
    /// boundary block, a later one (rule 11).</summary>
    public bool Finalizes(Header header, ChainId chainId, ValidatorSet validators, IVoteCrypto crypto) =>
        Kind == VoteKind.Finalize && Body.IsAbout(header, header.Hash) && Check(chainId, validators, crypto) == CertificateCheck.Valid;

    public byte[] Encode()
    {
        var writer = new ByteWriter(EncodedLength);
        Write(ref writer);
        return writer.Finish();
    }

    /// <summary>False for malformed bytes, an empty or not minimal bitmap, too many signers or trailing bytes. Never throws.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Certificate certificate)
    {
        var reader = new ByteReader(bytes);
        return TryRead(ref reader, out certificate) && reader.AtEnd;
    }

    int BitmapLength => (Signatures[^1].Signer / 8) + 1;

    internal int EncodedLength => VoteBody.Bytes + 2 + BitmapLength + (Signatures.Count * Vote.SignatureBytes);

    internal void Write(ref ByteWriter writer)
    {
        Span<byte> bitmap = stackalloc byte[BitmapLength];
        foreach (var part in Signatures)
        {
            bitmap[part.Signer / 8] |= (byte)(1 << (part.Signer % 8));
        }

        Body.Write(ref writer);
        writer.U16((ushort)bitmap.Length);
        writer.Bytes(bitmap);
        foreach (var part in Signatures)
        {
            writer.Bytes(part.Signature.Span);
        }
    }

    internal static bool TryRead(ref ByteReader reader, out Certificate certificate)
    {
        certificate = null!;
        // One encoding per meaning: the bitmap ends with the byte of the last signer.
        if (!VoteBody.TryRead(ref reader, out var body) || !reader.U16(out var bitmapLength)
            || bitmapLength is 0 or > ConsensusLimits.ValidatorsMax / 8
            || !reader.Take(bitmapLength, out var bitmap) || bitmap[^1] == 0)
        {
            return false;
        }

        var count = 0;
        foreach (var octet in bitmap)
        {
            count += BitOperations.PopCount(octet);
        }

        if (!reader.Take(count * Vote.SignatureBytes, out var signatureBytes))
        {
            return false;
        }

        var signatures = new List<CertificateSignature>(count);
        for (ushort signer = 0; signer < bitmap.Length * 8; signer++)
        {
            if ((bitmap[signer / 8] & (1 << (signer % 8))) != 0)
            {
                var signature = signatureBytes.Slice(signatures.Count * Vote.SignatureBytes, Vote.SignatureBytes);
                signatures.Add(new CertificateSignature(signer, signature.ToArray()));
            }
        }

        certificate = new Certificate(body, signatures);
        return true;
    }
}
