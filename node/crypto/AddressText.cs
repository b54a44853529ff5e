namespace AppChain.Crypto;

/// <summary>What an address is the address of. Told by its text only: the chain knows the 20 bytes.</summary>
public enum AddressKind
{
    /// <summary>The text was bare hex, which names no kind.</summary>
    Unspecified,

    /// <summary>An account or a manufacturer: <c>app1…</c>.</summary>
    Account,

    /// <summary>A device: <c>dev1…</c>.</summary>
    Device,

    /// <summary>A validator: <c>val1…</c>.</summary>
    Validator,
}

/// <summary>Addresses as people read and write them: bech32m with a prefix that tells the kind, or 40 hex digits.</summary>
public static class AddressText
{
    /// <summary>The text of an address; lower-case hex for <see cref="AddressKind.Unspecified"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none.</exception>
    public static string Format(Address address, AddressKind kind) => kind switch
    {
        AddressKind.Unspecified => address.ToString(),
        AddressKind.Account => Bech32m.Encode("app", address.Bytes),
        AddressKind.Device => Bech32m.Encode("dev", address.Bytes),
        AddressKind.Validator => Bech32m.Encode("val", address.Bytes),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of address."),
    };

    /// <summary>Reads either form. False for another prefix, length or a wrong checksum.</summary>
    public static bool TryParse(string? text, out Address address, out AddressKind kind)
    {
        address = default;
        kind = AddressKind.Unspecified;
        if (text is { Length: Address.Size * 2 })
            return TryParseHex(text, out address);
        if (!Bech32m.TryDecode(text, out string prefix, out byte[] bytes) || bytes.Length != Address.Size)
            return false;
        kind = prefix switch
        {
            "app" => AddressKind.Account,
            "dev" => AddressKind.Device,
            "val" => AddressKind.Validator,
            _ => AddressKind.Unspecified,
        };
        if (kind == AddressKind.Unspecified)
            return false;
        address = new Address(bytes);
        return true;
    }

    // No bech32m address has 40 characters (a prefix of 3 makes 42), so the length alone tells hex.
    private static bool TryParseHex(string text, out Address address)
    {
        Span<byte> bytes = stackalloc byte[Address.Size];
        bool valid = Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        address = valid ? new Address(bytes) : default;
        return valid;
    }
}
