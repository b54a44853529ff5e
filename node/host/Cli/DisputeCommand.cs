using System.CommandLine;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Address = AppChain.Crypto.Address;
using SubjectKind = AppChain.Ledger.SubjectKind;

namespace AppChain.Node.Cli;

/// <summary><c>appchain dispute</c>: accuses, answers, and shows a dispute.</summary>
internal static class DisputeCommand
{
    private static readonly Option<bool> Json = CommonOptions.Json();
    private static readonly Option<string> Statement = new("--statement") { Description = "What you say: at most 512 bytes", DefaultValueFactory = _ => "" };
    private static readonly Option<string?> Document = new("--document") { Description = "SHA-256 of a document, 64 hex digits" };

    public static Command Create() => new("dispute", "Accuse a device, a manufacturer or a validator; answer; see what became of it") { Accuse(), AnswerIt(), Show(), AccusedOf() };

    private static Command Accuse()
    {
        Argument<string> kind = KindArgument();
        Argument<string> subject = new("address") { Description = "Whom: dev1…, app1…, val1… or 40 hex digits" };
        Option<string?> transaction = new("--transaction") { Description = "The id of a transaction that is the evidence, instead of --document" };
        Option<FileInfo> key = CommonOptions.Key("--key", "the accuser, who pays the bond");
        Command command = new("accuse", "Accuse; the bond is held until the dispute is closed") { kind, subject, Document, transaction, Statement, key, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            Subject accused = new(ParseKind(arguments.GetValue(kind)!), CommonOptions.ParseAddress(arguments.GetValue(subject)!));
            (string? document, string? id) = (arguments.GetValue(Document), arguments.GetValue(transaction));
            if (document is null == id is null)
                throw new CommandException("give the evidence with either --document or --transaction.");
            Exhibit evidence = new(ParseHash(document ?? id!), IsTransaction: id is not null);
            return TxCommand.WithWalletAsync(arguments, key, cancellation,
                (wallet, _) => wallet.AccuseAsync(accused, evidence, arguments.GetValue(Statement)!, cancellation));
        });
        return command;
    }

    private static Command AnswerIt()
    {
        Argument<ulong> number = new("dispute") { Description = "The dispute's number" };
        Option<FileInfo> key = CommonOptions.Key("--key", "who is accused: the device's owner, the manufacturer, or the validator's operator");
        Command command = new("answer", "Answer an accusation, once and in time") { number, Document, Statement, key, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            Hash256? document = arguments.GetValue(Document) is { } hex ? ParseHash(hex) : null;
            return TxCommand.WithWalletAsync(arguments, key, cancellation,
                (wallet, _) => wallet.AnswerAsync(arguments.GetValue(number), document, arguments.GetValue(Statement)!, cancellation));
        });
        return command;
    }

    private static Command Show()
    {
        Argument<ulong> number = new("dispute") { Description = "The dispute's number" };
        Command command = new("show", "A dispute: who, about what, until when, and how it ended") { number, TxCommand.Node, Json };
        return GovCommand.Asks(command, async (client, arguments) =>
        {
            Dispute dispute = await client.GetDisputeAsync(arguments.GetValue(number));
            Output.Print(arguments.GetValue(Json), dispute,
                ("dispute", $"{dispute.Number}, {dispute.Status}".ToLowerInvariant()),
                ("accused", $"{dispute.Kind} {Output.AddressOf(dispute.Subject, KindOf(dispute.Kind))}"),
                ("accuser", Output.AddressOf(dispute.Accuser, AddressKind.Account)),
                ("bond", Output.Tokens(dispute.Bond)),
                ("opened", Output.Time(dispute.OpenedMs)),
                ("answer", dispute.Answer.IsEmpty ? $"none; possible until {Output.Time(dispute.AnswerByMs)}" : $"transaction {Output.Hex(dispute.Answer)}"),
                ("accusation", $"transaction {Output.Hex(dispute.Accusation)}"),
                ("deadline", Output.Time(dispute.DeadlineMs)),
                ("slashed", Output.Tokens(dispute.Slashed)),
                ("before it", dispute.Previous == 0 ? "none" : $"dispute {dispute.Previous}"));
        });
    }

    private static Command AccusedOf()
    {
        Argument<string> kind = KindArgument();
        Argument<string> subject = new("address") { Description = "Whom: dev1…, app1…, val1… or 40 hex digits" };
        Command command = new("about", "The open disputes about a subject, and what is held back meanwhile") { kind, subject, TxCommand.Node, Json };
        return GovCommand.Asks(command, async (client, arguments) =>
        {
            Address address = CommonOptions.ParseAddress(arguments.GetValue(subject)!);
            Accused accused = await client.GetAccusedAsync((Protos.V1.SubjectKind)ParseKind(arguments.GetValue(kind)!), address);
            Output.Print(arguments.GetValue(Json), accused,
                ("held back", Output.Tokens(accused.Held)),
                ("open", $"{accused.Open}"),
                ("disputes", string.Join(", ", accused.Disputes)));
        });
    }

    private static Argument<string> KindArgument()
    {
        Argument<string> kind = new("kind") { Description = "device, manufacturer or validator" };
        kind.AcceptOnlyFromAmong("device", "manufacturer", "validator");
        return kind;
    }

    private static SubjectKind ParseKind(string text) =>
        text switch { "device" => SubjectKind.Device, "manufacturer" => SubjectKind.Manufacturer, _ => SubjectKind.Validator };

    private static AddressKind KindOf(Protos.V1.SubjectKind kind) => kind switch
    {
        Protos.V1.SubjectKind.Device => AddressKind.Device,
        Protos.V1.SubjectKind.Validator => AddressKind.Validator,
        _ => AddressKind.Account,
    };

    private static Hash256 ParseHash(string text) =>
        Hash256.TryParse(text, out Hash256 hash) ? hash : throw new CommandException($"\"{text}\" is not a hash; expected 64 hex digits.");
}
