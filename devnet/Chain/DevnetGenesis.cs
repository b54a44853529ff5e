using System.Text.Json;
using System.Text.Json.Nodes;
using AppChain.Crypto;

namespace AppChain.Devnet.Chain;

/// <summary>A genesis file, the repository's as a rule, made into this run's: its own number of validators, and the present as its time.</summary>
internal static class DevnetGenesis
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    public static byte[] Create(string template, int validators, DateTimeOffset now, IReadOnlyDictionary<string, long>? parameters = null)
    {
        try
        {
            JsonObject genesis = JsonNode.Parse(File.ReadAllBytes(template))!.AsObject();
            genesis["timeMs"] = now.ToUnixTimeMilliseconds();
            if (validators != genesis["validators"]!.AsArray().Count)
                genesis["validators"] = new JsonArray([.. Enumerable.Range(0, validators).Select(index => Validator(genesis, index))]);
            foreach ((string name, long value) in parameters ?? new Dictionary<string, long>())
                genesis["parameters"]![name] = value;
            return JsonSerializer.SerializeToUtf8Bytes(genesis, Format);
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new DevnetException($"{template} cannot be used as genesis: {e.Message}");
        }
    }

    // As the first one listed, but for its name and key: every validator of the devnet weighs the same.
    private static JsonNode Validator(JsonObject genesis, int index)
    {
        JsonObject validator = genesis["validators"]![0]!.DeepClone().AsObject();
        using PrivateKey key = DevnetKeys.Validator(index);
        validator["moniker"] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"validator-{index}");
        validator["publicKey"] = Convert.ToHexStringLower(key.PublicKey.Span);
        return validator;
    }
}
