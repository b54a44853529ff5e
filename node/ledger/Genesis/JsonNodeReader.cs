using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// What is wrong with a genesis file: where, what was expected, what was found. Never leaves <see cref="Genesis.TryParse"/>.
/// </summary>
internal sealed class GenesisFormatException(string path, string problem) : Exception(path.Length == 0 ? problem : $"{path}: {problem}");

/// <summary>
/// Reads one JSON object strictly: every member is asked for by name, and <see cref="End"/> refuses members that nobody asked for.
/// Every complaint names the place: <c>services[0].metrics[1].minimum</c>.
/// </summary>
internal sealed class JsonNodeReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly JsonElement element;
    private readonly HashSet<string> asked = [];

    public JsonNodeReader(string path, JsonElement element)
    {
        Path = path;
        this.element = element;
        if (element.ValueKind != JsonValueKind.Object)
            throw Problem(path, "an object", element);
    }

    public string Path { get; }

    /// <summary>Reads a whole file; false with what is wrong and where.</summary>
    public static bool TryRead<T>(
        ReadOnlyMemory<byte> json, Func<JsonElement, T> read, [NotNullWhen(true)] out T? result, [NotNullWhen(false)] out string? error)
        where T : class
    {
        result = null;
        error = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            result = read(document.RootElement);
            return true;
        }
        catch (GenesisFormatException problem)
        {
            error = problem.Message;
            return false;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // The second is what the framework throws for a text that is not Unicode.
            error = $"not JSON: {problem.Message}";
            return false;
        }
    }

    public string At(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    /// <summary>Refuses members that were not read: a misspelt one would otherwise silently have no effect.</summary>
    public void End()
    {
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (asked.Contains(member.Name))
                continue;
            string known = string.Join(", ", asked.Order(StringComparer.Ordinal));
            throw new GenesisFormatException(At(member.Name), $"not a known member here; known are {known}");
        }
    }

    /// <summary>Whether an optional member is there.</summary>
    public bool Has(string name)
    {
        asked.Add(name);
        return element.TryGetProperty(name, out _);
    }

    public string Text(string name, int bytesMax = LedgerLimits.NameBytesMax)
    {
        JsonElement value = Member(name, "a text");
        string? text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (string.IsNullOrEmpty(text) || Encoding.UTF8.GetByteCount(text) > bytesMax)
            throw Problem(At(name), $"a text of 1 to {bytesMax} bytes", value);
        return text;
    }

    /// <summary>An integer within bounds, as a number or, since JSON numbers of 64 bits are damaged by many tools, as a string.</summary>
    public ulong UInt64(string name, ulong minimum, ulong maximum)
    {
        string expected = $"an integer from {minimum} to {maximum}";
        JsonElement value = Member(name, expected);
        bool valid = ulong.TryParse(Digits(value), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number);
        return valid && number >= minimum && number <= maximum ? number : throw Problem(At(name), expected, value);
    }

    public uint UInt32(string name, uint minimum, uint maximum) => (uint)UInt64(name, minimum, maximum);

    public long Int64(string name)
    {
        const string expected = "an integer of 64 bits";
        JsonElement value = Member(name, expected);
        return long.TryParse(Digits(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Problem(At(name), expected, value);
    }

    public bool Flag(string name)
    {
        JsonElement value = Member(name, "true or false");
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Problem(At(name), "true or false", value),
        };
    }

    public Address Account(string name)
    {
        JsonElement value = Member(name, "an address");
        return ParseAccount(At(name), value);
    }

    /// <summary>A public key of the scheme in hex, and on its curve.</summary>
    public byte[] PublicKey(string name, KeyScheme scheme)
    {
        string expected = $"a public key of scheme {SchemeName(scheme)}: {scheme.PublicKeySize() * 2} hex digits of a point on its curve";
        JsonElement value = Member(name, expected);
        byte[] key = new byte[scheme.PublicKeySize()];
        bool valid = value.ValueKind == JsonValueKind.String
            && Convert.FromHexString(value.GetString()!, key, out int consumed, out int written) == System.Buffers.OperationStatus.Done
            && consumed == key.Length * 2 && written == key.Length
            && SignatureVerifier.IsPublicKey(scheme, key);
        return valid ? key : throw Problem(At(name), expected, value);
    }

    public KeyScheme Scheme(string name)
    {
        JsonElement value = Member(name, "a key scheme");
        return (value.ValueKind == JsonValueKind.String ? value.GetString() : null) switch
        {
            "secp256k1" => KeyScheme.Secp256k1,
            "p256" => KeyScheme.P256,
            _ => throw Problem(At(name), "\"secp256k1\" or \"p256\"", value),
        };
    }

    public JsonNodeReader Object(string name) => new(At(name), Member(name, "an object"));

    /// <summary>The elements of an array, each with its path.</summary>
    public List<(string Path, JsonElement Element)> Array(string name, int countMin, int countMax)
    {
        string expected = $"an array of {countMin} to {countMax} elements";
        JsonElement value = Member(name, expected);
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() < countMin || value.GetArrayLength() > countMax)
            throw Problem(At(name), expected, value);
        return [.. value.EnumerateArray().Select((item, index) => ($"{At(name)}[{index}]", item))];
    }

    public List<JsonNodeReader> Objects(string name, int countMin, int countMax) =>
        [.. Array(name, countMin, countMax).Select(item => new JsonNodeReader(item.Path, item.Element))];

    public static Address ParseAccount(string path, JsonElement value)
    {
        string? text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        bool valid = AddressText.TryParse(text, out Address address, out AddressKind kind)
            && kind is AddressKind.Account or AddressKind.Unspecified;
        return valid ? address : throw Problem(path, "an account address (app1… or 40 hex digits)", value);
    }

    private static GenesisFormatException Problem(string path, string expected, JsonElement found)
    {
        string text = found.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => $"an array of {found.GetArrayLength()}",
            _ => found.GetRawText(),
        };
        return new GenesisFormatException(path, $"expected {expected}, found {(text.Length <= 100 ? text : text[..100] + "…")}");
    }

    private static string SchemeName(KeyScheme scheme) => scheme == KeyScheme.P256 ? "p256" : "secp256k1";

    private static string? Digits(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.String => value.GetString(),
        _ => null,
    };

    private JsonElement Member(string name, string expected)
    {
        asked.Add(name);
        return element.TryGetProperty(name, out JsonElement value)
            ? value
            : throw new GenesisFormatException(At(name), $"missing; expected {expected}");
    }
}
