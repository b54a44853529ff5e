using System.CommandLine;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Wire = AppChain.Protos.V1;

namespace AppChain.Node.Cli;

/// <summary><c>appchain gov</c>: proposes, votes, and shows what is decided.</summary>
internal static class GovCommand
{
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create() => new("gov", "Propose, vote, and see what is decided") { ProposeCommand.Create(), Vote(), List(), Show(), Voter(), ListParameters() };

    private static Command Vote()
    {
        Argument<ulong> number = new("proposal") { Description = "The proposal's number" };
        Argument<string> choice = new("choice") { Description = "yes, no or abstain" };
        choice.AcceptOnlyFromAmong("yes", "no", "abstain");
        Option<FileInfo> key = CommonOptions.Key("--key", "the voter");
        Command command = new("vote", "Vote with the account's stake; the last vote counts") { number, choice, key, TxCommand.Node };
        command.SetAction((arguments, cancellation) => TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) => wallet.VoteAsync(
            arguments.GetValue(number),
            arguments.GetValue(choice) switch { "yes" => Ledger.VoteChoice.Yes, "no" => Ledger.VoteChoice.No, _ => Ledger.VoteChoice.Abstain },
            cancellation)));
        return command;
    }

    private static Command List()
    {
        Option<uint> size = new("--size") { Description = "Entries of a page, at most 100", DefaultValueFactory = _ => 20 };
        Option<ulong> before = new("--before") { Description = "Goes on after a page: its \"next\" line" };
        Command command = new("list", "The proposals, newest first") { size, before, TxCommand.Node, Json };
        return Asks(command, async (client, arguments) =>
        {
            ListProposalsResponse page = await client.ListProposalsAsync(arguments.GetValue(size), arguments.GetValue(before));
            IEnumerable<(string, string)> next = page.NextBefore == 0 ? [] : [("next", $"--before {page.NextBefore}")];
            Output.Print(arguments.GetValue(Json), page,
                [.. page.Proposals.Select(proposal => ($"{proposal.Number}", $"{Status(proposal),-10} {proposal.Content.Title}")), .. next]);
        });
    }

    private static Command Show()
    {
        Argument<ulong> number = new("proposal") { Description = "The proposal's number" };
        Command command = new("show", "A proposal and its votes") { number, TxCommand.Node, Json };
        return Asks(command, async (client, arguments) =>
        {
            Proposal proposal = await client.GetProposalAsync(arguments.GetValue(number));
            Output.Print(arguments.GetValue(Json), proposal,
                ("proposal", $"{proposal.Number}, {proposal.Content.Title}"),
                ("status", Status(proposal) + (proposal.Failure.Length > 0 ? $": {proposal.Failure}: {proposal.FailureExplanation}" : "")),
                ("action", $"{proposal.Content}"),
                ("proposer", Output.AddressOf(proposal.Proposer, AddressKind.Account)),
                ("deposit", Output.Tokens(proposal.Deposit) + (proposal.DepositBurned ? ", burned" : proposal.Status == Wire.ProposalStatus.Voting ? ", held" : ", returned")),
                ("voting", $"{Output.Time(proposal.SubmittedMs)} to {Output.Time(proposal.EndMs)}"),
                ("execution", proposal.ExecuteMs == 0 ? "–" : Output.Time(proposal.ExecuteMs)),
                ("yes", Output.Tokens(proposal.Yes)),
                ("no", Output.Tokens(proposal.No)),
                ("abstain", Output.Tokens(proposal.Abstain)),
                ("all stake", Output.Tokens(proposal.Bonded)));
        });
    }

    private static Command Voter()
    {
        Argument<string> address = new("address") { Description = "app1… or 40 hex digits" };
        Command command = new("voter", "What an account votes with, and how it voted on what is open") { address, TxCommand.Node, Json };
        return Asks(command, async (client, arguments) =>
        {
            Voter voter = await client.GetVoterAsync(CommonOptions.ParseAddress(arguments.GetValue(address)!));
            Output.Print(arguments.GetValue(Json), voter,
            [
                ("account", Output.AddressOf(voter.Address, AddressKind.Account)),
                ("power", Output.Tokens(voter.Power)),
                .. voter.Ballots.Select(ballot => ($"proposal {ballot.Proposal}", $"{ballot.Choice} with {Output.Tokens(ballot.Weight)}".ToLowerInvariant())),
            ]);
        });
    }

    private static Command ListParameters() => Asks(new Command("parameters", "Every governed value: what it is now, and its bounds") { TxCommand.Node, Json }, async (client, arguments) =>
    {
        ListParametersResponse all = await client.ListParametersAsync();
        Output.Print(arguments.GetValue(Json), all,
            [.. all.Parameters.Select(entry => (entry.Name, $"{entry.Value} {entry.Unit} ({entry.Minimum} to {entry.Maximum}{(entry.Fixed ? ", fixed" : "")})"))]);
    });

    /// <summary>A command that asks the node and prints.</summary>
    internal static Command Asks(Command command, Func<GovernanceClient, ParseResult, Task> ask)
    {
        command.SetAction(async (arguments, _) =>
        {
            await using NodeClient client = arguments.Connect(TxCommand.Node);
            await ask(client.Governance, arguments);
        });
        return command;
    }

    private static string Status(Proposal proposal) => proposal.Status switch
    {
        Wire.ProposalStatus.NoQuorum => "no quorum",
        _ => $"{proposal.Status}".ToLowerInvariant(),
    };
}
