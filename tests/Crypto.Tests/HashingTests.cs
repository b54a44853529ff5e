namespace AppChain.Crypto.Tests;

public class HashingTests
{
    [Fact]
    public void Sha256_Abc_IsThePublishedDigest() => Assert.Equal(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Hashing.Sha256("abc"u8).ToString());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(960)] // the last that fits the stack
    [InlineData(961)]
    [InlineData(5_000)]
    public void TaggedHash_AnyLengthInAnyParts_FollowsTheDefinition(int length)
    {
        byte[] message = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        byte[] tag = Hashing.Sha256("AppChain/test"u8).ToArray();
        Hash256 expected = Hashing.Sha256([.. tag, .. tag, .. message]);
        var hashTag = new HashTag("AppChain/test");
        Assert.Equal(expected, hashTag.Hash(message));
        int third = length / 3;
        Assert.Equal(expected, hashTag.Hash(message.AsSpan(0, third), message.AsSpan(third, third), message.AsSpan(third * 2)));
    }

    [Fact]
    public void Hash256_TextAndOrder_FollowTheBytes()
    {
        Hash256 one = Hashing.Sha256("1"u8);
        Assert.True(Hash256.TryParse(one.ToString(), out Hash256 parsed));
        Assert.Equal(one, parsed);
        Assert.Equal(one.GetHashCode(), parsed.GetHashCode());
        Assert.False(Hash256.TryParse(one.ToString()[1..], out _));
        Assert.False(Hash256.TryParse("x" + one.ToString()[1..], out _));
        Assert.False(Hash256.TryParse(null, out _));
        Assert.True(Hash256.Zero.IsZero && Hash256.Zero.CompareTo(one) < 0 && !one.IsZero);
        Assert.Throws<ArgumentException>(() => new Hash256(new byte[31]));
    }
}
