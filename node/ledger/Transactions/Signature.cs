using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A public key and what it signed.</summary>
/// <param name="Scheme">How the key signs.</param>
/// <param name="PublicKey">32 bytes (secp256k1) or 33 (P-256).</param>
/// <param name="Value">64 bytes; whether they verify is not known here.</param>
public sealed record Signature(KeyScheme Scheme, ReadOnlyMemory<byte> PublicKey, ReadOnlyMemory<byte> Value)
{
    /// <summary>The address that the key hashes to.</summary>
    public Address Signer => Address.Of(Scheme, PublicKey.Span);

    /// <summary>True if the signature carries this very key.</summary>
    public bool IsOf(KeyScheme scheme, ReadOnlySpan<byte> publicKey) => Scheme == scheme && PublicKey.Span.SequenceEqual(publicKey);

    internal byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, (ulong)Scheme);
        writer.Bytes(2, PublicKey.Span);
        writer.Bytes(3, Value.Span);
        return writer.ToArray();
    }

    /// <summary>A signature as a field of a message, or null if it is absent.</summary>
    internal static Signature? ReadOptional(ref WireReader reader, int field)
    {
        if (!reader.TryElement(field, out ReadOnlySpan<byte> bytes))
            return null;
        reader.Fail(TryDecode(bytes, out Signature signature));
        return signature;
    }

    internal static Reason TryDecode(ReadOnlySpan<byte> bytes, out Signature signature)
    {
        WireReader reader = new(bytes);
        KeyScheme scheme = reader.Scheme(1);
        ReadOnlySpan<byte> publicKey = reader.Bytes(2);
        ReadOnlySpan<byte> value = reader.Bytes(3);
        if (publicKey.Length != scheme.PublicKeySize() || value.Length != KeySchemes.SignatureSize)
            reader.Fail(Reason.WrongFieldLength);
        Reason reason = reader.Finish();
        signature = reason == Reason.None ? new Signature(scheme, publicKey.ToArray(), value.ToArray()) : null!;
        return reason;
    }
}
