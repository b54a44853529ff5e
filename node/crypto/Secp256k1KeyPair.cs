using System.Security.Cryptography;

namespace AppChain.Crypto;

/// <summary>
/// A secp256k1 key that signs by BIP-340. The library's key pair is kept whole, so that signing does not compute the public key again.
/// </summary>
/// <remarks>
/// Nonces are made with 32 zero bytes of auxiliary randomness unless the caller gives others: the same key and digest give the same
/// signature, so runs and tests can be repeated and signing never depends on a good random source. That is safe because BIP-340
/// derives the nonce from the secret, the public key and the message together: it is unknown to others, and one nonce never serves two
/// messages. What randomness would add is protection against someone who measures or disturbs the signing machine itself;
/// a key within reach of such an attacker belongs in a secure element, which is what the P-256 scheme is for.
/// </remarks>
internal sealed unsafe class Secp256k1KeyPair : KeyPair
{
    private static readonly byte[] NoAuxiliary = new byte[32];

    // Zeroed bytes are no key pair to the library, which would abort the process over them: the owner signs no more after Dispose.
    private readonly byte[] keyPair;

    private Secp256k1KeyPair(byte[] keyPair)
    {
        this.keyPair = keyPair;
        PublicKey = DerivePublicKey(keyPair);
    }

    public override byte[] PublicKey { get; }

    /// <summary>Null unless the secret is 32 bytes, above zero and below the order.</summary>
    /// <exception cref="NativeLibraryMissingException">libsecp256k1 is not installed.</exception>
    public static Secp256k1KeyPair? TryCreate(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != KeySchemes.SecretKeySize)
            return null;
        byte[] keyPair = GC.AllocateArray<byte>(Secp256k1Native.KeyPairSize, pinned: true);
        fixed (byte* pairPointer = keyPair)
        fixed (byte* secretPointer = secret)
        {
            if (Secp256k1Native.KeyPairCreate(Secp256k1Context.Shared, pairPointer, secretPointer) != 1)
                return null;
        }
        return new Secp256k1KeyPair(keyPair);
    }

    public override void Sign(Hash256 digest, Span<byte> signature) => Sign(digest, NoAuxiliary, signature);

    /// <summary>Signs with 32 bytes of auxiliary randomness.</summary>
    internal void Sign(Hash256 digest, ReadOnlySpan<byte> auxiliary, Span<byte> signature)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(auxiliary.Length, 32);
        ArgumentOutOfRangeException.ThrowIfNotEqual(signature.Length, KeySchemes.SignatureSize);
        fixed (byte* signaturePointer = signature)
        fixed (byte* digestPointer = digest.Bytes)
        fixed (byte* auxiliaryPointer = auxiliary)
        fixed (byte* pairPointer = keyPair)
        {
            Require(Secp256k1Native.Sign32(Secp256k1Context.Shared, signaturePointer, digestPointer, pairPointer, auxiliaryPointer));
        }
    }

    public override void ExportSecret(Span<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, KeySchemes.SecretKeySize);
        fixed (byte* secretPointer = secret)
        fixed (byte* pairPointer = keyPair)
            Require(Secp256k1Native.KeyPairSecret(Secp256k1Context.Shared, secretPointer, pairPointer));
    }

    /// <summary>Writes the ECVRF proof for the input and answers the output; <see cref="Ecvrf.ProofSize"/> bytes. Its key is the public one
    /// with an even y.</summary>
    internal Hash256 Prove(ReadOnlySpan<byte> input, Span<byte> proof)
    {
        byte* secret = stackalloc byte[KeySchemes.SecretKeySize];
        var secretSpan = new Span<byte>(secret, KeySchemes.SecretKeySize);
        byte* parsed = stackalloc byte[Secp256k1Native.ParsedPublicKeySize];
        int isOdd;
        try
        {
            fixed (byte* pairPointer = keyPair)
            {
                Require(Secp256k1Native.KeyPairSecret(Secp256k1Context.Shared, secret, pairPointer));
                Require(Secp256k1Native.KeyPairPublicKey(Secp256k1Context.Shared, parsed, &isOdd, pairPointer));
            }
            // An x-only key stands for the point with an even y (BIP-340): where the secret's has an odd one, its negative is the secret.
            if (isOdd == 1)
                Require(Secp256k1Native.SecretNegate(Secp256k1Context.Shared, secret));
            return EcvrfProver.Prove(secretSpan, input, proof);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secretSpan);
        }
    }

    public override void Dispose() => CryptographicOperations.ZeroMemory(keyPair);

    private static byte[] DerivePublicKey(byte[] keyPair)
    {
        byte[] publicKey = new byte[Secp256k1.PublicKeySize];
        byte* parsed = stackalloc byte[Secp256k1Native.ParsedPublicKeySize];
        fixed (byte* pairPointer = keyPair)
        fixed (byte* publicPointer = publicKey)
        {
            Require(Secp256k1Native.KeyPairPublicKey(Secp256k1Context.Shared, parsed, null, pairPointer));
            Require(Secp256k1Native.PublicKeySerialize(Secp256k1Context.Shared, publicPointer, parsed));
        }
        return publicKey;
    }

    // None of these can fail for a valid key pair; a failure means that memory or the library is broken.
    private static void Require(int answer)
    {
        if (answer != 1)
            throw new CryptographicException("libsecp256k1 refused a valid key pair.");
    }
}
