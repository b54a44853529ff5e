using System.Security.Cryptography;

namespace AppChain.Crypto;

/// <summary>
/// A public key that the framework has taken in, which costs several times what a verification does: decompression, and a check that the
/// point has the group's order. Safe for use by any number of threads; it verifies one signature at a time.
/// </summary>
/// <remarks>
/// Only a key that nobody else has seen is disposed. One that was shared and is replaced may still be verifying for another thread,
/// so its native memory goes when the last user lets go.
/// </remarks>
internal sealed class P256PublicKey : IDisposable
{
    // The framework does not promise that one ECDsa object may be used by two threads.
    private readonly Lock gate = new();
    private readonly ECDsa ecdsa;
    private readonly byte[] compressed;

    private P256PublicKey(ECDsa ecdsa, byte[] compressed)
    {
        this.ecdsa = ecdsa;
        this.compressed = compressed;
    }

    /// <summary>Null unless the bytes are a compressed point on the curve.</summary>
    public static P256PublicKey? TryCreate(ReadOnlySpan<byte> compressed) => P256Point.TryDecompress(compressed, out ECPoint point)
        ? new P256PublicKey(ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }), compressed.ToArray())
        : null;

    /// <summary>True if this is the key of these bytes.</summary>
    public bool Is(ReadOnlySpan<byte> other) => other.SequenceEqual(compressed);

    /// <summary>Verifies a signature <c>r ‖ s</c> of 64 bytes.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        lock (gate)
            return ecdsa.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
    public void Dispose() => ecdsa.Dispose();
}
