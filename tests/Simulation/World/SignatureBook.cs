using System.Buffers.Binary;

namespace AppChain.Simulation;

/// <summary>
/// Signing for the whole world: a keyed mix of 64 bits, and a record of all that was ever signed, by which key, and when. With the record
/// the oracle can tell a genuine signature from a lucky one without trusting any arithmetic.
/// </summary>
sealed class SignatureBook
{
    readonly Dictionary<(ulong Key, Digest Digest), long> signed = [];
    long sequence;

    /// <summary>Order of everything that is signed or shown in the run.</summary>
    public long NextSequence() => ++sequence;

    public static byte[] PublicKey(int signer)
    {
        var key = new byte[Validator.PublicKeyBytes];
        BinaryPrimitives.WriteUInt64BigEndian(key, Mix.Final((ulong)signer + 1));
        return key;
    }

    /// <summary>When this key last signed this digest; null if it never did.</summary>
    public long? SignedAt(int signer, Digest digest) =>
        signed.TryGetValue((Mix.Final((ulong)signer + 1), digest), out var at) ? at : null;

    public byte[] Sign(int signer, Digest digest)
    {
        var key = Mix.Final((ulong)signer + 1);
        signed[(key, digest)] = NextSequence();
        var signature = new byte[Vote.SignatureBytes];
        Write(key, digest, signature);
        return signature;
    }

    public static bool Matches(ReadOnlySpan<byte> publicKey, Digest digest, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[Vote.SignatureBytes];
        expected.Clear();
        Write(BinaryPrimitives.ReadUInt64BigEndian(publicKey), digest, expected);
        return signature.SequenceEqual(expected);
    }

    static void Write(ulong key, Digest digest, Span<byte> signature)
    {
        var sum = Mix.Fold(key, Mix.Short(digest));
        BinaryPrimitives.WriteUInt64BigEndian(signature, sum);
        BinaryPrimitives.WriteUInt64BigEndian(signature[^8..], Mix.Final(sum));
    }
}

/// <summary>One validator's pen.</summary>
sealed class BookCrypto(SignatureBook book, int signer) : IVoteCrypto
{
    int verified;

    /// <summary>How many signatures were checked since the last call.</summary>
    public int TakeVerified()
    {
        var taken = verified;
        verified = 0;
        return taken;
    }

    public byte[] Sign(Digest digest) => book.Sign(signer, digest);

    public bool Verify(ReadOnlySpan<byte> publicKey, Digest digest, ReadOnlySpan<byte> signature)
    {
        verified++;
        return SignatureBook.Matches(publicKey, digest, signature);
    }
}
