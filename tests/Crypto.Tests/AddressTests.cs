namespace AppChain.Crypto.Tests;

public class AddressTests
{
    private const string SchnorrKey = "F9308A019258C31049344F85F89D5229B531C845836F99B08601F113BCE036F9"; // BIP-340, vector 0
    private const string P256Key = "0360FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"; // RFC 6979, A.2.5
    private const string SchnorrAddress = "26790f7ed903e2f0ff4ce75c4d8509d61fa4059d";
    private const string P256Address = "1c705b7374cddd48ac0bb1dfb5a5726496206ed4";

    // Computed apart from this code, from docs/protocol.md and BIP-350.
    [Theory]
    [InlineData(KeyScheme.Secp256k1, SchnorrKey, SchnorrAddress, AddressKind.Account, "app1yeus7lkeq030pl6vuawympgf6c06gpvanpjc6f")]
    [InlineData(KeyScheme.Secp256k1, SchnorrKey, SchnorrAddress, AddressKind.Device, "dev1yeus7lkeq030pl6vuawympgf6c06gpvap2wtlj")]
    [InlineData(KeyScheme.Secp256k1, SchnorrKey, SchnorrAddress, AddressKind.Validator, "val1yeus7lkeq030pl6vuawympgf6c06gpvax4ynwz")]
    [InlineData(KeyScheme.P256, P256Key, P256Address, AddressKind.Account, "app1r3c9kum5ehw53tqtk80mtftjvjtzqmk5rznr7a")]
    [InlineData(KeyScheme.P256, P256Key, P256Address, AddressKind.Device, "dev1r3c9kum5ehw53tqtk80mtftjvjtzqmk53f0smx")]
    [InlineData(KeyScheme.P256, P256Key, P256Address, AddressKind.Validator, "val1r3c9kum5ehw53tqtk80mtftjvjtzqmk5kk9g2k")]
    public void Address_KnownKey_HasTheGoldenForms(KeyScheme scheme, string publicKey, string hex, AddressKind kind, string text)
    {
        var address = Address.Of(scheme, Convert.FromHexString(publicKey));
        Assert.Equal(hex, address.ToString());
        Assert.Equal(text, AddressText.Format(address, kind));

        Assert.True(AddressText.TryParse(text, out Address parsed, out AddressKind parsedKind));
        Assert.Equal(address, parsed);
        Assert.Equal(kind, parsedKind);
        Assert.True(AddressText.TryParse(text.ToUpperInvariant(), out parsed, out parsedKind));
        Assert.Equal((address, kind), (parsed, parsedKind));
    }

    [Fact]
    public void TryParse_FortyHexDigits_GivesAnAddressOfNoKind()
    {
        Assert.True(AddressText.TryParse("26790F7ed903e2f0ff4ce75c4d8509d61fa4059d", out Address address, out AddressKind kind));
        Assert.Equal("26790f7ed903e2f0ff4ce75c4d8509d61fa4059d", AddressText.Format(address, kind));
        Assert.Equal(AddressKind.Unspecified, kind);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("26790f7ed903e2f0ff4ce75c4d8509d61fa4059")] // 39 digits
    [InlineData("26790f7ed903e2f0ff4ce75c4d8509d61fa4059d0")]
    [InlineData("26790f7ed903e2f0ff4ce75c4d8509d61fa4059g")]
    [InlineData("app1yeus7lkeq030pl6vuawympgf6c06gpvanpjc6q")] // checksum
    [InlineData("dev1yeus7lkeq030pl6vuawympgf6c06gpvanpjc6f")] // another kind's checksum
    [InlineData(" app1yeus7lkeq030pl6vuawympgf6c06gpvanpjc6f")]
    public void TryParse_NoAddress_IsFalse(string? text)
    {
        Assert.False(AddressText.TryParse(text, out Address address, out _));
        Assert.Equal(default, address);
    }

    [Fact]
    public void TryParse_OtherPrefixOrLength_IsFalse()
    {
        Assert.False(AddressText.TryParse(Bech32m.Encode("btc", new byte[20]), out _, out _));
        Assert.False(AddressText.TryParse(Bech32m.Encode("app", new byte[19]), out _, out _));
        Assert.False(AddressText.TryParse(Bech32m.Encode("app", new byte[21]), out _, out _));
        Assert.True(AddressText.TryParse(Bech32m.Encode("app", new byte[20]), out _, out _));
    }

    [Fact]
    public void Format_NoKind_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => AddressText.Format(default, (AddressKind)9));

    [Fact]
    public void Address_EqualBytes_EqualAndSameHashCode()
    {
        var one = Address.Of(KeyScheme.P256, Convert.FromHexString(P256Key));
        var same = new Address(one.ToArray());
        Assert.True(one == same && one.Equals((object)same) && one.CompareTo(same) == 0);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, Address.Of(KeyScheme.Secp256k1, Convert.FromHexString(P256Key)));
    }
}
