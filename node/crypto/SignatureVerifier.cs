namespace AppChain.Crypto;

/// <summary>One question to the verifier: did the holder of this key sign this digest? Any bytes may be asked about.</summary>
/// <param name="Scheme">How the key signs; a number that is no scheme answers no.</param>
/// <param name="PublicKey">32 bytes (secp256k1) or 33 (P-256); any other length answers no.</param>
/// <param name="Digest">What was signed: for P-256 it is the message that ECDSA hashes once more.</param>
/// <param name="Signature">64 bytes; any other length answers no.</param>
public readonly record struct SignatureCheck(
    KeyScheme Scheme, ReadOnlyMemory<byte> PublicKey, Hash256 Digest, ReadOnlyMemory<byte> Signature);

/// <summary>
/// Verifies signatures of both schemes. Hostile bytes (wrong lengths, points off the curve, zero, numbers at or above
/// the order) are answered with false, never with an exception. All methods may be called from any number of threads at once.
/// </summary>
public static class SignatureVerifier
{
    /// <summary>True if the signature is the key's over the digest.</summary>
    /// <exception cref="NativeLibraryMissingException">libsecp256k1 is needed and not installed.</exception>
    public static bool Verify(in SignatureCheck check) => Verify(check.Scheme, check.PublicKey.Span, check.Digest, check.Signature.Span);

    /// <summary>The same for bytes that lie in spans.</summary>
    /// <exception cref="NativeLibraryMissingException">libsecp256k1 is needed and not installed.</exception>
    public static bool Verify(KeyScheme scheme, ReadOnlySpan<byte> publicKey, Hash256 digest, ReadOnlySpan<byte> signature) => scheme switch
    {
        KeyScheme.Secp256k1 => Secp256k1.Verify(publicKey, digest.Bytes, signature),
        KeyScheme.P256 => P256.Verify(publicKey, digest.Bytes, signature),
        _ => false,
    };

    /// <summary>
    /// Answers a whole batch, in order: <paramref name="results"/>[i] is the answer to <paramref name="checks"/>[i].
    /// All on the calling thread. Many checks of secp256k1 cost much less together than one by one (<see cref="SchnorrBatch"/>), as long as
    /// nearly all are good; the answers are the same.
    /// </summary>
    /// <exception cref="ArgumentException">There are fewer places for results than checks.</exception>
    /// <exception cref="NativeLibraryMissingException">libsecp256k1 is needed and not installed.</exception>
    public static void Verify(ReadOnlySpan<SignatureCheck> checks, Span<bool> results)
    {
        if (results.Length < checks.Length)
            throw new ArgumentException($"{checks.Length} checks do not fit {results.Length} results.", nameof(results));
        int ofSchnorr = 0;
        foreach (ref readonly SignatureCheck check in checks)
            ofSchnorr += check.Scheme == KeyScheme.Secp256k1 ? 1 : 0;
        bool isBatch = ofSchnorr >= SchnorrBatch.SignaturesMin && FieldLanes.IsSupported;
        if (isBatch)
            SchnorrBatches.Verify(checks, results);
        for (int i = 0; i < checks.Length; i++)
        {
            if (!isBatch || checks[i].Scheme != KeyScheme.Secp256k1)
                results[i] = Verify(in checks[i]);
        }
    }

    /// <summary>
    /// True if the bytes are a public key of the scheme: of its length, and a point on its curve. No signature is ever
    /// valid for bytes that are not, so a record need not be kept for them.
    /// </summary>
    /// <exception cref="NativeLibraryMissingException">libsecp256k1 is needed and not installed.</exception>
    public static bool IsPublicKey(KeyScheme scheme, ReadOnlySpan<byte> publicKey) => scheme switch
    {
        KeyScheme.Secp256k1 => Secp256k1.IsPublicKey(publicKey),
        KeyScheme.P256 => P256.IsPublicKey(publicKey),
        _ => false,
    };
}
