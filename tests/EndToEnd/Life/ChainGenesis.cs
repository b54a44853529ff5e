using System.Text.Json.Nodes;
using AppChain.Crypto;

namespace AppChain.EndToEnd.Life;

/// <summary>The repository's genesis, with delays of seconds where a real network has days, and with accounts that can pay.</summary>
internal sealed class ChainGenesis
{
    private const ulong Grains = 1_000_000_000;

    private readonly JsonNode genesis = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "genesis.json")))!;

    public byte[] Bytes => System.Text.Encoding.UTF8.GetBytes(genesis.ToJsonString());

    public ChainGenesis With(string parameter, ulong value)
    {
        genesis["parameters"]![parameter] = value;
        return this;
    }

    public ChainGenesis WithAccount(Address address, ulong tokens)
    {
        genesis["accounts"]!.AsArray().Add((JsonNode)new JsonObject
        {
            ["address"] = AddressText.Format(address, AddressKind.Account),
            ["balance"] = (tokens * Grains).ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["credits"] = 1_000_000,
        });
        return this;
    }
}
