using System.Buffers.Binary;

namespace AppChain.Simulation;

/// <summary>
/// Signing for the whole world: a keyed mix of 64 bits, and a record of all that was ever signed, by which key, and when. With the record
/// the oracle can tell a genuine signature from a lucky one without trusting any arithmetic.
/// </summary>
sealed class SignatureBook
{
    static readonly TaggedHash RandomTag = new("simulation/random");

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

    /// <summary>The one draw that a validator has after a beacon. Anybody here can compute it: a liar who knows the next leader's draw
    /// ahead of time is stronger than a real one, so that nothing else goes unchecked for want of it.</summary>
    public static BeaconDraw Draw(int signer, Digest previous)
    {
        var proof = Drawn(Mix.Final((ulong)signer + 1), new TaggedHash("AppChain/beacon-input").Of(previous.ToArray()), out var output);
        return new BeaconDraw(new TaggedHash("AppChain/beacon").Of([.. previous.ToArray(), .. output.ToArray()]), proof);
    }

    public static VrfProof Drawn(ulong key, Digest input, out Digest output)
    {
        Span<byte> proof = stackalloc byte[VrfProof.Size];
        proof.Clear();
        Write(~key, input, proof); // a draw is no signature
        output = RandomTag.Of(proof);
        return new VrfProof(proof);
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
    /// <summary>What checking a beacon costs, in signatures: measured with tests/bench vrf, rounded up.</summary>
    const int SignaturesPerProof = 4;

    int verified;

    /// <summary>How many signatures, or as much work, were checked since the last call.</summary>
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

    public VrfProof Prove(Digest input, out Digest output) => SignatureBook.Drawn(Mix.Final((ulong)signer + 1), input, out output);

    public bool VerifyProof(ReadOnlySpan<byte> publicKey, Digest input, ReadOnlySpan<byte> proof, out Digest output)
    {
        verified += SignaturesPerProof;
        return proof.SequenceEqual(SignatureBook.Drawn(BinaryPrimitives.ReadUInt64BigEndian(publicKey), input, out output).Bytes);
    }
}
