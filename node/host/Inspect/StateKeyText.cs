using System.Buffers.Binary;
using System.Globalization;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Cli;

namespace AppChain.Node.Inspect;

/// <summary>State keys as people write and read them: the parts of <see cref="StateLayout.Key"/> as addresses and numbers.</summary>
internal static class StateKeyText
{
    /// <summary>The beginning of the keys that these parts name; the whole key, if all parts are given.</summary>
    /// <exception cref="CommandException">There are too many, or one is not what it must be.</exception>
    public static byte[] Prefix(StateLayout layout, IReadOnlyList<string> texts)
    {
        if (texts.Count > layout.Key.Length)
        {
            string expected = layout.Key.IsEmpty ? "there is only one" : string.Join(' ', layout.Key.Select(field => field.Name.ToUpperInvariant()));
            throw new CommandException($"the key of {RecordJson.NameOf(layout.Kind.ToString())} has {layout.Key.Length} parts ({expected}), not {texts.Count}.");
        }
        return [(byte)layout.Kind, .. texts.SelectMany((text, i) => Bytes(layout.Key[i], text))];
    }

    /// <summary>The parts of a key; null if it does not have the layout's length.</summary>
    public static IReadOnlyList<(string Name, string Text)>? Fields(StateLayout layout, ReadOnlyMemory<byte> key)
    {
        List<(string, string)> fields = [];
        ReadOnlySpan<byte> rest = key.Span[1..];
        foreach (StateKeyField field in layout.Key)
        {
            int size = SizeOf(field.Part) ?? rest.Length;
            if (rest.Length < size)
                return null;
            fields.Add((field.Name, Text(field.Part, rest[..size])));
            rest = rest[size..];
        }
        return rest.IsEmpty ? fields : null;
    }

    private static int? SizeOf(StateKeyPart part) => part switch
    {
        StateKeyPart.UInt8 => sizeof(byte),
        StateKeyPart.UInt32 => sizeof(uint),
        StateKeyPart.UInt64 => sizeof(ulong),
        StateKeyPart.Bytes => null,
        _ => Address.Size,
    };

    private static string Text(StateKeyPart part, ReadOnlySpan<byte> bytes) => part switch
    {
        StateKeyPart.Account => AddressText.Format(new Address(bytes), AddressKind.Account),
        StateKeyPart.Device => AddressText.Format(new Address(bytes), AddressKind.Device),
        StateKeyPart.Validator => AddressText.Format(new Address(bytes), AddressKind.Validator),
        StateKeyPart.UInt8 => bytes[0].ToString(CultureInfo.InvariantCulture),
        StateKeyPart.UInt32 => BinaryPrimitives.ReadUInt32BigEndian(bytes).ToString(CultureInfo.InvariantCulture),
        StateKeyPart.UInt64 => BinaryPrimitives.ReadUInt64BigEndian(bytes).ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToHexStringLower(bytes),
    };

    private static byte[] Bytes(StateKeyField field, string text)
    {
        switch (field.Part)
        {
            case StateKeyPart.UInt8 when byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out byte number):
                return [number];
            case StateKeyPart.UInt32 when uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number):
                byte[] four = new byte[sizeof(uint)];
                BinaryPrimitives.WriteUInt32BigEndian(four, number);
                return four;
            case StateKeyPart.UInt64 when ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number):
                byte[] eight = new byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64BigEndian(eight, number);
                return eight;
            case StateKeyPart.UInt8 or StateKeyPart.UInt32 or StateKeyPart.UInt64:
                throw new CommandException($"\"{text}\" is no number; {field.Name} is one.");
            case StateKeyPart.Bytes:
                return RecordKind.ParseHex(text);
            default:
                return CommonOptions.ParseAddress(text).Bytes.ToArray();
        }
    }
}
