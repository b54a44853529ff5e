namespace AppChain.Crypto.Tests;

/// <summary>The official vectors of BIP-340 (bip-0340/test-vectors.csv of the Bitcoin Improvement Proposals, BSD-2-Clause).</summary>
public class Bip340Tests
{
    public sealed record Vector(int Index, string Secret, string PublicKey, string Auxiliary, string Message, string Signature, bool Valid);

    public static TheoryData<int> All => [.. Read().Select(vector => vector.Index)];

    public static TheoryData<int> Signable =>
        [.. Read().Where(vector => vector is { Secret: not "", Message.Length: 64 }).Select(vector => vector.Index)];

    public static TheoryData<int> WithSecret => [.. Read().Where(vector => vector.Secret != "").Select(vector => vector.Index)];

    [Fact]
    public void Vectors_AsPublished_AreNineteen() => Assert.Equal(Enumerable.Range(0, 19), Read().Select(vector => vector.Index));

    [Theory, MemberData(nameof(All))]
    public void Verify_OfficialVector_AnswersAsPublished(int index)
    {
        Vector vector = Read()[index];
        Assert.Equal(vector.Valid, Secp256k1.Verify(Hex(vector.PublicKey), Hex(vector.Message), Hex(vector.Signature)));
    }

    [Theory, MemberData(nameof(Signable))]
    public void Sign_OfficialVector_GivesThePublishedSignature(int index)
    {
        Vector vector = Read()[index];
        using Secp256k1KeyPair key = Secp256k1KeyPair.TryCreate(Hex(vector.Secret))!;
        byte[] signature = new byte[64];
        key.Sign(new Hash256(Hex(vector.Message)), Hex(vector.Auxiliary), signature);
        Assert.Equal(vector.Signature, Convert.ToHexString(signature));
    }

    [Theory, MemberData(nameof(WithSecret))]
    public void PublicKey_OfficialVector_IsThePublishedOne(int index)
    {
        Vector vector = Read()[index];
        using var key = PrivateKey.FromSecret(KeyScheme.Secp256k1, Hex(vector.Secret));
        Assert.Equal(vector.PublicKey, Convert.ToHexString(key.PublicKey.Span));
    }

    [Fact]
    public void PrivateKeySign_VectorZero_UsesZeroAuxiliaryRandomness()
    {
        Vector vector = Read()[0];
        using var key = PrivateKey.FromSecret(KeyScheme.Secp256k1, Hex(vector.Secret));
        Assert.Equal(vector.Signature, Convert.ToHexString(key.Sign(Hash256.Zero)));
    }

    /// <summary>A vector whose message has 32 bytes, as the first fifteen, and its answer.</summary>
    internal static (SignatureCheck Check, bool IsValid) CheckOf(int index)
    {
        Vector vector = Read()[index];
        return (new SignatureCheck(KeyScheme.Secp256k1, Hex(vector.PublicKey), new Hash256(Hex(vector.Message)), Hex(vector.Signature)), vector.Valid);
    }

    private static byte[] Hex(string digits) => Convert.FromHexString(digits);

    private static Vector[] Read()
    {
        using Stream stream = typeof(Bip340Tests).Assembly.GetManifestResourceStream("Bip340Vectors.csv")!;
        using var reader = new StreamReader(stream);
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Skip(1).Select(line => line.Split(','))
            .Select(cells => new Vector(int.Parse(cells[0]), cells[1], cells[2], cells[3], cells[4], cells[5], cells[6] == "TRUE"))];
    }
}
