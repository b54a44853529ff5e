using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Inspect;

/// <summary>
/// The JSON form of everything that a node stores, made from the declarations of the records themselves, so that a new kind of record needs
/// no code here. It holds what is stored and nothing computed. docs/inspect.md describes it.
/// </summary>
internal static class RecordJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { KeepWhatIsStored } },
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower),
            // As in protobuf's JSON: readers in JavaScript would round numbers of 64 bits.
            new TextConverter<ulong>(static value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new TextConverter<long>(static value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new TextConverter<Amount>(static amount => amount.Grains.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new TextConverter<Credits>(static credits => credits.Units.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new TextConverter<Epoch>(static epoch => epoch.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new TextConverter<View>(static view => view.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new TextConverter<Height>(static height => height.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new TextConverter<Address>(static address => AddressText.Format(address, AddressKind.Account)),
            new TextConverter<Hash256>(static hash => hash.ToString()),
            new TextConverter<Digest>(static digest => digest.ToString()),
            new TextConverter<Consensus.ChainId>(static chain => chain.ToString()),
            new TextConverter<VrfProof>(static proof => Convert.ToHexStringLower(proof.Bytes)),
            new TextConverter<ReadOnlyMemory<byte>>(static bytes => Convert.ToHexStringLower(bytes.Span)),
            new TextConverter<byte[]>(static bytes => Convert.ToHexStringLower(bytes)),
            new ParametersConverter(),
            new KindConverter(),
        },
    };

    /// <summary>The JSON form of a record, or of anything that records are made of.</summary>
    public static JsonNode? Of(object? value) => JsonSerializer.SerializeToNode(value, value?.GetType() ?? typeof(object), Options);

    /// <summary>One line of JSON.</summary>
    public static string Line(JsonNode node) => node.ToJsonString(Options);

    /// <summary>An enum's member, or a type, as JSON names it: <c>service-work</c>.</summary>
    public static string NameOf(string declared) => JsonNamingPolicy.KebabCaseLower.ConvertName(declared);

    // What is computed may not be computable, if the record is not one that the ledger wrote.
    private static void KeepWhatIsStored(JsonTypeInfo type)
    {
        for (int i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].AttributeProvider is not PropertyInfo property || !IsStored(property))
                type.Properties.RemoveAt(i);
        }
    }

    // The compiler's names for what a property of a record, and of an anonymous type, is stored in.
    private static bool IsStored(PropertyInfo property) => new[] { $"<{property.Name}>k__BackingField", $"<{property.Name}>i__Field" }
        .Any(field => property.DeclaringType!.GetField(field, BindingFlags.Instance | BindingFlags.NonPublic) is not null);

    private sealed class TextConverter<T>(Func<T, string> text) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException("records are only shown");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(text(value));
    }

    /// <summary>The record of the parameters holds them by number: their names are in a registry.</summary>
    private sealed class ParametersConverter : JsonConverter<ParametersRecord>
    {
        public override ParametersRecord Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException("records are only shown");

        public override void Write(Utf8JsonWriter writer, ParametersRecord value, JsonSerializerOptions options)
        {
            JsonObject parameters = [];
            foreach (ParameterEntry entry in Parameters.All)
                parameters[entry.Name] = Of(value[entry.Parameter]);
            parameters.WriteTo(writer, options);
        }
    }

    /// <summary>One of several kinds of a thing: its own properties, and first which kind it is.</summary>
    private sealed class KindConverter : JsonConverter<object>
    {
        public override bool CanConvert(Type type) => type.IsAbstract && type.IsClass;

        public override object Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException("records are only shown");

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
        {
            JsonObject kind = new() { ["type"] = NameOf(value.GetType().Name) };
            foreach ((string name, JsonNode? property) in Of(value)!.AsObject())
                kind[name] = property?.DeepClone();
            kind.WriteTo(writer, options);
        }
    }
}
