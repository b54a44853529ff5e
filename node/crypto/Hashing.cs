using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace AppChain.Crypto;

/// <summary>SHA-256 and the tagged form that keeps the uses of a hash apart.</summary>
public static class Hashing
{
    /// <summary>SHA-256 of the bytes.</summary>
    public static Hash256 Sha256(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[Hash256.Size];
        SHA256.HashData(bytes, digest);
        return new Hash256(digest);
    }
}

/// <summary>A domain of hashing: <c>H(H(tag) ‖ H(tag) ‖ message)</c>, as in BIP-340. Make one per tag and keep it.</summary>
public sealed class HashTag
{
    // Hashed at a time: what is hashed stays in a near cache.
    private const int Together = 256;

    private readonly byte[] prefix = new byte[64];

    /// <param name="tag">ASCII, unique to its use.</param>
    public HashTag(string tag)
    {
        Hash256 hash = Hashing.Sha256(Encoding.ASCII.GetBytes(tag));
        hash.Bytes.CopyTo(prefix);
        hash.Bytes.CopyTo(prefix.AsSpan(32));
    }

    /// <summary>What is hashed before the message.</summary>
    internal ReadOnlySpan<byte> Prefix => prefix;

    /// <summary>The tagged hash of the parts, one after the other.</summary>
    public Hash256 Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default, ReadOnlySpan<byte> third = default)
    {
        int length = prefix.Length + first.Length + second.Length + third.Length;
        byte[]? rented = length > 1024 ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> buffer = rented ?? stackalloc byte[1024];
        prefix.CopyTo(buffer);
        first.CopyTo(buffer[64..]);
        second.CopyTo(buffer[(64 + first.Length)..]);
        third.CopyTo(buffer[(64 + first.Length + second.Length)..]);
        Hash256 hash = Hashing.Sha256(buffer[..length]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    /// <summary>The tagged hash of what each item encodes to, many at once.</summary>
    public Hash256[] HashEach<T>(IReadOnlyList<T> items, Func<T, byte[]> encode)
    {
        Hash256[] hashes = new Hash256[items.Count];
        ArrayBufferWriter<byte> messages = new();
        Span<int> ends = stackalloc int[Together];
        for (int from = 0; from < hashes.Length; from += Together)
        {
            int count = Math.Min(Together, hashes.Length - from);
            messages.ResetWrittenCount();
            for (int i = 0; i < count; i++)
            {
                messages.Write(prefix);
                messages.Write(encode(items[from + i]));
                ends[i] = messages.WrittenCount;
            }
            Sha256Batch.Hash(messages.WrittenSpan, ends[..count], hashes.AsSpan(from, count));
        }
        return hashes;
    }
}
