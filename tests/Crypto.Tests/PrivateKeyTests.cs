namespace AppChain.Crypto.Tests;

public class PrivateKeyTests
{
    private const string Secp256k1Order = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141";
    private const string Secp256k1Last = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364140";
    private const string P256Order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
    private const string P256Last = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550";
    private const string One = "0000000000000000000000000000000000000000000000000000000000000001";
    private const string Zero = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string Ones = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF";

    public static TheoryData<KeyScheme> Schemes => [KeyScheme.Secp256k1, KeyScheme.P256];

    [Theory]
    [InlineData(KeyScheme.Secp256k1, Zero, false)]
    [InlineData(KeyScheme.Secp256k1, One, true)]
    [InlineData(KeyScheme.Secp256k1, Secp256k1Last, true)]
    [InlineData(KeyScheme.Secp256k1, Secp256k1Order, false)]
    [InlineData(KeyScheme.Secp256k1, Ones, false)]
    [InlineData(KeyScheme.Secp256k1, "01", false)]
    [InlineData(KeyScheme.Secp256k1, "", false)]
    [InlineData(KeyScheme.Secp256k1, One + "00", false)]
    [InlineData(KeyScheme.P256, Zero, false)]
    [InlineData(KeyScheme.P256, One, true)]
    [InlineData(KeyScheme.P256, P256Last, true)]
    [InlineData(KeyScheme.P256, P256Order, false)]
    [InlineData(KeyScheme.P256, Ones, false)]
    [InlineData(KeyScheme.P256, "01", false)]
    [InlineData(KeyScheme.P256, "", false)]
    [InlineData(KeyScheme.P256, One + "00", false)]
    public void TryFromSecret_AtTheBounds_TakesOneUpToTheOrder(KeyScheme scheme, string secret, bool expected)
    {
        bool taken = PrivateKey.TryFromSecret(scheme, Convert.FromHexString(secret), out PrivateKey? key);
        Assert.Equal(expected, taken);
        Assert.Equal(expected, key is not null);
        key?.Dispose();
    }

    [Theory, MemberData(nameof(Schemes))]
    public void FromSecret_Zero_Throws(KeyScheme scheme) =>
        Assert.Throws<ArgumentException>(() => PrivateKey.FromSecret(scheme, new byte[32]));

    [Fact]
    public void FromSecret_NoScheme_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PrivateKey.FromSecret((KeyScheme)0, Convert.FromHexString(One)));

    [Theory, MemberData(nameof(Schemes))]
    public void ExportSecret_ReadBack_IsTheSameKey(KeyScheme scheme)
    {
        using var key = PrivateKey.Generate(scheme);
        using var again = PrivateKey.FromSecret(scheme, key.ExportSecret());
        Assert.Equal(key.PublicKey.ToArray(), again.PublicKey.ToArray());
        Assert.Equal(key.Address, again.Address);
        Assert.Equal(key.ExportSecret(), again.ExportSecret());
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Generate_Twice_GivesTwoKeys(KeyScheme scheme)
    {
        using var first = PrivateKey.Generate(scheme);
        using var second = PrivateKey.Generate(scheme);
        Assert.NotEqual(first.Address, second.Address);
        Assert.Equal(scheme, first.Scheme);
        Assert.Equal(scheme.PublicKeySize(), first.PublicKey.Length);
    }

    // Computed apart from this code, from the definition in the doc comment.
    [Theory]
    [InlineData(KeyScheme.Secp256k1, "14de395b0cf5ef843b80fc353c10b72861cffd0e1e94b41ce5cc99688f62450d")]
    [InlineData(KeyScheme.P256, "94d9a50e488525ca54cb67eea29ab1c478afb427a68de7053c7469ce7438a2a3")]
    public void FromSeed_KnownText_GivesTheGoldenSecret(KeyScheme scheme, string secret)
    {
        using var key = PrivateKey.FromSeed(scheme, "device-1");
        Assert.Equal(secret, Convert.ToHexStringLower(key.ExportSecret()));
    }

    [Fact]
    public void Sign_Secp256k1Twice_GivesTheSameBytes()
    {
        using var key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "repeatable");
        using var same = PrivateKey.FromSeed(KeyScheme.Secp256k1, "repeatable");
        Hash256 digest = Hashing.Sha256("digest"u8);
        Assert.Equal(key.Sign(digest), key.Sign(digest));
        Assert.Equal(key.Sign(digest), same.Sign(digest));
        Assert.NotEqual(key.Sign(digest), key.Sign(Hash256.Zero));
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Dispose_ThenUse_ThrowsButKeepsThePublicParts(KeyScheme scheme)
    {
        var key = PrivateKey.FromSeed(scheme, "short-lived");
        Address address = key.Address;
        key.Dispose();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Sign(Hash256.Zero));
        Assert.Throws<ObjectDisposedException>(() => key.ExportSecret());
        Assert.Equal(address, Address.Of(scheme, key.PublicKey.Span));
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Dispose_WhileOthersSign_GivesValidSignaturesOrRefuses(KeyScheme scheme)
    {
        var key = PrivateKey.FromSeed(scheme, "contended");
        int invalid = 0, refused = 0;
        using var started = new CountdownEvent(4);
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            var check = new SignatureCheck(scheme, key.PublicKey, Hash256.Zero, key.Sign(Hash256.Zero));
            started.Signal();
            try
            {
                while (SignatureVerifier.Verify(check))
                    check = check with { Signature = key.Sign(Hash256.Zero) };
                Interlocked.Increment(ref invalid);
            }
            catch (ObjectDisposedException)
            {
                Interlocked.Increment(ref refused);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        Assert.True(started.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        key.Dispose();
        foreach (Thread thread in threads)
            Assert.True(thread.Join(TimeSpan.FromMinutes(1)));
        Assert.Equal(0, invalid);
        Assert.Equal(4, refused);
    }

    [Fact]
    public void ToString_OfAKey_IsItsAddress()
    {
        using var key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "shown");
        Assert.Equal(key.Address.ToString(), key.ToString());
    }
}
