using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace AppChain.Crypto.Tests;

public class P256Tests
{
    private const string Rfc6979X = "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6";
    private const string Rfc6979Y = "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";
    private const string Rfc6979Secret = "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721";
    private const string Order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
    private const string Field = "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF";

    // RFC 6979, A.2.5: P-256 with SHA-256.
    [Theory]
    [InlineData(
        "sample",
        "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
        "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8")]
    [InlineData(
        "test",
        "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367",
        "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083")]
    public void Verify_Rfc6979Vector_Accepts(string message, string r, string s)
    {
        Assert.True(P256.Verify(Hex("03" + Rfc6979X), Encoding.ASCII.GetBytes(message), Hex(r + s)));
        Assert.False(P256.Verify(Hex("02" + Rfc6979X), Encoding.ASCII.GetBytes(message), Hex(r + s)));
        Assert.False(P256.Verify(Hex("03" + Rfc6979X), Encoding.ASCII.GetBytes(message + "!"), Hex(r + s)));
    }

    // NIST CAVP, FIPS 186-4 ECDSA SigGen, [P-256,SHA-256], the first.
    [Fact]
    public void Verify_NistVector_Accepts()
    {
        byte[] message = Hex(
            "5905238877c77421f73e43ee3da6f2d9e2ccad5fc942dcec0cbd25482935faaf416983fe165b1a045ee2bcd2e6dca3bd"
            + "f46c4310a7461f9a37960ca672d3feb5473e253605fb1ddfd28065b53cb5858a8ad28175bf9bd386a5e471"
            + "ea7a65c17cc934a9d791e91491eb3754d03799790fe2d308d16146d5c9b0d0debd97d79ce8");
        byte[] publicKey = Hex("031ccbe91c075fc7f4f033bfa248db8fccd3565de94bbfb12f3c59ff46c271bf83");
        byte[] signature = Hex(
            "f3ac8061b514795b8843e3d6629527ed2afd6b1f6a555a7acabb5e6f79c8c2ac"
            + "8bf77819ca05a6b2786c76262bf7371cef97b218e96f175a3ccdda2acc058903");
        Assert.True(P256.Verify(publicKey, message, signature));
    }

    [Fact]
    public void FromSecret_Rfc6979Key_HasThePublishedPublicKey()
    {
        using var key = PrivateKey.FromSecret(KeyScheme.P256, Hex(Rfc6979Secret));
        Assert.Equal("03" + Rfc6979X, Convert.ToHexString(key.PublicKey.Span));
    }

    [Fact]
    public void Decompress_Rfc6979Key_GivesThePublishedY()
    {
        Assert.True(P256Point.TryDecompress(Hex("03" + Rfc6979X), out ECPoint odd));
        Assert.Equal(Rfc6979Y, Convert.ToHexString(odd.Y!));
        Assert.True(P256Point.TryDecompress(Hex("02" + Rfc6979X), out ECPoint even));
        Assert.Equal(Number(Field), Number(Rfc6979Y) + Number(Convert.ToHexString(even.Y!)));
    }

    [Fact]
    public void Decompress_PointsOfTheFramework_RoundTrip()
    {
        for (int i = 0; i < 50; i++)
        {
            using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            ECPoint point = ecdsa.ExportParameters(false).Q;
            Assert.True(P256Point.TryDecompress(P256Point.Compress(point), out ECPoint again));
            Assert.Equal(point.X, again.X);
            Assert.Equal(point.Y, again.Y);
        }
    }

    // The framework signs; we verify: what WebCrypto and secure elements send.
    [Fact]
    public void Verify_SignatureOfDigestAsMessage_AcceptsBothValuesOfS()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] publicKey = P256Point.Compress(ecdsa.ExportParameters(false).Q);
        Hash256 digest = Hashing.Sha256("a transaction"u8);
        byte[] signature = ecdsa.SignData(digest.Bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        byte[] negated = (byte[])signature.Clone();
        BigInteger s = Number(Order) - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true);
        Convert.FromHexString(s.ToString("X64")[^64..]).CopyTo(negated, 32);
        Assert.True(SignatureVerifier.Verify(new SignatureCheck(KeyScheme.P256, publicKey, digest, signature)));
        Assert.True(SignatureVerifier.Verify(new SignatureCheck(KeyScheme.P256, publicKey, digest, negated)));
    }

    [Fact]
    public void Verify_SignatureOfTheDigestItself_Rejects()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] publicKey = P256Point.Compress(ecdsa.ExportParameters(false).Q);
        Hash256 digest = Hashing.Sha256("a transaction"u8);
        byte[] signature = ecdsa.SignHash(digest.Bytes, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        Assert.False(SignatureVerifier.Verify(new SignatureCheck(KeyScheme.P256, publicKey, digest, signature)));
    }

    [Theory]
    [InlineData("03" + Field)] // x at the field's size
    [InlineData("02FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("020000000000000000000000000000000000000000000000000000000000000001")] // no point has this x
    [InlineData("04" + Rfc6979X)] // first byte of the uncompressed form
    [InlineData("00" + Rfc6979X)]
    [InlineData("00")] // the point at infinity
    [InlineData("")]
    [InlineData(Rfc6979X)]
    [InlineData("03" + Rfc6979X + "00")]
    [InlineData("04" + Rfc6979X + Rfc6979Y)]
    public void IsPublicKey_NoPoint_IsFalse(string publicKey) =>
        Assert.False(SignatureVerifier.IsPublicKey(KeyScheme.P256, Hex(publicKey)));

    [Fact]
    public void IsPublicKey_XAboveTheFieldOfAnXThatHasAPoint_IsFalse()
    {
        // x = 5 has a point; 5 + p still fits 32 bytes and must not be taken for it.
        string above = (Number(Field) + 5).ToString("X64")[^64..];
        Assert.True(SignatureVerifier.IsPublicKey(KeyScheme.P256, Hex("02" + 5.ToString("X64"))));
        Assert.False(SignatureVerifier.IsPublicKey(KeyScheme.P256, Hex("02" + above)));
    }

    private static byte[] Hex(string digits) => Convert.FromHexString(digits);

    private static BigInteger Number(string digits) => new(Hex(digits), isUnsigned: true, isBigEndian: true);
}
