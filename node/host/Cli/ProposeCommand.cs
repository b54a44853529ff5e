using System.CommandLine;
using System.Globalization;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary><c>appchain gov propose</c>: one command for each kind of action.</summary>
internal static class ProposeCommand
{
    private static readonly Option<FileInfo> Key = CommonOptions.Key("--key", "the proposer, who pays the deposit");
    private static readonly Option<string> Title = new("--title") { Description = "What it does, in a few words: at most 64 bytes", Required = true };

    public static Command Create() => new("propose", "Propose something to be voted on; the deposit is held until the voting ends")
    {
        SetParameters(), Spend(), Upgrade(), CancelUpgrade(), Ruling(),
        PriceReporters(), Manufacturer(), ReplaceManufacturer(), RewardWeight(), ServiceRules(),
        CandidateRules(), NoCandidate(),
    };

    private static Command SetParameters()
    {
        Argument<string[]> changes = new("changes") { Description = "NAME=VALUE, as `appchain gov parameters` lists them", Arity = ArgumentArity.OneOrMore };
        Command command = new("parameters", "Set parameters, all at once") { changes };
        return Submits(command, arguments => new SetParameters(
            arguments.GetValue(changes)!.Select(ParseChange).OrderBy(change => change.Number)));
    }

    private static Command Spend()
    {
        Option<string> to = new("--to") { Description = "Receiver, app1… or 40 hex digits", Required = true };
        Option<decimal> tokens = new("--tokens") { Description = "How many tokens; up to nine decimals", Required = true };
        Command command = new("spend", "Pay an account from the treasury") { to, tokens };
        return Submits(command, arguments => new SpendTreasury(
            CommonOptions.ParseAddress(arguments.GetValue(to)!), TxCommand.ParseTokens(arguments.GetValue(tokens))));
    }

    private static Command Upgrade()
    {
        Option<ulong> height = new("--height") { Description = "The first block under the new rules", Required = true };
        Option<uint> version = new("--rules") { Description = "The version of the rules", Required = true };
        Command command = new("upgrade", "From a height on, follow a later version of the chain's rules") { height, version };
        return Submits(command, arguments => new PlanUpgrade(arguments.GetValue(height), arguments.GetValue(version)));
    }

    private static Command CancelUpgrade() => Submits(new Command("cancel-upgrade", "Take the planned upgrade back"), _ => new CancelUpgrade());

    private static Command Ruling()
    {
        Option<ulong> dispute = new("--dispute") { Description = "The dispute's number", Required = true };
        Option<string> ruling = new("--ruling") { Description = "The decision", Required = true };
        ruling.AcceptOnlyFromAmong("guilty", "not-guilty", "abuse");
        Option<uint> share = new("--share-ppm") { Description = "What a guilty one loses, in parts per million" };
        Command command = new("ruling", "Rule on a dispute") { dispute, ruling, share };
        return Submits(command, arguments => new RuleDispute(
            arguments.GetValue(dispute),
            arguments.GetValue(ruling) switch { "guilty" => Ledger.Ruling.Guilty, "abuse" => Ledger.Ruling.Abuse, _ => Ledger.Ruling.NotGuilty },
            arguments.GetValue(share)));
    }

    private static Command PriceReporters()
    {
        Argument<string[]> reporters = new("reporters") { Description = "The accounts, app1…; all others report no more", Arity = ArgumentArity.ZeroOrMore };
        Command command = new("price-reporters", "Say who reports the token's price") { reporters };
        return Submits(command, arguments => new SetPriceReporters(
            arguments.GetValue(reporters)!.Select(CommonOptions.ParseAddress).Order()));
    }

    private static Command Manufacturer()
    {
        Option<string> name = new("--name") { Description = "For people: at most 64 bytes", Required = true };
        Option<string> admin = Admin();
        Option<string[]> roots = Roots();
        Command command = new("manufacturer", "Take up a manufacturer; its address is that of its first key") { name, admin, roots };
        return Submits(command, arguments => new RegisterManufacturer(
            arguments.GetValue(name)!, CommonOptions.ParseAddress(arguments.GetValue(admin)!), arguments.GetValue(roots)!.Select(CommonOptions.ParseRoot)));
    }

    private static Command ReplaceManufacturer()
    {
        Option<string> manufacturer = new("--manufacturer") { Description = "The manufacturer's address", Required = true };
        Option<string> admin = Admin();
        Option<string[]> roots = Roots();
        Command command = new("replace-manufacturer", "Give a manufacturer another admin and other keys, without its word") { manufacturer, admin, roots };
        return Submits(command, arguments => new ReplaceManufacturer(new UpdateManufacturer(
            CommonOptions.ParseAddress(arguments.GetValue(manufacturer)!),
            CommonOptions.ParseAddress(arguments.GetValue(admin)!),
            arguments.GetValue(roots)!.Select(CommonOptions.ParseRoot))));
    }

    private static Command RewardWeight()
    {
        Option<uint> service = Service();
        Option<uint> weight = new("--weight") { Description = "Relative to the other services; 0: it shares in no rewards", Required = true };
        Command command = new("reward-weight", "Give a service another share of the rewards") { service, weight };
        return Submits(command, arguments => new SetRewardWeight(arguments.GetValue(service), arguments.GetValue(weight)));
    }

    private static Command ServiceRules()
    {
        Option<uint> service = Service();
        Option<FileInfo> definition = new("--definition") { Description = "JSON file: what it is about, as in a genesis file", Required = true };
        Command command = new("service-rules", "Change a service that nobody owns, from the next reward epoch on") { service, definition };
        return Submits(command, arguments => new SetServiceRules(
            arguments.GetValue(service), CommonOptions.ReadDefinition(arguments.GetValue(definition)!)));
    }

    private static Command CandidateRules()
    {
        Option<uint> service = Service();
        Option<FileInfo> definition = new("--definition") { Description = "JSON file: what it would be about, as in a genesis file", Required = true };
        Option<uint> epochs = new("--epochs") { Description = "For how many reward epochs, from the next one on", Required = true };
        Command command = new("candidate", "Have a service's proofs judged by other rules too, in public and unpaid; `service-rules` with the same file switches them on") { service, definition, epochs };
        return Submits(command, arguments => new SetCandidateRules(
            arguments.GetValue(service), CommonOptions.ReadDefinition(arguments.GetValue(definition)!), arguments.GetValue(epochs)));
    }

    private static Command NoCandidate()
    {
        Option<uint> service = Service();
        return Submits(new Command("no-candidate", "End the candidate for a service's rules with the open reward epoch") { service }, arguments => new SetCandidateRules(arguments.GetValue(service), null, 0));
    }

    private static Option<string> Admin() => new("--admin") { Description = "The account that decides for it", Required = true };

    private static Option<string[]> Roots() =>
        new("--root") { Description = "SCHEME:PUBLICKEY, a key that attests its devices; once for each, 1 to 4", Required = true };

    private static Option<uint> Service() => new("--service") { Description = "The service's number", Required = true };

    private static Command Submits(Command command, Func<ParseResult, ProposalAction> read)
    {
        command.Add(Title);
        command.Add(Key);
        command.Add(TxCommand.Node);
        command.SetAction((arguments, cancellation) =>
        {
            // What was typed is judged before any node is asked.
            ProposalAction action = read(arguments);
            return TxCommand.WithWalletAsync(arguments, Key, cancellation, (wallet, _) => wallet.ProposeAsync(arguments.GetValue(Title)!, action, cancellation));
        });
        return command;
    }

    private static ParameterChange ParseChange(string text)
    {
        string[] parts = text.Split('=', 2);
        if (parts.Length != 2 || !ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
            throw new CommandException($"\"{text}\" is not NAME=VALUE, such as feeTokens=20.");
        ParameterEntry entry = Parameters.Find(parts[0])
            ?? throw new CommandException($"there is no parameter \"{parts[0]}\"; `appchain gov parameters` lists them.");
        return entry.Allows(value)
            ? new ParameterChange((uint)entry.Parameter, value)
            : throw new CommandException($"{entry.Name} is {value}; expected {entry.Minimum} to {entry.Maximum} ({entry.Unit}).");
    }
}
