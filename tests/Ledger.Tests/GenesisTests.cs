using System.Text;
using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

public class GenesisTests
{
    [Fact]
    public void TryParse_TestGenesis_HoldsWhatTheFileSays()
    {
        Genesis genesis = TestGenesis.Read(TestGenesis.Json());

        Assert.Equal((TestGenesis.ChainName, TestGenesis.TimeMs), (genesis.ChainId.Text, genesis.TimeMs));
        Assert.Equal([1UL, 2UL], genesis.Validators.Select(validator => validator.Power));
        Assert.Equal(new GenesisAccount(Keys.Bob.Address, new Amount(500)), genesis.Accounts[1]);
        Assert.Equal(KeyScheme.P256, genesis.Manufacturers[1].Roots.Single().Scheme);
        Assert.Equal(new MetricRule(1, "PM10", "µg/m³", -1_000, 100_000, 5_000, 6_000), genesis.Services[1].Metrics[0]);
        Assert.Equal(100_000U, genesis.Parameters.TreasurySharePpm);
    }

    [Fact]
    public void Hash_CoversEveryByte()
    {
        byte[] bytes = TestGenesis.Bytes(TestGenesis.Json());
        byte[] spaced = [.. bytes, (byte)'\n'];

        Assert.True(Genesis.TryParse(bytes, out Genesis? genesis, out _));
        Assert.True(Genesis.TryParse(spaced, out Genesis? other, out _));
        Assert.Equal(new HashTag("AppChain/genesis").Hash(bytes), genesis.Hash);
        Assert.NotEqual(genesis.Hash, other.Hash);
    }

    [Fact]
    public void InitialState_IsConservedAndReadable()
    {
        World world = new();

        world.AssertConserved();
        Assert.Equal((UInt128)1_000_500, world.Audit().Balances);
        Assert.Equal([1U, 2U], LedgerQueries.Services(world.State).Select(service => service.Service.Id));
        Assert.Equal(8 + 2 + 2 + 2 + (2 * 3), world.State.Count);
    }

    [Fact]
    public void InitialState_IsTheSameWhateverTheOrderOfAccounts()
    {
        JsonObject swapped = TestGenesis.Json();
        JsonNode first = swapped["accounts"]![0]!;
        swapped["accounts"]!.AsArray().RemoveAt(0);
        swapped["accounts"]!.AsArray().Add(first);

        Assert.Equal(new World().State.Dump(), new World(swapped).State.Dump());
    }

    [Theory]
    [InlineData("chainId", "Upper", "chainId: expected 1 to 32 of a–z")]
    [InlineData("chainId", "", "chainId: expected a text of 1 to 32 bytes")]
    [InlineData("timeMs", 0, "timeMs: expected an integer from 1 to")]
    [InlineData("timeMs", "12x", "timeMs: expected an integer from 1 to")]
    [InlineData("timeMs", 1.5, "timeMs: expected an integer from 1 to")]
    [InlineData("accounts[0].balance", -1, "accounts[0].balance: expected an integer from 0 to 18446744073709551615, found -1")]
    [InlineData("accounts[0].address", "app1qqqq", "accounts[0].address: expected an account address")]
    [InlineData("accounts[0].balance", "999999999999999999", "accounts: the balances and the validators' stake sum up to")]
    [InlineData("validators[1].publicKey", "00", "validators[1].publicKey: expected a public key of scheme secp256k1: 64 hex digits")]
    [InlineData("validators[1].power", 0, "validators[1].power: expected an integer from 1")]
    [InlineData("validators[0].moniker", null, "validators[0].moniker: expected a text")]
    [InlineData("manufacturers[1].scheme", "rsa", "manufacturers[1].scheme: expected \"secp256k1\" or \"p256\"")]
    [InlineData("manufacturers[0].scheme", "p256", "manufacturers[0].publicKey: expected a public key of scheme p256: 66 hex digits")]
    [InlineData("services[0].id", 2, "services: expected ascending ids, found 2 after 2")]
    [InlineData("services[0].kind", "unheard-of", "services[0].kind: expected \"sensor-telemetry\" or \"wireless-coverage\"")]
    [InlineData("services[0].metrics[1].minimum", 50_001, "services[0].metrics[1].minimum: expected at most the maximum 50000")]
    [InlineData("services[0].metrics[1].minimum", "low", "services[0].metrics[1].minimum: expected an integer of 64 bits, found \"low\"")]
    [InlineData("services[0].metrics[1].id", 1, "services[0].metrics: expected ascending ids, found 1 after 1")]
    [InlineData("services[0].manufacturers[0]", "dev1", "services[0].manufacturers[0]: expected an account address")]
    [InlineData("services[0].constancyMax", 0, "services[0].constancyMax: expected an integer from 1")]
    [InlineData("parameters.treasuryShare", 1_000_001, "parameters.treasuryShare: expected an integer from 0 to 1000000, found 1000001")]
    [InlineData("parameters.epochMs", 0, "parameters.epochMs: expected an integer from 1000")]
    [InlineData("validators", "all", "validators: expected an array of 1 to 150 elements, found \"all\"")]
    [InlineData("parameters", 7, "parameters: expected an object, found 7")]
    [InlineData("services[0].colour", "red", "services[0].colour: not a known member here; known are attestationRequired, constancyMax")]
    [InlineData("colour", "red", "colour: not a known member here")]
    public void TryParse_WrongValue_SaysWhereAndWhatIsExpected(string path, object? value, string expected)
    {
        JsonObject json = TestGenesis.Json();
        Set(json, path, value);

        Assert.False(Genesis.TryParse(TestGenesis.Bytes(json), out Genesis? genesis, out string? error));
        Assert.Null(genesis);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timeMs")]
    [InlineData("services[0].metrics[1].jumpBase")]
    [InlineData("services[1].driftMs")]
    public void TryParse_MissingMember_SaysWhich(string path)
    {
        JsonObject json = TestGenesis.Json();
        (JsonNode parent, string name) = Parent(json, path);
        parent.AsObject().Remove(name);

        Assert.False(Genesis.TryParse(TestGenesis.Bytes(json), out _, out string? error));
        Assert.StartsWith(path + ": missing; expected an integer", error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_ServiceOfUnknownManufacturer_IsRefused()
    {
        JsonObject json = TestGenesis.Json();
        Set(json, "services[1].manufacturers[0]", AddressText.Format(Keys.UnknownMaker.Address, AddressKind.Account));

        Assert.False(Genesis.TryParse(TestGenesis.Bytes(json), out _, out string? error));
        Assert.StartsWith("services[1].manufacturers: app1", error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_SameValidatorTwice_IsRefused()
    {
        JsonObject json = TestGenesis.Json();
        json["validators"]!.AsArray().Add(json["validators"]![0]!.DeepClone());

        Assert.False(Genesis.TryParse(TestGenesis.Bytes(json), out _, out string? error));
        Assert.StartsWith("validators: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"chainId\":\"a\",\"chainId\":\"b\"}")]
    [InlineData("{\"chainId\":\"\\ud800\"}")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public void TryParse_NotAGenesis_IsRefusedWithASentence(string text)
    {
        Assert.False(Genesis.TryParse(Encoding.UTF8.GetBytes(text), out _, out string? error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void DevnetGenesis_HasTheDevnetsKeys()
    {
        Genesis genesis = Devnet();

        Assert.Equal(
            Enumerable.Range(0, 4).Select(i => Seed($"appchain-devnet/validator/{i}").Address),
            genesis.Validators.Select(validator => validator.Address));
        Assert.All(genesis.Validators, validator => Assert.Equal(1UL, validator.Power));
        Assert.Equal([new GenesisAccount(Seed("appchain-devnet/owner/0").Address, Amount.FromTokens(1_000_000), new Credits(1_000_000_000))], genesis.Accounts);
        Assert.Equal("Devnet Sensors", Assert.Single(genesis.Manufacturers).Name);
        Assert.Equal(Seed("appchain-devnet/manufacturer/0").Address, genesis.Manufacturers[0].FirstAddress);
        Assert.True(Assert.Single(genesis.Services).Accepts(genesis.Manufacturers[0].FirstAddress));
        Assert.Equal(["PM10", "PM2.5"], genesis.Services[0].Metrics.Select(metric => metric.Name));
    }

    internal static Genesis Devnet()
    {
        byte[] bytes = File.ReadAllBytes(RepositoryFiles.Path("genesis.json"));
        Assert.True(Genesis.TryParse(bytes, out Genesis? genesis, out string? error), error);
        return genesis;
    }

    private static PrivateKey Seed(string text) => PrivateKey.FromSeed(KeyScheme.Secp256k1, text);

    private static void Set(JsonObject json, string path, object? value)
    {
        (JsonNode parent, string name) = Parent(json, path);
        JsonNode? node = JsonValue.Create(value);
        if (int.TryParse(name, out int index))
            parent[index] = node;
        else
            parent[name] = node;
    }

    private static (JsonNode Parent, string Name) Parent(JsonObject json, string path)
    {
        string[] parts = path.Replace("]", "").Split('.', '[');
        JsonNode node = json;
        foreach (string part in parts[..^1])
            node = int.TryParse(part, out int index) ? node[index]! : node[part]!;
        return (node, parts[^1]);
    }
}
