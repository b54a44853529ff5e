using System.Security.Cryptography;

namespace AppChain.Crypto;

/// <summary>
/// A verifiable random function: the holder of a key computes one output for an input, nobody can tell it from random without the key, and
/// its proof convinces everyone. RFC 9381's construction over secp256k1 with SHA-256 and try-and-increment, suite string <c>0xFE</c>
/// (ECVRF-SECP256K1-SHA256-TAI). A proof is <c>Γ:33 ‖ c:16 ‖ s:32</c>. All methods may be called from any number of threads at once.
/// </summary>
/// <remarks>
/// For one key and input there is one output (RFC 9381's full uniqueness): the curve's order is prime, so no key is a bad one, and even who
/// chose the key cannot choose among outputs. Proofs are not unique: whoever has the key can make others, with the same output.
/// Two proofs that RFC 9381 admits are refused here: those with c = 0 or s = 0, or a commitment at infinity. No honest prover meets them
/// but once in 2¹²⁸ tries, and the library has no form for them.
/// </remarks>
public static class Ecvrf
{
    /// <summary>Bytes of a proof.</summary>
    public const int ProofSize = CurvePoint.EncodedSize + ChallengeSize + ScalarSize;

    internal const int ChallengeSize = 16;
    internal const int ScalarSize = 32;

    private const byte Suite = 0xFE;
    private const byte EncodeToCurve = 1, Challenge = 2, ProofToHash = 3;
    private const byte EvenY = 2;

    /// <summary>
    /// True if the proof is the key's for this input; then also the output that it proves. Any bytes may be asked about: a wrong length,
    /// points off the curve and numbers at or above its order answer false.
    /// </summary>
    /// <param name="publicKey">32 bytes, x only, as BIP-340 has it.</param>
    /// <param name="input">What the output is drawn for; RFC 9381 calls it alpha.</param>
    /// <exception cref="NativeLibraryMissingException">libsecp256k1 is not installed.</exception>
    public static bool TryVerify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> input, ReadOnlySpan<byte> proof, out Hash256 output)
    {
        output = default;
        if (publicKey.Length != Secp256k1.PublicKeySize)
            return false;
        Span<byte> compressed = stackalloc byte[CurvePoint.EncodedSize];
        compressed[0] = EvenY;
        publicKey.CopyTo(compressed[1..]);
        return TryVerifyCompressed(compressed, input, proof, out output);
    }

    /// <summary>The same for a compressed key of 33 bytes, as the published vectors have them.</summary>
    internal static bool TryVerifyCompressed(
        ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> input, ReadOnlySpan<byte> proof, out Hash256 output)
    {
        output = default;
        if (proof.Length != ProofSize
            || !CurvePoint.TryParse(publicKey, out CurvePoint key)
            || !CurvePoint.TryParse(proof[..CurvePoint.EncodedSize], out CurvePoint gamma))
            return false;
        ReadOnlySpan<byte> challenge = proof.Slice(CurvePoint.EncodedSize, ChallengeSize);
        ReadOnlySpan<byte> response = proof[(CurvePoint.EncodedSize + ChallengeSize)..];
        CurvePoint hashed = Encode(publicKey, input);
        if (!TryCommitments(key, hashed, gamma, challenge, response, out CurvePoint u, out CurvePoint v))
            return false;
        Span<byte> expected = stackalloc byte[ChallengeSize];
        ChallengeOf(key, hashed, gamma, u, v, expected);
        if (!challenge.SequenceEqual(expected))
            return false;
        output = OutputOf(gamma);
        return true;
    }

    // U = s·B − c·Y and V = s·H − c·Γ. Everything here is public, so the library's faster variable-time multiplication serves.
    private static bool TryCommitments(
        CurvePoint key, CurvePoint hashed, CurvePoint gamma, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> response,
        out CurvePoint u, out CurvePoint v)
    {
        Span<byte> scalar = stackalloc byte[ScalarSize];
        Widen(challenge, scalar);
        (u, v) = (key, gamma);
        return u.TryMultiply(scalar) && v.TryMultiply(scalar) && hashed.TryMultiply(response)
            && u.Negate().TryAddGenerator(response)
            && CurvePoint.TryAdd(hashed, v.Negate(), out v);
    }

    /// <summary>RFC 9381 §5.4.1.1, encode_to_curve_try_and_increment, with the public key as salt.</summary>
    internal static CurvePoint Encode(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> input)
    {
        Span<byte> candidate = stackalloc byte[CurvePoint.EncodedSize];
        candidate[0] = EvenY;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int counter = 0; counter <= byte.MaxValue; counter++)
        {
            hash.AppendData([Suite, EncodeToCurve]);
            hash.AppendData(publicKey);
            hash.AppendData(input);
            hash.AppendData([(byte)counter, 0]);
            hash.GetHashAndReset(candidate[1..]);
            if (CurvePoint.TryParse(candidate, out CurvePoint point))
                return point;
        }
        // Each try fails with probability 1/2.
        throw new CryptographicException("256 hashes in a row are no point of the curve: SHA-256 or libsecp256k1 is broken.");
    }

    /// <summary>RFC 9381 §5.4.3: 16 bytes.</summary>
    internal static void ChallengeOf(CurvePoint key, CurvePoint hashed, CurvePoint gamma, CurvePoint u, CurvePoint v, Span<byte> challenge)
    {
        Span<byte> message = stackalloc byte[2 + 5 * CurvePoint.EncodedSize + 1];
        message[0] = Suite;
        message[1] = Challenge;
        ReadOnlySpan<CurvePoint> points = [key, hashed, gamma, u, v];
        for (int i = 0; i < points.Length; i++)
            points[i].Write(message[(2 + i * CurvePoint.EncodedSize)..]);
        message[^1] = 0;
        Hashing.Sha256(message).Bytes[..ChallengeSize].CopyTo(challenge);
    }

    /// <summary>A challenge as a scalar of 32 bytes.</summary>
    internal static void Widen(ReadOnlySpan<byte> challenge, Span<byte> scalar)
    {
        scalar.Clear();
        challenge.CopyTo(scalar[(ScalarSize - ChallengeSize)..]);
    }

    /// <summary>RFC 9381 §5.2; the cofactor is 1.</summary>
    internal static Hash256 OutputOf(CurvePoint gamma)
    {
        Span<byte> message = stackalloc byte[2 + CurvePoint.EncodedSize + 1];
        message[0] = Suite;
        message[1] = ProofToHash;
        gamma.Write(message[2..]);
        message[^1] = 0;
        return Hashing.Sha256(message);
    }
}
