using System.Security.Cryptography;

namespace AppChain.Crypto;

/// <summary>RFC 6979's nonces for secp256k1 with HMAC-SHA256: secret to all others, one for a secret and a digest, and never from a random
/// source.</summary>
internal static unsafe class Rfc6979
{
    private const int Size = 32;

    // A number of 32 bytes is below twice the order, so one subtraction reduces it.
    private static ReadOnlySpan<byte> Order =>
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE,
         0xBA, 0xAE, 0xDC, 0xE6, 0xAF, 0x48, 0xA0, 0x3B, 0xBF, 0xD2, 0x5E, 0x8C, 0xD0, 0x36, 0x41, 0x41];

    /// <summary>Writes the nonce of §3.2.</summary>
    /// <param name="secret">32 bytes, above zero and below the order.</param>
    /// <param name="digest">Public.</param>
    /// <param name="nonce">Takes 32 bytes, above zero and below the order.</param>
    public static void Nonce(ReadOnlySpan<byte> secret, Hash256 digest, Span<byte> nonce)
    {
        Span<byte> key = stackalloc byte[Size];
        Span<byte> value = stackalloc byte[Size];
        // V ‖ one byte ‖ secret ‖ digest.
        Span<byte> seed = stackalloc byte[Size + 1 + Size + Size];
        value.Fill(1);
        secret.CopyTo(seed[(Size + 1)..]);
        Reduce(digest.Bytes, seed[(Size + 1 + Size)..]);
        try
        {
            for (byte round = 0; round < 2; round++)
            {
                value.CopyTo(seed);
                seed[Size] = round;
                HMACSHA256.HashData(key, seed, key);
                HMACSHA256.HashData(key, value, value);
            }
            HMACSHA256.HashData(key, value, value);
            while (!IsSecret(value)) // once in 2¹²⁸ tries
            {
                value.CopyTo(seed);
                seed[Size] = 0;
                HMACSHA256.HashData(key, seed[..(Size + 1)], key);
                HMACSHA256.HashData(key, value, value);
                HMACSHA256.HashData(key, value, value);
            }
            value.CopyTo(nonce);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(value);
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    private static bool IsSecret(ReadOnlySpan<byte> value)
    {
        fixed (byte* pointer = value)
            return Secp256k1Native.IsSecret(Secp256k1Context.Shared, pointer) == 1;
    }

    // The digest modulo the order (bits2octets). It is public: the comparison may show it.
    private static void Reduce(ReadOnlySpan<byte> digest, Span<byte> reduced)
    {
        digest.CopyTo(reduced);
        if (digest.SequenceCompareTo(Order) < 0)
            return;
        int borrow = 0;
        for (int i = Size - 1; i >= 0; i--)
        {
            int difference = digest[i] - Order[i] - borrow;
            reduced[i] = (byte)difference;
            borrow = difference < 0 ? 1 : 0;
        }
    }
}
