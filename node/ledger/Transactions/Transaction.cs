using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A decoded transaction that is well formed by its bytes alone. Its signatures are not verified yet.</summary>
/// <remarks>
/// One way for everybody: <see cref="TryDecode"/> → verify what <see cref="CollectSignatures"/> lists →
/// <see cref="Admission.Check"/> → <see cref="Executor.Execute"/>.
/// </remarks>
public sealed class Transaction
{
    private static readonly HashTag IdTag = new("AppChain/transaction");

    private readonly ChainId chainId;

    private Transaction(
        ChainId chainId, ReadOnlyMemory<byte> encoded, ReadOnlyMemory<byte> bodyBytes, Body body, ImmutableArray<Signature> signatures, Hash256 id)
    {
        this.chainId = chainId;
        Encoded = encoded;
        BodyBytes = bodyBytes;
        Body = body;
        Signatures = signatures;
        Id = id;
    }

    /// <summary>The bytes as received.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The part of <see cref="Encoded"/> that id and signatures cover.</summary>
    public ReadOnlyMemory<byte> BodyBytes { get; }

    /// <summary>What the body bytes say.</summary>
    public Body Body { get; }

    /// <summary>The signer's, then those that the message asks for, in its order, then the fee payer's if the body names one.</summary>
    public ImmutableArray<Signature> Signatures { get; }

    /// <summary>True if the signer is a device: its sequence numbers are apart from those of an account with the same key.</summary>
    public bool IsOfDevice => Body.Message.SignedByDevice;

    /// <summary>The id, which is also the digest that every signature covers.</summary>
    public Hash256 Id { get; }

    /// <summary>The id of a body on a chain: <c>TaggedHash("AppChain/transaction", len(chain id) ‖ chain id ‖ body)</c>.</summary>
    public static Hash256 IdOf(ChainId chainId, ReadOnlySpan<byte> body) => IdTag.Hash(chainId.Prefix, body);

    /// <summary>Reads and checks everything that needs no state.</summary>
    /// <param name="encoded">Kept, not copied: it must not change afterwards.</param>
    /// <param name="chainId">The chain that the id is computed for.</param>
    /// <param name="transaction">The transaction if the result is <see cref="Reason.None"/>, else null.</param>
    /// <returns><see cref="Reason.None"/>, or a reason of stage decode. Never throws, whatever the bytes.</returns>
    public static Reason TryDecode(ReadOnlyMemory<byte> encoded, ChainId chainId, out Transaction? transaction)
    {
        transaction = null;
        if (encoded.Length is 0 or > LedgerLimits.TransactionBytesMax)
            return Reason.TransactionTooLarge;

        WireReader reader = new(encoded.Span);
        int bodyLength = reader.Bytes(1).Length;
        ReadOnlyMemory<byte> bodyBytes = encoded.Slice(reader.Position - bodyLength, bodyLength);
        ImmutableArray<Signature> signatures = ReadSignatures(ref reader);
        Reason reason = reader.Finish();
        if (reason != Reason.None)
            return reason;

        reason = Body.TryDecode(bodyBytes.Span, out Body? body);
        if (reason != Reason.None)
            return reason;

        Transaction decoded = new(chainId, encoded, bodyBytes, body!, signatures, IdOf(chainId, bodyBytes.Span));
        reason = decoded.CheckShape();
        if (reason == Reason.None)
            transaction = decoded;
        return reason;
    }

    /// <summary>Adds every signature that must verify, those inside the message included. Stateless.</summary>
    public void CollectSignatures(List<SignatureCheck> checks)
    {
        foreach (Signature signature in Signatures)
            checks.Add(new SignatureCheck(signature.Scheme, signature.PublicKey, Id, signature.Value));
        Body.Message.CollectSignatures(chainId, checks);
    }

    /// <summary>The encoding of a body and its signatures.</summary>
    internal static byte[] Encode(ReadOnlySpan<byte> body, IEnumerable<Signature> signatures)
    {
        WireWriter writer = new();
        writer.Bytes(1, body);
        foreach (Signature signature in signatures)
            writer.Element(2, signature.Encode());
        return writer.ToArray();
    }

    private static ImmutableArray<Signature> ReadSignatures(ref WireReader reader)
    {
        ImmutableArray<Signature>.Builder signatures = ImmutableArray.CreateBuilder<Signature>(1);
        while (reader.TryElement(2, out ReadOnlySpan<byte> bytes))
        {
            reader.Fail(Signature.TryDecode(bytes, out Signature signature));
            signatures.Add(signature);
            if (signatures.Count > LedgerLimits.SignaturesMax)
                reader.Fail(Reason.WrongSignatureCount);
        }
        return signatures.DrainToImmutable();
    }

    private Reason CheckShape()
    {
        if (Body.Message is MintRewards)
            return Reason.MintNotSubmittable;
        if (Signatures.Length != Body.Message.SignatureCount + (Body.FeePayer is null ? 0 : 1))
            return Reason.WrongSignatureCount;
        // Which key a device signs with, only the state knows: admission compares.
        if (!Body.Message.SignedByDevice && Signatures[0].Signer != Body.Signer)
            return Reason.SignerMismatch;
        if (Body.Sequence == 0)
            return Reason.SequenceZero;
        if (Body.FeePayer is { } payer && (Signatures[^1].Signer != payer || payer == Body.Signer))
            return Reason.FeePayerMismatch;
        return Body.Message.CheckShape(this);
    }
}
