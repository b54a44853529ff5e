namespace AppChain.Crypto;

/// <summary>
/// ECDSA over NIST P-256 with SHA-256, computed by the framework. What is signed is the 32-byte digest as a <em>message</em>, which ECDSA
/// hashes once more: that is all that WebCrypto, secure elements and phones can do. Signatures are <c>r ‖ s</c> (IEEE P1363).
/// Both <c>s</c> and <c>n − s</c> are accepted, since signing hardware makes either; a transaction's id does not cover its signatures.
/// All methods may be called from any number of threads at once.
/// </summary>
internal static class P256
{
    /// <summary>Length of a compressed public key in bytes: 0x02 or 0x03 (the parity of y), then x.</summary>
    public const int PublicKeySize = 33;

    /// <summary>Most keys kept ready between verifications, a few kilobytes each.</summary>
    public const int RecentKeysMax = 4_096;

    // Devices sign again and again. A key has one slot, by its hash; another that falls on it takes its place. A slot holds an immutable
    // object and is read and written whole, so no lock is needed; losing a race costs taking a key in once more.
    private static readonly P256PublicKey?[] RecentKeys = new P256PublicKey?[RecentKeysMax];

    /// <summary>True if the bytes are a compressed point on the curve.</summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> publicKey) => P256Point.TryDecompress(publicKey, out _);

    /// <summary>Verifies a signature over a message, of 32 bytes on the chain.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != PublicKeySize || signature.Length != KeySchemes.SignatureSize)
            return false;
        ref P256PublicKey? slot = ref RecentKeys[(uint)HashCodeSeed.Code(publicKey[1..]) % RecentKeysMax];
        P256PublicKey? recent = Volatile.Read(ref slot);
        if (recent is not null && recent.Is(publicKey))
            return recent.Verify(message, signature);

        P256PublicKey? key = P256PublicKey.TryCreate(publicKey);
        if (key is null)
            return false;
        bool valid = key.Verify(message, signature);
        // Only a key that has signed something takes another's slot: made-up keys push nobody out.
        if (valid)
            Volatile.Write(ref slot, key);
        else
            key.Dispose();
        return valid;
    }
}
