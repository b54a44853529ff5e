using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AppChain.Crypto;

/// <summary>
/// Hash codes for addresses and hashes in dictionaries. Whoever makes a transaction or a key can try many until their first bytes are as he
/// wishes; codes taken from those bytes alone would let him send thousands of entries to one bucket. Multiplying by a number
/// that each process draws for itself keeps the buckets out of his reach at the price of one instruction.
/// </summary>
internal static class HashCodeSeed
{
    private static readonly ulong Multiplier = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;

    /// <summary>The code of bytes of which at least the first eight are a hash's.</summary>
    public static int Code(ReadOnlySpan<byte> bytes) => (int)(BinaryPrimitives.ReadUInt64LittleEndian(bytes) * Multiplier >> 32);
}
