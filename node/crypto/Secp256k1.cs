namespace AppChain.Crypto;

/// <summary>
/// BIP-340 Schnorr signatures over secp256k1, computed by libsecp256k1.
/// All methods may be called from any number of threads at once: they share one context that nothing changes after its creation.
/// </summary>
public static unsafe class Secp256k1
{
    /// <summary>Length of an x-only public key in bytes.</summary>
    public const int PublicKeySize = 32;

    /// <summary>Loads the library. A program calls this as it starts, so that a missing library stops it there with one line.</summary>
    /// <exception cref="NativeLibraryMissingException">libsecp256k1 is not installed, or cannot do BIP-340.</exception>
    public static void EnsureLoaded() => _ = Secp256k1Context.Shared;

    /// <summary>True if the bytes are the x coordinate of a point on the curve, written below the field's size.</summary>
    internal static bool IsPublicKey(ReadOnlySpan<byte> publicKey)
    {
        byte* parsed = stackalloc byte[Secp256k1Native.ParsedPublicKeySize];
        return TryParse(publicKey, parsed);
    }

    /// <summary>Verifies a signature over a message of any length (the chain signs 32-byte digests; BIP-340 allows any).</summary>
    internal static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        byte* parsed = stackalloc byte[Secp256k1Native.ParsedPublicKeySize];
        if (signature.Length != KeySchemes.SignatureSize || !TryParse(publicKey, parsed))
            return false;
        fixed (byte* signaturePointer = signature)
        fixed (byte* messagePointer = message)
        {
            return Secp256k1Native.Verify(
                Secp256k1Context.Shared, signaturePointer, messagePointer, (nuint)message.Length, parsed) == 1;
        }
    }

    // The length comes first: the library reads 32 bytes whatever we give it.
    private static bool TryParse(ReadOnlySpan<byte> publicKey, byte* parsed)
    {
        if (publicKey.Length != PublicKeySize)
            return false;
        fixed (byte* pointer = publicKey)
            return Secp256k1Native.PublicKeyParse(Secp256k1Context.Shared, parsed, pointer) == 1;
    }
}
