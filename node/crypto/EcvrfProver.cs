using System.Security.Cryptography;

namespace AppChain.Crypto;

/// <summary>The half of <see cref="Ecvrf"/> that needs the secret (RFC 9381 §5.1).</summary>
/// <remarks>
/// What touches the secret or the nonce takes the same time whatever they are: libsecp256k1's constant-time multiplications (of the
/// generator, and the one of its ECDH module), its arithmetic on secret keys, and HMAC-SHA256. The search for a point takes longer for some
/// inputs than for others, but it sees only the public key and the input. The nonce is RFC 6979's, not BIP-340's, and
/// a key's ECVRF challenges begin with the bytes <c>FE 02</c>, its signatures' with BIP-340's tag: one key serves both.
/// </remarks>
internal static unsafe class EcvrfProver
{
    /// <summary>Writes the proof and answers the output.</summary>
    /// <param name="secret">32 bytes, above zero and below the order.</param>
    /// <param name="proof">Takes <see cref="Ecvrf.ProofSize"/> bytes.</param>
    public static Hash256 Prove(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> input, Span<byte> proof)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(proof.Length, Ecvrf.ProofSize);
        CurvePoint key = CurvePoint.OfSecret(secret);
        Span<byte> encoded = stackalloc byte[CurvePoint.EncodedSize];
        key.Write(encoded);
        CurvePoint hashed = Ecvrf.Encode(encoded, input);
        CurvePoint gamma = hashed.TimesSecret(secret);
        gamma.Write(proof);
        hashed.Write(encoded);
        Span<byte> challenge = proof.Slice(CurvePoint.EncodedSize, Ecvrf.ChallengeSize);
        Span<byte> nonce = stackalloc byte[Ecvrf.ScalarSize];
        try
        {
            Rfc6979.Nonce(secret, Hashing.Sha256(encoded), nonce);
            Ecvrf.ChallengeOf(key, hashed, gamma, CurvePoint.OfSecret(nonce), hashed.TimesSecret(nonce), challenge);
            Respond(secret, nonce, challenge, proof[(CurvePoint.EncodedSize + Ecvrf.ChallengeSize)..]);
            return Ecvrf.OutputOf(gamma);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(nonce);
        }
    }

    // s = k + c·x. Before k is added the place of s holds a multiple of the secret, so it is written elsewhere first.
    private static void Respond(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> challenge, Span<byte> response)
    {
        Span<byte> scalar = stackalloc byte[Ecvrf.ScalarSize];
        Span<byte> sum = stackalloc byte[Ecvrf.ScalarSize];
        Ecvrf.Widen(challenge, scalar);
        secret.CopyTo(sum);
        fixed (byte* sumPointer = sum)
        fixed (byte* challengePointer = scalar)
        fixed (byte* noncePointer = nonce)
        {
            bool made = Secp256k1Native.SecretMultiply(Secp256k1Context.Shared, sumPointer, challengePointer) == 1
                && Secp256k1Native.SecretAdd(Secp256k1Context.Shared, sumPointer, noncePointer) == 1;
            if (made)
                sum.CopyTo(response);
            CryptographicOperations.ZeroMemory(sum);
            // c or s was zero: neither happens but once in 2¹²⁸ proofs.
            if (!made)
                throw new CryptographicException("libsecp256k1 refused a valid scalar.");
        }
    }
}
