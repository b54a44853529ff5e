using System.Security.Cryptography;

namespace AppChain.Crypto;

/// <summary>
/// A P-256 key held by the framework. Its ECDSA draws a random nonce for each signature, so signing the same digest twice gives two
/// signatures, both valid.
/// </summary>
internal sealed class P256KeyPair : KeyPair
{
    // The order of the curve's group (FIPS 186-4, D.1.2.3), big-endian: equal lengths compare as the numbers do.
    private static readonly byte[] Order = Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    private readonly ECDsa ecdsa;

    private P256KeyPair(ECDsa ecdsa)
    {
        this.ecdsa = ecdsa;
        PublicKey = P256Point.Compress(ecdsa.ExportParameters(includePrivateParameters: false).Q);
    }

    public override byte[] PublicKey { get; }

    /// <summary>Null unless the secret is 32 bytes, above zero and below the order.</summary>
    public static P256KeyPair? TryCreate(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != KeySchemes.SecretKeySize || !secret.ContainsAnyExcept((byte)0) || secret.SequenceCompareTo(Order) >= 0)
            return null;
        byte[] copy = GC.AllocateArray<byte>(KeySchemes.SecretKeySize, pinned: true);
        secret.CopyTo(copy);
        try
        {
            return new P256KeyPair(ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = copy }));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    public override void Sign(Hash256 digest, Span<byte> signature)
    {
        bool fits = ecdsa.TrySignData(
            digest.Bytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out int written);
        if (!fits || written != KeySchemes.SignatureSize)
            throw new CryptographicException($"A P-256 signature has {KeySchemes.SignatureSize} bytes, not {written}.");
    }

    public override void ExportSecret(Span<byte> secret)
    {
        byte[] exported = ecdsa.ExportParameters(includePrivateParameters: true).D!;
        exported.CopyTo(secret);
        CryptographicOperations.ZeroMemory(exported);
    }

    public override void Dispose() => ecdsa.Dispose();
}
