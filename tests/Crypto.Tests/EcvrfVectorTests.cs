namespace AppChain.Crypto.Tests;

/// <summary>
/// RFC 9381 has vectors for other curves only. These for secp256k1 were published with four implementations that agree on them, one of
/// which gives the RFC's own vectors for P-256 (github.com/atikayda/ecvrf, vectors/vectors.json, MIT). The vectors of older libraries
/// (vrf-rs and its kin) are of a draft that hashes other bytes, and do not hold for the RFC.
/// </summary>
public class EcvrfVectorTests
{
    public sealed record Vector(string Label, string Secret, string PublicKey, string Input, string Proof, string Output);

    public static TheoryData<string> All => [.. Read().Select(vector => vector.Label)];

    public static TheoryData<string> WithEvenKey =>
        [.. Read().Where(vector => vector.PublicKey.StartsWith("02", StringComparison.Ordinal)).Select(vector => vector.Label)];

    [Fact]
    public void Vectors_AsPublished_AreTenWithBothKindsOfKey()
    {
        Assert.Equal(10, All.Count);
        Assert.Equal(8, WithEvenKey.Count);
    }

    [Theory, MemberData(nameof(All))]
    public void Prove_PublishedVector_GivesThePublishedProof(string label)
    {
        Vector vector = Find(label);
        byte[] proof = new byte[Ecvrf.ProofSize];
        EcvrfProver.Prove(Hex(vector.Secret), Hex(vector.Input), proof);
        Assert.Equal(vector.Proof, Convert.ToHexStringLower(proof));
    }

    [Theory, MemberData(nameof(All))]
    public void TryVerify_PublishedVector_GivesThePublishedOutput(string label)
    {
        Vector vector = Find(label);
        Assert.True(Ecvrf.TryVerifyCompressed(Hex(vector.PublicKey), Hex(vector.Input), Hex(vector.Proof), out Hash256 output));
        Assert.Equal(vector.Output, output.ToString());
    }

    [Theory, MemberData(nameof(WithEvenKey))]
    public void TryVerify_XOnlyKey_IsTheKeyWithAnEvenY(string label)
    {
        Vector vector = Find(label);
        using var key = PrivateKey.FromSecret(KeyScheme.Secp256k1, Hex(vector.Secret));
        Assert.Equal(vector.Proof, Convert.ToHexStringLower(key.ProveRandom(Hex(vector.Input), out _)));
        Assert.True(Ecvrf.TryVerify(key.PublicKey.Span, Hex(vector.Input), Hex(vector.Proof), out Hash256 output));
        Assert.Equal(vector.Output, output.ToString());
    }

    // The published counter-examples, each a change of the first vector's proof or question.
    [Theory]
    [InlineData("another point", 5, "89")]
    [InlineData("another point, changed in its first digit", 1, "c1")]
    [InlineData("another challenge", 33, "36")]
    [InlineData("no challenge", 33, "00000000000000000000000000000000")]
    [InlineData("another response", 49, "da")]
    [InlineData("a response of the order", 49, "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    [InlineData("a response above the order", 49, "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364142")]
    [InlineData("no response", 49, "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("a point beyond the field", 0, "02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("a point of no known form", 0, "04")]
    public void TryVerify_ChangedProof_IsRefused(string change, int offset, string bytes)
    {
        Vector vector = Read()[0];
        byte[] proof = Hex(vector.Proof);
        Hex(bytes).CopyTo(proof, offset);
        Assert.False(Ecvrf.TryVerifyCompressed(Hex(vector.PublicKey), Hex(vector.Input), proof, out Hash256 output), change);
        Assert.True(output.IsZero);
    }

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("024192220588c4ef502f5d2ab75552edfbe0256cebb0424efb9c4c58f438c3dcb4")]
    public void TryVerify_ProofOfAnotherLength_IsRefused(string proof)
    {
        Vector vector = Read()[0];
        Assert.False(Ecvrf.TryVerifyCompressed(Hex(vector.PublicKey), Hex(vector.Input), Hex(proof), out _));
        Assert.False(Ecvrf.TryVerifyCompressed(Hex(vector.PublicKey), Hex(vector.Input), [.. Hex(vector.Proof), 0], out _));
        Assert.False(Ecvrf.TryVerifyCompressed(Hex(vector.PublicKey), Hex(vector.Input), Hex(vector.Proof)[..^1], out _));
    }

    [Fact]
    public void TryVerify_AnotherQuestion_IsRefused()
    {
        Vector vector = Read()[0];
        Assert.False(Ecvrf.TryVerifyCompressed(Hex(Find("sample with key B").PublicKey), [], Hex(vector.Proof), out _));
        Assert.False(Ecvrf.TryVerifyCompressed(Hex(vector.PublicKey), [0], Hex(vector.Proof), out _));
    }

    private static Vector Find(string label) => Read().Single(vector => vector.Label == label);

    private static byte[] Hex(string digits) => Convert.FromHexString(digits);

    private static Vector[] Read()
    {
        using Stream stream = typeof(EcvrfVectorTests).Assembly.GetManifestResourceStream("EcvrfVectors.csv")!;
        using var reader = new StreamReader(stream);
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Skip(1).Select(line => line.Split(',')).Select(c => new Vector(c[0], c[1], c[2], c[3], c[4], c[5]))];
    }
}
