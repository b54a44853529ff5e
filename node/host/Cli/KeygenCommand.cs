using System.CommandLine;
using AppChain.Client;
using AppChain.Crypto;

namespace AppChain.Node.Cli;

/// <summary><c>appchain keygen</c>: makes a key file.</summary>
internal static class KeygenCommand
{
    public static Command Create()
    {
        Option<FileInfo> output = new("--out") { Description = "File to write; it must not exist", Required = true };
        Option<string> scheme = new("--scheme") { Description = "Kind of key", DefaultValueFactory = _ => "secp256k1" };
        scheme.AcceptOnlyFromAmong("secp256k1", "p256");
        Option<string?> seed = new("--seed")
        {
            Description = "Derive the key from this text instead of at random. Whoever knows the text has the key: for devnets only",
        };
        Command command = new("keygen", "Make a key and write it to a file that only you can read") { output, scheme, seed };
        command.SetAction(arguments =>
        {
            KeyScheme kind = arguments.GetValue(scheme) == "p256" ? KeyScheme.P256 : KeyScheme.Secp256k1;
            using PrivateKey key = arguments.GetValue(seed) is { } text ? PrivateKey.FromSeed(kind, text) : PrivateKey.Generate(kind);
            FileInfo file = arguments.GetValue(output)!;
            KeyFile.Save(file.FullName, key);
            Console.WriteLine($"wrote      {file.FullName}");
            Console.WriteLine($"public key {Convert.ToHexStringLower(key.PublicKey.Span)}");
            Console.WriteLine($"account    {AddressText.Format(key.Address, AddressKind.Account)}");
            Console.WriteLine($"device     {AddressText.Format(key.Address, AddressKind.Device)}");
            Console.WriteLine($"validator  {AddressText.Format(key.Address, AddressKind.Validator)}");
        });
        return command;
    }
}
