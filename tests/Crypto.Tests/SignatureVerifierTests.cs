using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Crypto.Tests;

public class SignatureVerifierTests
{
    private const string Secp256k1Order = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141";
    private const string P256Order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";

    public static TheoryData<KeyScheme> Schemes => [KeyScheme.Secp256k1, KeyScheme.P256];

    [Theory, MemberData(nameof(Schemes))]
    public void Verify_WhatAKeySigned_Accepts(KeyScheme scheme) =>
        Prop.ForAll<string, byte[]>((seed, message) =>
        {
            using var key = PrivateKey.FromSeed(scheme, seed ?? "");
            Hash256 digest = Hashing.Sha256(message);
            return SignatureVerifier.Verify(new SignatureCheck(scheme, key.PublicKey, digest, key.Sign(digest)))
                && SignatureVerifier.IsPublicKey(scheme, key.PublicKey.Span);
        }).QuickCheckThrowOnFailure();

    [Theory, MemberData(nameof(Schemes))]
    public void Verify_EachBitOfTheSignatureFlipped_Rejects(KeyScheme scheme)
    {
        SignatureCheck check = Valid(scheme);
        for (int bit = 0; bit < 512; bit++)
            Assert.False(SignatureVerifier.Verify(check with { Signature = Flip(check.Signature.Span, bit) }), $"bit {bit}");
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Verify_EachBitOfTheDigestFlipped_Rejects(KeyScheme scheme)
    {
        SignatureCheck check = Valid(scheme);
        for (int bit = 0; bit < 256; bit++)
            Assert.False(SignatureVerifier.Verify(check with { Digest = new Hash256(Flip(check.Digest.Bytes, bit)) }), $"bit {bit}");
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Verify_EachBitOfThePublicKeyFlipped_Rejects(KeyScheme scheme)
    {
        SignatureCheck check = Valid(scheme);
        for (int bit = 0; bit < check.PublicKey.Length * 8; bit++)
            Assert.False(SignatureVerifier.Verify(check with { PublicKey = Flip(check.PublicKey.Span, bit) }), $"bit {bit}");
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Verify_EveryOtherLength_Rejects(KeyScheme scheme)
    {
        SignatureCheck check = Valid(scheme);
        for (int length = 0; length <= 130; length++)
        {
            if (length != check.Signature.Length)
                Assert.False(SignatureVerifier.Verify(check with { Signature = Resize(check.Signature, length) }), $"signature {length}");
            if (length != check.PublicKey.Length)
            {
                Assert.False(SignatureVerifier.Verify(check with { PublicKey = Resize(check.PublicKey, length) }), $"key of {length}");
                Assert.False(SignatureVerifier.IsPublicKey(scheme, Resize(check.PublicKey, length)), $"key of {length}");
            }
        }
    }

    [Theory]
    [InlineData(KeyScheme.Secp256k1, Secp256k1Order)]
    [InlineData(KeyScheme.P256, P256Order)]
    public void Verify_ExtremeNumbers_Rejects(KeyScheme scheme, string order)
    {
        SignatureCheck check = Valid(scheme);
        byte[] good = check.Signature.ToArray();
        string zero = new('0', 64), ones = new('F', 64), one = 1.ToString("X64");
        string r = Convert.ToHexString(good, 0, 32), s = Convert.ToHexString(good, 32, 32);
        foreach (string extreme in new[] { zero, one, order, ones })
        {
            foreach (string other in new[] { zero, one, order, ones, r, s })
            {
                Assert.False(SignatureVerifier.Verify(check with { Signature = Convert.FromHexString(extreme + other) }), extreme + other);
                Assert.False(SignatureVerifier.Verify(check with { Signature = Convert.FromHexString(other + extreme) }), other + extreme);
            }
        }
        Assert.False(SignatureVerifier.Verify(check with { PublicKey = new byte[check.PublicKey.Length] }));
        Assert.False(SignatureVerifier.Verify(check with { PublicKey = Enumerable.Repeat((byte)255, check.PublicKey.Length).ToArray() }));
    }

    [Fact]
    public void Verify_RandomBytes_RejectsWithoutThrowing() =>
        Prop.ForAll<byte[], byte[], byte>((publicKey, signature, scheme) =>
            !SignatureVerifier.Verify(new SignatureCheck((KeyScheme)scheme, publicKey, Hash256.Zero, signature))
            && Schemes.Select(row => row.Data).All(each => !SignatureVerifier.Verify(new SignatureCheck(
                each, Resize(publicKey, each.PublicKeySize()), Hash256.Zero, Resize(signature, 64)))))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Verify_DefaultCheck_Rejects() => Assert.False(SignatureVerifier.Verify(default(SignatureCheck)));

    [Fact]
    public void Verify_OtherScheme_Rejects()
    {
        Assert.False(SignatureVerifier.Verify(Valid(KeyScheme.Secp256k1) with { Scheme = KeyScheme.P256 }));
        Assert.False(SignatureVerifier.Verify(Valid(KeyScheme.P256) with { Scheme = KeyScheme.Secp256k1 }));
        Assert.False(SignatureVerifier.Verify(Valid(KeyScheme.P256) with { Scheme = (KeyScheme)3 }));
    }

    [Fact]
    public void VerifyBatch_GoodAndBadMixed_AnswersEachInItsPlace()
    {
        SignatureCheck[] checks = new SignatureCheck[60];
        bool[] expected = new bool[checks.Length];
        for (int i = 0; i < checks.Length; i++)
        {
            expected[i] = i % 7 != 0;
            SignatureCheck check = Valid(i % 3 == 0 ? KeyScheme.P256 : KeyScheme.Secp256k1, $"signer {i}");
            checks[i] = expected[i] ? check : check with { Digest = Hash256.Zero };
        }
        bool[] results = new bool[checks.Length];
        SignatureVerifier.Verify(checks, results);
        Assert.Equal(expected, results);
    }

    [Fact]
    public void VerifyBatch_StaleResults_AreOverwritten()
    {
        bool[] results = [true, false];
        SignatureVerifier.Verify([default, Valid(KeyScheme.Secp256k1)], results);
        Assert.Equal([false, true], results);
    }

    [Fact]
    public void VerifyBatch_TooFewResults_Throws() =>
        Assert.Throws<ArgumentException>(() => SignatureVerifier.Verify([Valid(KeyScheme.Secp256k1)], []));

    [Fact]
    public void Verify_P256KeysBeyondTheCache_StillAnswersRight()
    {
        // Two keys whose turns alternate, with wrong signatures in between: a kept key must neither answer for another nor go stale.
        SignatureCheck first = Valid(KeyScheme.P256, "first"), second = Valid(KeyScheme.P256, "second");
        for (int i = 0; i < 10; i++)
        {
            Assert.True(SignatureVerifier.Verify(first));
            Assert.False(SignatureVerifier.Verify(first with { PublicKey = second.PublicKey }));
            Assert.False(SignatureVerifier.Verify(first with { Signature = second.Signature }));
            Assert.True(SignatureVerifier.Verify(second));
        }
        // The same x with the other parity falls on the same slot.
        byte[] mirrored = first.PublicKey.ToArray();
        mirrored[0] ^= 1;
        Assert.False(SignatureVerifier.Verify(first with { PublicKey = mirrored }));
        Assert.True(SignatureVerifier.Verify(first));
    }

    [Theory, MemberData(nameof(Schemes))]
    public void SignAndVerify_ManyThreadsOnOneKey_AllAgree(KeyScheme scheme)
    {
        const int Threads = 8, Rounds = 40;
        using var shared = PrivateKey.FromSeed(scheme, "shared");
        int accepted = 0, rejected = 0;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                Hash256 digest = Hashing.Sha256([(byte)number, (byte)round]);
                var check = new SignatureCheck(scheme, shared.PublicKey, digest, shared.Sign(digest));
                if (SignatureVerifier.Verify(check))
                    Interlocked.Increment(ref accepted);
                if (!SignatureVerifier.Verify(check with { Digest = Hash256.Zero }))
                    Interlocked.Increment(ref rejected);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            Assert.True(thread.Join(TimeSpan.FromMinutes(1)));
        Assert.Equal(Threads * Rounds, accepted);
        Assert.Equal(Threads * Rounds, rejected);
    }

    private static SignatureCheck Valid(KeyScheme scheme, string seed = "signer")
    {
        using var key = PrivateKey.FromSeed(scheme, seed);
        Hash256 digest = Hashing.Sha256("what was signed"u8);
        return new SignatureCheck(scheme, key.PublicKey, digest, key.Sign(digest));
    }

    private static byte[] Flip(ReadOnlySpan<byte> bytes, int bit)
    {
        byte[] flipped = bytes.ToArray();
        flipped[bit / 8] ^= (byte)(1 << bit % 8);
        return flipped;
    }

    private static byte[] Resize(ReadOnlyMemory<byte> bytes, int length)
    {
        byte[] resized = bytes.ToArray();
        Array.Resize(ref resized, length);
        return resized;
    }
}
