using System.CommandLine;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary>The commands of <c>appchain tx</c> for stake and validators.</summary>
internal static class StakeTransactions
{
    private static readonly Option<string> Moniker = new("--moniker") { Description = "The validator's name", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Address = new("--address")
    {
        Description = "HOST:PORT where other validators reach it; without it they need it in their configuration",
        DefaultValueFactory = _ => "",
    };
    private static readonly Option<uint> Commission = new("--commission") { Description = "The operator's part of delegators' rewards, in ppm" };
    private static readonly Option<string> Validator = new("--validator") { Description = "The validator's operator, val1…, app1… or 40 hex digits", Required = true };

    public static IEnumerable<Command> All() => [Bond(), Delegate(), Unbond(), Update(), Unjail(), Evidence()];

    private static Command Bond()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the operator");
        Option<decimal> tokens = new("--tokens") { Description = "How many tokens; up to nine decimals", Required = true };
        Option<FileInfo?> consensus = ConsensusKey("The key file of a new validator; without it the operator's validator gets more stake");
        Command command = new("bond", "Become a validator, or raise its stake") { key, tokens, consensus, Moniker, Address, Commission, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            Amount amount = TxCommand.ParseTokens(arguments.GetValue(tokens));
            return TxCommand.WithWalletAsync(arguments, key, cancellation, async (wallet, _) =>
            {
                if (arguments.GetValue(consensus) is not { } file)
                    return await wallet.BondAsync(amount, cancellation);
                using PrivateKey consensusKey = KeyFile.Load(file.FullName);
                return await wallet.BondNewValidatorAsync(amount, consensusKey, Profile(arguments), cancellation);
            });
        });
        return command;
    }

    private static Command Delegate()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the delegator");
        Option<decimal> tokens = new("--tokens") { Description = "How many tokens; up to nine decimals", Required = true };
        Command command = new("delegate", "Bond tokens with a validator") { key, Validator, tokens, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            (Address validator, Amount amount) = (CommonOptions.ParseAddress(arguments.GetValue(Validator)!), TxCommand.ParseTokens(arguments.GetValue(tokens)));
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) => wallet.DelegateAsync(validator, amount, cancellation));
        });
        return command;
    }

    private static Command Unbond()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "whose stake it is");
        Option<decimal?> tokens = new("--tokens") { Description = "How many tokens; all without it" };
        Command command = new("unbond", "Let stake go; it is paid out after the unbonding delay") { key, Validator, tokens, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            Address validator = CommonOptions.ParseAddress(arguments.GetValue(Validator)!);
            Amount amount = arguments.GetValue(tokens) is { } some ? TxCommand.ParseTokens(some) : Amount.Zero;
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) => wallet.UnbondAsync(validator, amount, cancellation));
        });
        return command;
    }

    private static Command Update()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the operator");
        Option<FileInfo?> consensus = ConsensusKey("The key file of its new consensus key; without it the key stays");
        Command command = new("update-validator", "Replace what a validator says of itself, all of it") { key, consensus, Moniker, Address, Commission, TxCommand.Node };
        command.SetAction((arguments, cancellation) => TxCommand.WithWalletAsync(arguments, key, cancellation, async (wallet, _) =>
        {
            using PrivateKey? consensusKey = arguments.GetValue(consensus) is { } file ? KeyFile.Load(file.FullName) : null;
            return await wallet.UpdateValidatorAsync(Profile(arguments), consensusKey, cancellation);
        }));
        return command;
    }

    private static Command Unjail()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the operator");
        Command command = new("unjail", "End the jail of the operator's validator") { key, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
            TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) => wallet.UnjailAsync(cancellation)));
        return command;
    }

    private static Command Evidence()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "who reports it");
        Option<string> consensus = new("--consensus-key") { Description = "The key that signed both votes, 64 hex digits", Required = true };
        Option<string> evidence = new("--evidence") { Description = "The two votes, as the node's log shows them", Required = true };
        Command command = new("submit-evidence", "Prove that a validator contradicted itself") { key, consensus, evidence, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            (byte[] offender, byte[] votes) = (Hex("--consensus-key", arguments.GetValue(consensus)!), Hex("--evidence", arguments.GetValue(evidence)!));
            return TxCommand.WithWalletAsync(
                arguments, key, cancellation, (wallet, _) => wallet.SubmitEvidenceAsync(offender, votes, cancellation));
        });
        return command;
    }

    private static Option<FileInfo?> ConsensusKey(string description) => new("--consensus-key") { Description = description };

    private static ValidatorProfile Profile(ParseResult arguments) =>
        new(arguments.GetValue(Moniker)!, arguments.GetValue(Address)!, arguments.GetValue(Commission));

    private static byte[] Hex(string option, string text)
    {
        byte[] bytes = new byte[text.Length / 2];
        return Convert.FromHexString(text, bytes, out int consumed, out _) == System.Buffers.OperationStatus.Done && consumed == text.Length
            ? bytes
            : throw new CommandException($"{option} is \"{text}\"; expected hex digits.");
    }
}
