using System.CommandLine;
using System.Globalization;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger.Location;
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
        "devices", "The devices of an owner, a service or a place", "of",
        "the owner's app1… or 40 hex digits, the service's number, or LATITUDE,LONGITUDE,LEVEL in degrees (level 6, 10 or 14: cells of 150, 10 or 0.6 km)", DevicesAsync);

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
            : of.Contains(',', StringComparison.Ordinal)
                ? await DevicesOfCellAsync(client, of, page)
                : await client.ListDevicesOfOwnerAsync(CommonOptions.ParseAddress(of), page);
        Output.Print(json, list, [.. list.Devices.Select(Row), .. Next(list.NextCursor)]);
    }

    private static Task<ListDevicesResponse> DevicesOfCellAsync(NodeClient client, string text, Page page)
    {
        const decimal e7 = 10_000_000;
        string[] parts = text.Split(',');
        if (parts.Length != 3
            || !decimal.TryParse(parts[0], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal latitude)
            || !decimal.TryParse(parts[1], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal longitude)
            || !uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint level)
            || latitude is < -90 or > 90 || longitude is < -180 or > 180)
            throw new CommandException($"\"{text}\" is no place; expected LATITUDE,LONGITUDE,LEVEL, such as 57.1497,-2.0943,10.");
        return client.ListDevicesOfCellAsync(new GeoPoint((int)(latitude * e7), (int)(longitude * e7)), level, page);
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
