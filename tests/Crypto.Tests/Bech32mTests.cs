using FsCheck;
using FsCheck.Fluent;

namespace AppChain.Crypto.Tests;

public class Bech32mTests
{
    // BIP-350, "Test vectors for Bech32m".
    [Theory]
    [InlineData("A1LQFN3A", "a", 0)]
    [InlineData("a1lqfn3a", "a", 0)]
    [InlineData(
        "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
        "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber1", 0)]
    [InlineData("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", "abcdef", 32)]
    [InlineData("11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8", "1", 82)]
    [InlineData("split1checkupstagehandshakeupstreamerranterredcaperredlc445v", "split", 48)]
    [InlineData("?1v759aa", "?", 0)]
    public void TryDecodeSymbols_ValidVector_Accepts(string text, string prefix, int symbols)
    {
        Assert.True(Bech32m.TryDecodeSymbols(text, out string decodedPrefix, out byte[] decoded));
        Assert.Equal(prefix, decodedPrefix);
        Assert.Equal(symbols, decoded.Length);
    }

    [Theory]
    [InlineData("\u00201xj0phk")] // prefix character out of range
    [InlineData("\u007f1g6xzxy")]
    [InlineData("\u00801vctc34")]
    [InlineData("an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4")] // too long
    [InlineData("qyrz8wqd2c9m")] // no separator
    [InlineData("1qyrz8wqd2c9m")] // empty prefix
    [InlineData("y1b0jsk6g")] // no data character
    [InlineData("lt1igcx5c0")]
    [InlineData("in1muywd")] // checksum too short
    [InlineData("mm1crxm3i")] // no checksum character
    [InlineData("au1s5cgom")]
    [InlineData("M1VUXWEZ")] // checksum of the prefix in capitals
    [InlineData("16plkw9")] // empty prefix
    [InlineData("1p2gdwpf")]
    [InlineData("a12uel5l")] // BIP-173's: bech32, not bech32m
    [InlineData("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw")]
    [InlineData("A1lqfn3a")] // mixed case
    [InlineData("")]
    [InlineData("1")]
    [InlineData(null)]
    public void TryDecode_InvalidVector_Rejects(string? text)
    {
        Assert.False(Bech32m.TryDecodeSymbols(text, out _, out _));
        Assert.False(Bech32m.TryDecode(text, out string prefix, out byte[] data));
        Assert.Equal("", prefix);
        Assert.Empty(data);
    }

    [Fact]
    public void TryDecode_SymbolsOfWholeBytes_GivesTheBytes()
    {
        Assert.True(Bech32m.TryDecode("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", out string prefix, out byte[] data));
        Assert.Equal("abcdef", prefix);
        Assert.Equal("ffbbcdeb38bdab49ca307b9ac5a928398a418820", Convert.ToHexStringLower(data));
        Assert.Equal("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", Bech32m.Encode(prefix, data));
    }

    [Fact]
    public void TryDecode_PaddingThatIsNotZero_Rejects() => Assert.False(
        Bech32m.TryDecode("11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8", out _, out _));

    // BIP-350's segwit vectors carry a version symbol before the bytes, so their 5-bit length tells nothing here; these two are ours:
    // one symbol alone (5 bits of padding) and three (7 bits), with right checksums computed apart from this code.
    [Theory]
    [InlineData("a1qy52hkn")]
    [InlineData("a1qqqcmw5yr")]
    public void TryDecode_AWholeSymbolOfPadding_Rejects(string text)
    {
        Assert.True(Bech32m.TryDecodeSymbols(text, out _, out _));
        Assert.False(Bech32m.TryDecode(text, out _, out _));
    }

    [Fact]
    public void Decode_OfEncode_GivesTheBytesBack() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            byte[] data = bytes[..Math.Min(bytes.Length, 49)];
            return Bech32m.TryDecode(Bech32m.Encode("dev", data), out string prefix, out byte[] decoded)
                && prefix == "dev" && decoded.AsSpan().SequenceEqual(data);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void TryDecode_AnyOneCharacterChanged_Rejects()
    {
        string text = Bech32m.Encode("val", Hashing.Sha256("anyone"u8).Bytes[..20]);
        const string Characters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l1b!";
        for (int place = 0; place < text.Length; place++)
        {
            foreach (char other in Characters.Where(character => character != text[place]))
            {
                string changed = text[..place] + other + text[(place + 1)..];
                Assert.False(Bech32m.TryDecode(changed, out _, out _), changed);
            }
        }
    }

    [Fact]
    public void TryDecode_AnyText_DoesNotThrowAndReencodesTheSame() =>
        Prop.ForAll<string>(text =>
            !Bech32m.TryDecode(text, out string prefix, out byte[] data) || Bech32m.Encode(prefix, data) == text.ToLowerInvariant())
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Encode_LongestText_FitsAndOneMoreByteThrows()
    {
        Assert.Equal(90, Bech32m.Encode("abc", new byte[50]).Length);
        Assert.Throws<ArgumentException>(() => Bech32m.Encode("abc", new byte[51]));
        Assert.Throws<ArgumentException>(() => Bech32m.Encode("ab", new byte[10_000_000]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("App")]
    [InlineData("a b")]
    [InlineData("é")]
    public void Encode_UnfitPrefix_Throws(string prefix) => Assert.Throws<ArgumentException>(() => Bech32m.Encode(prefix, []));
}
