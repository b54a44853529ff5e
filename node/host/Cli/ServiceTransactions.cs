using System.CommandLine;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary>The commands of <c>appchain tx</c> for services.</summary>
internal static class ServiceTransactions
{
    private static readonly Option<ulong> Quota = new("--sponsor-quota") { Description = "Credits that its sponsor pool pays for one device in one reward epoch" };

    public static IEnumerable<Command> All() => [Create(), Update()];

    private static Command Create()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "its owner, who pledges the service bond");
        Option<FileInfo> file = new("--definition") { Description = "JSON file: what it is about, as in a genesis file", Required = true };
        Command command = new("create-service", "Create a service; a vote may give it a share of the rewards") { key, file, Quota, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            ServiceDefinition definition = CommonOptions.ReadDefinition(arguments.GetValue(file)!);
            return TxCommand.WithWalletAsync(
                arguments, key, cancellation, (wallet, _) => wallet.CreateServiceAsync(definition, new Credits(arguments.GetValue(Quota)), cancellation));
        });
        return command;
    }

    private static Command Update()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "its owner");
        Option<uint> service = new("--service") { Description = "The service's number", Required = true };
        Option<FileInfo?> file = new("--definition") { Description = "JSON file: what it is about from the next reward epoch on; without it as it is" };
        Command command = new("update-service", "Change a service from the next reward epoch on, or its sponsor's quota at once") { key, service, file, Quota, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            ServiceDefinition? definition = arguments.GetValue(file) is { } named ? CommonOptions.ReadDefinition(named) : null;
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) =>
                wallet.UpdateServiceAsync(arguments.GetValue(service), definition, new Credits(arguments.GetValue(Quota)), cancellation));
        });
        return command;
    }
}
