using System.CommandLine;
using AppChain.Client;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Node.Signer;

namespace AppChain.Node.Cli;

/// <summary><c>appchain signer</c>: looks at the record of what the validator key has signed, and overrides it.</summary>
internal static class SignerCommand
{
    public static Command Create() => new("signer", "Show or override the record of what the validator key has signed") { Show(), Reset() };

    private static Command Show()
    {
        Option<DirectoryInfo> home = CommonOptions.Home();
        Command command = new("show", "Say what the record remembers; the node must not be running") { home };
        command.SetAction(arguments =>
        {
            (string path, SignerIdentity identity) = Locate(arguments.GetValue(home)!);
            if (!File.Exists(path))
                throw new CommandException($"{path} does not exist: this validator has not run yet, or its record was lost (`appchain signer reset --help`).");
            using SignerRecord record = SignerRecord.Open(path, identity);
            Print(record);
            foreach (IGrouping<View, VoteBody> view in record.Votes.Bodies.GroupBy(body => body.View))
                Console.WriteLine($"{"view " + view.Key,-14} {string.Join(", ", view.Select(Describe))}");
        });
        return command;
    }

    private static Command Reset()
    {
        Option<DirectoryInfo> home = CommonOptions.Home();
        Option<ulong> above = new("--above")
        {
            Description = "Sign in views above this one only: one that the chain reached after the key's last signature (`appchain status` of a running validator)",
            Required = true,
        };
        Option<ulong> epoch = new("--epoch") { Description = "The epoch of consensus that the view is of", Required = true };
        Option<bool> confirm = new("--confirm") { Description = "Do it. Without this the command only says what it would do" };
        Command command = new("reset", "Replace a lost or damaged record by one that knows no vote and forbids all up to a view") { home, above, epoch, confirm };
        command.SetAction(arguments =>
        {
            (string path, SignerIdentity identity) = Locate(arguments.GetValue(home)!);
            View floor = new(arguments.GetValue(above));
            string danger = $"If this key has signed anything above that view or in a later epoch, or another process still signs with it, it may contradict itself: "
                + "that is provable, is punished, and can split the chain.";
            if (!arguments.GetValue(confirm))
                throw new CommandException(
                    $"nothing was changed: {path} would be replaced by a record that allows votes above view {floor} of epoch {arguments.GetValue(epoch)} only. "
                    + $"{danger} If you are sure, add --confirm.");
            using SignerRecord record = SignerRecord.Replace(path, identity, new SignedVotes(new Epoch(arguments.GetValue(epoch)), floor));
            Console.WriteLine(danger);
            Print(record);
        });
        return command;
    }

    private static (string Path, SignerIdentity Identity) Locate(DirectoryInfo directory)
    {
        NodeHome home = new(directory.FullName);
        NodeConfig config = NodeConfig.Load(home, new Dictionary<string, string?>());
        GenesisFile genesis = GenesisFile.Load(home.GenesisFile);
        using PrivateKey key = KeyFile.Load(home.ValidatorKeyFile);
        if (key.Scheme != KeyScheme.Secp256k1)
            throw new CommandException($"the key in {home.ValidatorKeyFile} is of scheme {key.Scheme}: it signs no votes.");
        return (home.SignerRecordFile(config), new SignerIdentity(genesis.Genesis.Hash, new Hash256(key.PublicKey.Span)));
    }

    private static void Print(SignerRecord record)
    {
        Console.WriteLine($"{"record",-14} {record.Path}{(record.WasTorn ? " (one of its two slots is not whole)" : "")}");
        Console.WriteLine($"{"votes above",-14} view {record.Votes.Floor} of epoch {record.Votes.Epoch}");
        Console.WriteLine($"{"highest",-14} view {record.Votes.Highest}");
    }

    private static string Describe(VoteBody body) => body.Kind == VoteKind.Nullify ? "nullify" : $"{body.Kind.ToString().ToLowerInvariant()} {body.HeaderHash}";
}
