using System.CommandLine;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary>Options that several commands share, so that they read the same everywhere.</summary>
internal static class CommonOptions
{
    public static Option<DirectoryInfo> Home() => new("--home")
    {
        Description = "The node's directory: its configuration, keys and data",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".appchain")),
    };

    public static Option<string> Node() => new("--node")
    {
        Description = "The node to talk to, HOST:PORT of its public gRPC port",
        DefaultValueFactory = _ => "127.0.0.1:26600",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print the answer as JSON" };

    public static Option<string?> Prune() => new("--prune")
    {
        Description = $"How much of old blocks to keep: \"archive\" for all, or budgets ({PruneSetting.Default})",
    };

    public static Option<FileInfo> Key(string name, string who) => new(name)
    {
        Description = $"Key file of {who} (made by `appchain keygen`)",
        Required = true,
    };

    /// <summary>Opens a client to the node that the option names.</summary>
    public static NodeClient Connect(this ParseResult arguments, Option<string> node) => Connect(arguments.GetValue(node)!);

    /// <summary>Opens a client to HOST:PORT, or to https://HOST:PORT.</summary>
    public static NodeClient Connect(string address)
    {
        const string tls = "https://";
        bool isTls = address.StartsWith(tls, StringComparison.Ordinal);
        string authority = isTls ? address[tls.Length..] : address;
        return Uri.TryCreate((isTls ? tls : "http://") + authority, UriKind.Absolute, out Uri? uri) && uri.Authority == authority && uri.Port > 0
            ? NodeClient.Connect(uri.GetLeftPart(UriPartial.Authority))
            : throw new CommandException($"--node is \"{address}\"; expected HOST:PORT, such as 127.0.0.1:26600, or https://HOST:PORT for a node with TLS.");
    }

    /// <summary>Reads an address in any of its forms.</summary>
    public static Address ParseAddress(string text) => AddressText.TryParse(text, out Address address, out _)
        ? address
        : throw new CommandException($"\"{text}\" is not an address; expected app1…, dev1… or val1…, or 40 hex digits.");

    /// <summary>Reads a manufacturer's key as SCHEME:PUBLICKEY; `appchain keygen` prints the latter.</summary>
    public static ManufacturerRoot ParseRoot(string text)
    {
        string[] parts = text.Split(':', 2);
        KeyScheme? scheme = parts[0] switch { "secp256k1" => KeyScheme.Secp256k1, "p256" => KeyScheme.P256, _ => null };
        if (parts.Length == 2 && scheme is { } known)
        {
            byte[] key = new byte[known.PublicKeySize()];
            bool isHex = Convert.FromHexString(parts[1], key, out int consumed, out int written) == System.Buffers.OperationStatus.Done;
            if (isHex && consumed == parts[1].Length && written == key.Length && SignatureVerifier.IsPublicKey(known, key))
                return new ManufacturerRoot(known, key);
        }
        throw new CommandException($"--root is \"{text}\"; expected secp256k1:PUBLICKEY or p256:PUBLICKEY, the key in hex.");
    }

    /// <summary>Reads a service's definition from a JSON file.</summary>
    public static ServiceDefinition ReadDefinition(FileInfo file) =>
        ServiceDefinitionFile.TryParse(File.ReadAllBytes(file.FullName), out ServiceDefinition? definition, out string? error)
            ? definition
            : throw new CommandException($"{file.FullName}: {error}.");
}
