using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AppChain.Crypto;

/// <summary>
/// The coefficients of a sum of signatures, 128 bits each, the first being 1. Who knew them could make bad signatures whose errors cancel.
/// They are hashed from a seed that is the hash of fresh random bytes and of all signatures with their keys and messages: drawn after these are fixed,
/// unknown to everybody before; and still no one's choice if the random bytes were not random.
/// </summary>
internal static class SchnorrCoefficients
{
    private const int Together = 256;

    /// <summary>Draws one for each.</summary>
    public static void Draw(ReadOnlySpan<SchnorrTerm> terms, Span<UInt128> coefficients)
    {
        Span<byte> messages = stackalloc byte[Together * (Hash256.Size + sizeof(int))];
        Span<int> ends = stackalloc int[Together];
        Span<Hash256> digests = stackalloc Hash256[Together];
        Hash256 seed = SeedOf(terms);
        // Each digest gives two.
        for (int from = 0; from < coefficients.Length; from += 2 * Together)
        {
            int count = Math.Min(2 * Together, coefficients.Length - from), hashes = (count + 1) / 2, length = 0;
            for (int i = 0; i < hashes; i++)
            {
                seed.Bytes.CopyTo(messages[length..]);
                BinaryPrimitives.WriteInt32LittleEndian(messages[(length + Hash256.Size)..], from + i);
                length += Hash256.Size + sizeof(int);
                ends[i] = length;
            }
            Sha256Batch.Hash(messages, ends[..hashes], digests);
            MemoryMarshal.Cast<Hash256, UInt128>(digests)[..count].CopyTo(coefficients[from..]);
        }
        coefficients[0] = UInt128.One;
    }

    // The challenge is a hash of the signature's first half, the key and the message: with the second half it stands for all.
    private static Hash256 SeedOf(ReadOnlySpan<SchnorrTerm> terms)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> random = stackalloc byte[Hash256.Size];
        RandomNumberGenerator.Fill(random);
        hash.AppendData(random);
        foreach (ref readonly SchnorrTerm term in terms)
        {
            hash.AppendData(MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)term.E));
            hash.AppendData(MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)term.S));
        }
        Span<byte> seed = stackalloc byte[Hash256.Size];
        hash.GetHashAndReset(seed);
        return new Hash256(seed);
    }
}
