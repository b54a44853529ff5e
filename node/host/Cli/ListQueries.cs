using System.CommandLine;
using System.Globalization;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Protos.V1;
using Google.Protobuf;
using Address = AppChain.Crypto.Address;

namespace AppChain.Node.Cli;

/// <summary>The queries whose answers come a page at a time.</summary>
internal static class ListQueries
{
    private static readonly Option<string> Node = CommonOptions.Node();
    private static readonly Option<bool> Json = CommonOptions.Json();
    private static readonly Option<uint> Size = new("--size") { Description = "Entries of a page, at most 100", DefaultValueFactory = _ => 20 };
    private static readonly Option<string> Cursor = new("--cursor") { Description = "Goes on after a page: its \"next\" line", DefaultValueFactory = _ => "" };

    public static Command History() => Paged(
        "history", "What touched an account or a device, newest first", "address", "app1… or dev1…", HistoryAsync);

    public static Command Devices() => Paged(
        "devices", "The devices of an owner or a service", "of", "the owner's app1… or 40 hex digits, or the service's number", DevicesAsync);

    private static Command Paged(string name, string description, string argument, string meaning, Func<NodeClient, string, Page, bool, Task> query)
    {
        Argument<string> what = new(argument) { Description = meaning };
        Command command = new(name, description) { what, Size, Cursor, Node, Json };
        command.SetAction(async (arguments, _) =>
        {
            await using NodeClient client = arguments.Connect(Node);
            Page page = new(arguments.GetValue(Size)) { Cursor = ParseCursor(arguments.GetValue(Cursor)!) };
            await query(client, arguments.GetValue(what)!, page, arguments.GetValue(Json));
        });
        return command;
    }

    private static async Task HistoryAsync(NodeClient client, string text, Page page, bool json)
    {
        if (!AddressText.TryParse(text, out Address address, out AddressKind kind) || kind is not (AddressKind.Account or AddressKind.Device))
            throw new CommandException($"\"{text}\" is neither an account's address (app1…) nor a device's (dev1…).");
        ListTransactionsResponse list = kind == AddressKind.Device
            ? await client.ListTransactionsOfDeviceAsync(address, page)
            : await client.ListTransactionsOfAccountAsync(address, page);
        Output.Print(json, list, [.. list.Transactions.Select(Row), .. Next(list.NextCursor), .. Oldest(list)]);
    }

    private static async Task DevicesAsync(NodeClient client, string of, Page page, bool json)
    {
        ListDevicesResponse list = uint.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out uint service)
            ? await client.ListDevicesOfServiceAsync(service, page)
            : await client.ListDevicesOfOwnerAsync(CommonOptions.ParseAddress(of), page);
        Output.Print(json, list, [.. list.Devices.Select(Row), .. Next(list.NextCursor)]);
    }

    private static (string, string) Row(TransactionRecord record) => (
        $"{record.Height}/{record.Index}",
        $"{Output.Hex(record.Receipt.TransactionId)} {(record.Reason.Length == 0 ? "applied" : record.Reason)}"
        + (record.Receipt.Verdict is { Units: > 0 } verdict ? $", {verdict.Units} units" : ""));

    private static (string, string) Row(Device device) => (
        $"service {string.Join(", ", device.Enrollments.Select(static enrollment => enrollment.Service))}",
        $"{Output.AddressOf(device.Address, AddressKind.Device)} {device.Enrollments.Sum(static enrollment => (long)enrollment.ProofsAccepted)} accepted, "
        + $"{device.Enrollments.Sum(static enrollment => (long)enrollment.ProofsRejected)} rejected");

    private static IEnumerable<(string, string)> Next(ByteString cursor) => cursor.IsEmpty ? [] : [("next", $"--cursor {Output.Hex(cursor)}")];

    private static IEnumerable<(string, string)> Oldest(ListTransactionsResponse list) =>
        list.OldestHeight > 1 ? [("pruned", $"this node keeps blocks from height {list.OldestHeight} on; ask an archive node for older ones")] : [];

    private static ByteString ParseCursor(string hex)
    {
        try
        {
            return ByteString.CopyFrom(Convert.FromHexString(hex));
        }
        catch (FormatException)
        {
            throw new CommandException($"--cursor is \"{hex}\"; expected the hex digits of an earlier page's \"next\" line.");
        }
    }
}
