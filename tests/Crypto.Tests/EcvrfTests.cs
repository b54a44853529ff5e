namespace AppChain.Crypto.Tests;

public class EcvrfTests
{
    private const string Order = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141";

    [Fact]
    public void TryVerify_HundredThousandMutatedProofs_AcceptsNoneWithAnotherOutput()
    {
        using var key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "vrf");
        byte[] input = "mutated"u8.ToArray();
        byte[] proof = key.ProveRandom(input, out _);
        Assert.True(Ecvrf.TryVerify(key.PublicKey.Span, input, proof, out Hash256 output));
        var random = new Random(9381);
        int accepted = 0;
        for (int i = 0; i < 100_000; i++)
        {
            byte[] mutated = Mutated(proof, random);
            bool isProof = Ecvrf.TryVerify(key.PublicKey.Span, input, mutated, out Hash256 other);
            if (isProof && (other != output || !mutated.SequenceEqual(proof)))
                accepted++;
        }
        Assert.Equal(0, accepted);
    }

    [Fact]
    public void TryVerify_ArbitraryBytes_AnswersFalse()
    {
        using var key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "vrf");
        var random = new Random(1);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] publicKey = Bytes(random, random.Next(66));
            byte[] proof = Bytes(random, random.Next(3) == 0 ? random.Next(200) : Ecvrf.ProofSize);
            Assert.False(Ecvrf.TryVerify(publicKey, [], proof, out _));
            Assert.False(Ecvrf.TryVerify(key.PublicKey.Span, publicKey, proof, out _));
        }
    }

    // Both signs of the key's y, as half of all secrets have each.
    [Fact]
    public void ProveRandom_ManyKeysAndInputs_VerifiesForItsOwnOnly()
    {
        var outputs = new HashSet<Hash256>();
        using var stranger = PrivateKey.FromSeed(KeyScheme.Secp256k1, "stranger");
        for (int i = 0; i < 64; i++)
        {
            using var key = PrivateKey.FromSeed(KeyScheme.Secp256k1, $"vrf-{i}");
            byte[] input = Bytes(new Random(i), i * 7);
            byte[] proof = key.ProveRandom(input, out Hash256 drawn);
            Assert.Equal(Ecvrf.ProofSize, proof.Length);
            Assert.Equal(proof, key.ProveRandom(input, out _));
            Assert.True(Ecvrf.TryVerify(key.PublicKey.Span, input, proof, out Hash256 output));
            Assert.Equal(drawn, output);
            Assert.True(outputs.Add(output));
            Assert.False(Ecvrf.TryVerify(stranger.PublicKey.Span, input, proof, out _));
            Assert.False(Ecvrf.TryVerify(key.PublicKey.Span, [.. input, 0], proof, out _));
        }
    }

    [Fact]
    public void ProveRandom_HolderWithAnotherNonce_CannotChangeTheOutput()
    {
        byte[] secret = Convert.FromHexString("9828D8EBFD85E5DDD819E7A87515A882F7B0C2B664E852949EAA4028F5D83934");
        byte[] nonce = Hashing.Sha256("a nonce that RFC 6979 does not give"u8).ToArray();
        byte[] input = "input"u8.ToArray();
        using var key = PrivateKey.FromSecret(KeyScheme.Secp256k1, secret);
        Assert.True(Ecvrf.TryVerify(key.PublicKey.Span, input, key.ProveRandom(input, out _), out Hash256 output));

        byte[] other = ProofWith(secret, nonce, input);
        Assert.NotEqual(key.ProveRandom(input, out _), other);
        Assert.True(Ecvrf.TryVerify(key.PublicKey.Span, input, other, out Hash256 same));
        Assert.Equal(output, same);
    }

    [Fact]
    public void ProveRandom_P256Key_Throws()
    {
        using var key = PrivateKey.FromSeed(KeyScheme.P256, "no vrf");
        Assert.Throws<InvalidOperationException>(() => key.ProveRandom([], out _));
    }

    [Fact]
    public void ProveRandom_DisposedKey_Throws()
    {
        var key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "gone");
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.ProveRandom([], out _));
    }

    // RFC 6979's reduction of a digest at or above the order: no hash that anybody has seen is, so it is asked for directly.
    [Theory]
    [InlineData(Order, "00")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364243", "0102")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "014551231950B75FC4402DA1732FC9BEBE")]
    public void Nonce_DigestAtOrAboveTheOrder_IsThatOfTheReducedOne(string digest, string reduced)
    {
        byte[] secret = Hashing.Sha256("secret"u8).ToArray(), first = new byte[32], second = new byte[32];
        Rfc6979.Nonce(secret, new Hash256(Convert.FromHexString(digest)), first);
        Rfc6979.Nonce(secret, new Hash256(Convert.FromHexString(reduced.PadLeft(64, '0'))), second);
        Assert.Equal(first, second);
        Assert.NotEqual(new byte[32], first);
    }

    // Proves with big integers instead of the library's scalars: for a key with an even y.
    private static byte[] ProofWith(byte[] secret, byte[] nonce, byte[] input)
    {
        CurvePoint key = CurvePoint.OfSecret(secret);
        byte[] encoded = new byte[CurvePoint.EncodedSize], proof = new byte[Ecvrf.ProofSize];
        key.Write(encoded);
        CurvePoint hashed = Ecvrf.Encode(encoded, input), gamma = hashed.TimesSecret(secret);
        gamma.Write(proof);
        Ecvrf.ChallengeOf(key, hashed, gamma, CurvePoint.OfSecret(nonce), hashed.TimesSecret(nonce), proof.AsSpan(33, 16));
        byte[] response = ((Number(nonce) + Number(proof.AsSpan(33, 16)) * Number(secret)) % Number(Convert.FromHexString(Order)))
            .ToByteArray(isUnsigned: true, isBigEndian: true);
        response.CopyTo(proof, Ecvrf.ProofSize - response.Length);
        return proof;
    }

    private static System.Numerics.BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    // A bit, a byte, a few bytes, or all of one of the three parts.
    private static byte[] Mutated(byte[] proof, Random random)
    {
        byte[] mutated = [.. proof];
        switch (random.Next(4))
        {
            case 0:
                mutated[random.Next(mutated.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
                break;
            case 2:
                for (int i = random.Next(2, 8); i > 0; i--)
                    mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
                break;
            default:
                (int Start, int Length)[] parts = [(1, 32), (33, 16), (49, 32)];
                (int start, int length) = parts[random.Next(parts.Length)];
                random.NextBytes(mutated.AsSpan(start, length));
                break;
        }
        return mutated;
    }
}
