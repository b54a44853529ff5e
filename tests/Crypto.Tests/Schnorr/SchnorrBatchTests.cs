using System.Numerics;

namespace AppChain.Crypto.Tests;

/// <summary>The answer to each signature of a batch is libsecp256k1's, whatever else is in the batch.</summary>
public class SchnorrBatchTests
{
    private readonly SchnorrBatch batch = new(new LiftedKeys());
    private readonly Random random = new(342);

    public static TheoryData<int> Vectors => [.. Enumerable.Range(0, 15)];

    [Theory, MemberData(nameof(Vectors))]
    public void Verify_OfficialVectorAmongGoodOnes_AnswersAsPublished(int index)
    {
        FieldTests.Skip();
        (SignatureCheck vector, bool isValid) = Bip340Tests.CheckOf(index);
        SignatureCheck[] checks = [.. Good(20), vector, .. Good(20), vector];
        bool[] expected = [.. Enumerable.Repeat(true, 41), isValid];
        expected[20] = isValid;
        Assert.Equal(expected, Verify(checks));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(300)]
    [InlineData(1_024)]
    [InlineData(1_200)]
    public void Verify_GoodOnes_AreAllGood(int count)
    {
        FieldTests.Skip();
        SignatureCheck[] checks = Good(count);
        Assert.DoesNotContain(false, Verify(checks));
        // By the sum itself: what it refuses would have been asked again one by one.
        SchnorrTerms terms = new(new LiftedKeys());
        for (int from = 0; from < count; from += SchnorrBatch.SignaturesMax)
        {
            SignatureCheck[] some = checks[from..Math.Min(count, from + SchnorrBatch.SignaturesMax)];
            ReadOnlySpan<SchnorrTerm> opened = terms.Open(some, new bool[some.Length]);
            UInt128[] drawn = new UInt128[opened.Length];
            SchnorrCoefficients.Draw(opened, drawn);
            Assert.True(batch.IsSumInfinity(opened, drawn));
        }
        // Once more, with keys that are known by now.
        Assert.DoesNotContain(false, Verify(checks));
    }

    [Theory]
    [InlineData(24)]
    [InlineData(70)]
    public void Verify_OneBadAtEachPosition_IsFound(int count)
    {
        FieldTests.Skip();
        SignatureCheck[] checks = Good(count);
        for (int bad = 0; bad < count; bad++)
        {
            SignatureCheck[] some = [.. checks];
            some[bad] = Bad(checks[bad], bad);
            bool[] expected = [.. Enumerable.Range(0, count).Select(i => i != bad)];
            Assert.Equal(expected, Verify(some));
        }
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Verify_SomeBad_AnswersEachInItsPlace(double share)
    {
        FieldTests.Skip();
        SignatureCheck[] checks = Good(400);
        bool[] expected = new bool[checks.Length];
        for (int i = 0; i < checks.Length; i++)
        {
            expected[i] = random.NextDouble() >= share;
            checks[i] = expected[i] ? checks[i] : Bad(checks[i], i);
        }
        Assert.Equal(expected, Verify(checks));
    }

    [Fact]
    public void Verify_ErrorsThatCancelUnderEqualCoefficients_AreRefused()
    {
        FieldTests.Skip();
        SignatureCheck[] checks = Good(32);
        BigInteger error = 12345;
        checks[4] = WithS(checks[4], S(checks[4]) + error);
        checks[9] = WithS(checks[9], S(checks[9]) - error);

        // The attack is a real one: with equal coefficients these two bad signatures are nothing.
        ReadOnlySpan<SchnorrTerm> terms = new SchnorrTerms(new LiftedKeys()).Open(checks, new bool[checks.Length]);
        Assert.Equal(checks.Length, terms.Length);
        Assert.True(batch.IsSumInfinity(terms, [.. Enumerable.Repeat(UInt128.One, 32)]));
        Assert.True(batch.IsSumInfinity(terms, [.. Enumerable.Repeat(new UInt128(5, 77), 32)]));
        UInt128[] drawn = new UInt128[32];
        SchnorrCoefficients.Draw(terms, drawn);
        Assert.False(batch.IsSumInfinity(terms, drawn));

        Assert.Equal(Enumerable.Range(0, 32).Select(i => i is not (4 or 9)), Verify(checks));
    }

    [Fact]
    public void Draw_TheSameSignaturesTwice_GivesOtherCoefficients()
    {
        FieldTests.Skip();
        SignatureCheck[] checks = Good(600);
        ReadOnlySpan<SchnorrTerm> terms = new SchnorrTerms(new LiftedKeys()).Open(checks, new bool[checks.Length]);
        UInt128[] first = new UInt128[600], second = new UInt128[600];
        SchnorrCoefficients.Draw(terms, first);
        SchnorrCoefficients.Draw(terms, second);
        Assert.Equal([UInt128.One, UInt128.One], [first[0], second[0]]);
        Assert.Equal(1199, first.Concat(second).Distinct().Count());
    }

    [Fact]
    public void Verify_NumbersAtTheEdges_AnswersAsTheLibrary()
    {
        FieldTests.Skip();
        BigInteger p = FieldTests.P, n = ScalarTests.N, ones = (BigInteger.One << 256) - 1;
        BigInteger[] edges = [0, 1, 2, 3, 4, 5, 6, 7, n - 1, n, n + 1, p - 1, p, p + 1, ones];
        List<SignatureCheck> checks = [.. Good(20)];
        SignatureCheck good = checks[0];
        byte[] r = good.Signature[..32].ToArray(), s = good.Signature[32..].ToArray();
        foreach (BigInteger edge in edges)
        {
            byte[] bytes = FieldTests.Bytes(edge);
            checks.Add(good with { Signature = (byte[])[.. bytes, .. s] });
            checks.Add(good with { Signature = (byte[])[.. r, .. bytes] });
            checks.Add(good with { PublicKey = bytes });
            foreach (BigInteger other in edges)
                checks.Add(good with { Signature = (byte[])[.. bytes, .. FieldTests.Bytes(other)] });
        }
        checks.AddRange([good with { Signature = new byte[63] }, good with { PublicKey = new byte[33] }, good with { Signature = default }, good]);
        Assert.Equal(Single(checks), Verify([.. checks]));
    }

    // s and n − s, R and its mirror image, a key and its negative (which has the same x): each sum has terms that cancel or double.
    [Fact]
    public void Verify_SameAndOppositePoints_AnswersAsTheLibrary()
    {
        FieldTests.Skip();
        List<SignatureCheck> checks = [];
        SignatureCheck one = Good(1)[0];
        checks.AddRange(Enumerable.Repeat(one, 40));
        Assert.DoesNotContain(false, Verify([.. checks]));
        checks.AddRange(Enumerable.Repeat(WithS(one, ScalarTests.N - S(one)), 3));
        checks.AddRange(Enumerable.Repeat(one with { Digest = Hash256.Zero }, 3));
        // The signature's point as key, the key as the signature's point.
        checks.Add(one with { PublicKey = one.Signature[..32], Signature = (byte[])[.. one.PublicKey.Span, .. one.Signature.Span[32..]] });
        byte[] secret = FieldTests.Bytes(77), opposite = FieldTests.Bytes(ScalarTests.N - 77);
        using PrivateKey key = PrivateKey.FromSecret(KeyScheme.Secp256k1, secret), negative = PrivateKey.FromSecret(KeyScheme.Secp256k1, opposite);
        Assert.Equal(key.PublicKey.ToArray(), negative.PublicKey.ToArray());
        for (int i = 0; i < 20; i++)
            checks.AddRange([Signed(key, i), Signed(negative, i), Signed(key, 7)]);
        Assert.Equal(Single(checks), Verify([.. checks]));
    }

    [Fact]
    public void Verify_RandomDamage_AnswersAsTheLibrary()
    {
        FieldTests.Skip();
        SignatureCheck[] good = Good(60);
        for (int round = 0; round < 30; round++)
        {
            SignatureCheck[] checks = [.. good];
            for (int damage = random.Next(4); damage >= 0; damage--)
            {
                int at = random.Next(checks.Length);
                checks[at] = random.Next(5) switch
                {
                    0 => checks[at] with { PublicKey = checks[random.Next(checks.Length)].PublicKey },
                    1 => checks[at] with { Signature = Flip(checks[at].Signature) },
                    2 => checks[at] with { PublicKey = Flip(checks[at].PublicKey) },
                    3 => checks[at] with { Digest = checks[random.Next(checks.Length)].Digest },
                    _ => checks[random.Next(checks.Length)],
                };
            }
            Assert.Equal(Single(checks), Verify(checks));
        }
    }

    [Fact]
    public void Verify_OtherSchemesAmongThem_AreLeftOut()
    {
        FieldTests.Skip();
        SignatureCheck[] checks = [.. Good(30)];
        checks[3] = checks[3] with { Scheme = KeyScheme.P256 };
        checks[4] = default;
        bool[] results = [.. Enumerable.Repeat(true, 30)];
        results[3] = false;
        results[4] = true;
        batch.Verify(checks, results);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => i != 3), results);
    }

    [Fact]
    public void Verify_ManyThreadsAtOnce_AllAnswerRight()
    {
        SignatureCheck[] checks = Good(80);
        checks[50] = Bad(checks[50], 0);
        bool[] expected = Single(checks);
        int right = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int round = 0; round < 3; round++)
            {
                bool[] results = new bool[checks.Length];
                SignatureVerifier.Verify(checks, results);
                if (results.SequenceEqual(expected))
                    Interlocked.Increment(ref right);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromMinutes(5))));
        Assert.Equal(12, right);
    }

    private bool[] Verify(SignatureCheck[] checks)
    {
        bool[] results = new bool[checks.Length];
        batch.Verify(checks, results);
        return results;
    }

    private static bool[] Single(IEnumerable<SignatureCheck> checks) =>
        [.. checks.Select(check => Secp256k1.Verify(check.PublicKey.Span, check.Digest.Bytes, check.Signature.Span))];

    private static SignatureCheck[] Good(int count)
    {
        SignatureCheck[] checks = new SignatureCheck[count];
        for (int i = 0; i < count; i++)
        {
            // Some keys sign often.
            using var key = PrivateKey.FromSeed(KeyScheme.Secp256k1, $"device {i * i % 301}");
            checks[i] = Signed(key, i);
        }
        return checks;
    }

    private static SignatureCheck Signed(PrivateKey key, int number)
    {
        Hash256 digest = Hashing.Sha256(BitConverter.GetBytes(number));
        return new SignatureCheck(KeyScheme.Secp256k1, key.PublicKey, digest, key.Sign(digest));
    }

    private static SignatureCheck Bad(SignatureCheck good, int kind) => (kind % 3) switch
    {
        0 => good with { Digest = Hash256.Zero },
        1 => WithS(good, S(good) + 1),
        _ => good with { Signature = Signed(PrivateKey.FromSeed(KeyScheme.Secp256k1, "other"), kind).Signature },
    };

    private static BigInteger S(SignatureCheck check) => new(check.Signature.Span[32..], isUnsigned: true, isBigEndian: true);

    private static SignatureCheck WithS(SignatureCheck check, BigInteger s) =>
        check with { Signature = (byte[])[.. check.Signature.Span[..32], .. FieldTests.Bytes(((s % ScalarTests.N) + ScalarTests.N) % ScalarTests.N)] };

    private ReadOnlyMemory<byte> Flip(ReadOnlyMemory<byte> bytes)
    {
        byte[] flipped = bytes.ToArray();
        flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }
}
