using System.CommandLine;
using System.Globalization;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Node.Peers;

namespace AppChain.Node.Cli;

/// <summary><c>appchain init</c>: lays out a node's home.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> home = CommonOptions.Home();
        Option<FileInfo> genesis = new("--genesis") { Description = "The chain's genesis file; it is copied into the home", Required = true };
        Option<FileInfo?> validatorKey = new("--validator-key") { Description = "Key file to validate with; without it a new key is made" };
        Option<string?> moniker = new("--moniker") { Description = "The node's name for people" };
        Option<string?> rpc = new("--rpc") { Description = "Where clients reach the node, HOST:PORT" };
        Option<string?> peer = new("--peer") { Description = "Where other nodes reach the node, HOST:PORT" };
        Option<string?> peers = new("--peers") { Description = "The other validators' peer addresses: INDEX=HOST:PORT,INDEX=HOST:PORT (index as in genesis, from 0)" };
        Option<string?> prune = CommonOptions.Prune();
        Command command = new("init", "Prepare a directory for a node: configuration, genesis and keys")
        {
            home, genesis, validatorKey, moniker, rpc, peer, peers, prune,
        };
        command.SetAction(arguments =>
        {
            NodeHome target = new(arguments.GetValue(home)!.FullName);
            if (File.Exists(target.ConfigFile))
                throw new CommandException($"{target.Path} is a node's home already; choose another --home or remove it.");
            GenesisFile file = GenesisFile.Load(arguments.GetValue(genesis)!.FullName);

            NodeConfig config = new();
            config.Moniker = arguments.GetValue(moniker) ?? config.Moniker;
            config.Rpc.Listen = arguments.GetValue(rpc) ?? config.Rpc.Listen;
            config.Peer.Listen = arguments.GetValue(peer) ?? config.Peer.Listen;
            config.Peer.Validators = ParsePeers(arguments.GetValue(peers));
            config.Storage.Prune = arguments.GetValue(prune) ?? config.Storage.Prune;
            config.Check();

            using PrivateKey key = arguments.GetValue(validatorKey) is { } given ? KeyFile.Load(given.FullName) : PrivateKey.Generate(KeyScheme.Secp256k1);
            Directory.CreateDirectory(Path.GetDirectoryName(target.ValidatorKeyFile)!);
            Directory.CreateDirectory(target.DataDirectory);
            KeyFile.Save(target.ValidatorKeyFile, key);
            NodeKey.Create(target);
            File.WriteAllBytes(target.GenesisFile, file.Bytes.ToArray());
            // Last: a home with a configuration is a complete one.
            config.Save(target.ConfigFile);

            Console.WriteLine($"home       {target.Path}");
            Console.WriteLine($"chain      {file.Genesis.ChainId}, genesis {file.Genesis.Hash}");
            Console.WriteLine($"validator  {AddressText.Format(key.Address, AddressKind.Validator)} ({Place(file, key)})");
            Console.WriteLine($"next       appchain run --home {target.Path}");
        });
        return command;
    }

    private static string Place(GenesisFile genesis, PrivateKey key) =>
        genesis.IndexOf(key) is { } index
            ? string.Create(CultureInfo.InvariantCulture, $"number {index} in genesis")
            : "not in genesis: this node cannot vote";

    private static Dictionary<string, string> ParsePeers(string? list)
    {
        Dictionary<string, string> peers = [];
        foreach (string entry in (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = entry.Split('=', 2);
            if (parts.Length != 2 || !peers.TryAdd(parts[0], parts[1]))
                throw new CommandException($"--peers has \"{entry}\"; expected INDEX=HOST:PORT, each index once.");
        }
        return peers;
    }
}
