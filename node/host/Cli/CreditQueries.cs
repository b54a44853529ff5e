using System.CommandLine;
using System.Globalization;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Address = AppChain.Crypto.Address;
using Price = AppChain.Protos.V1.Price;
using PriceReport = AppChain.Protos.V1.PriceReport;

namespace AppChain.Node.Cli;

/// <summary>The queries about prices, channels and usage.</summary>
internal static class CreditQueries
{
    private static readonly Option<string> Node = CommonOptions.Node();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Price()
    {
        Command command = new("price", "What a token costs, as burning for credits goes by") { Node, Json };
        command.SetAction(async (arguments, _) =>
        {
            await using NodeClient client = arguments.Connect(Node);
            Price price = await client.GetPriceAsync();
            Output.Print(arguments.GetValue(Json), price, [.. Rows(price)]);
        });
        return command;
    }

    public static Command Channel()
    {
        Argument<string> id = new("id") { Description = "40 hex digits, as `appchain tx open-channel` printed them" };
        Command command = new("channel", "A channel: who pays, what is left, until when") { id, Node, Json };
        command.SetAction(async (arguments, _) =>
        {
            ChannelId wanted = ParseChannel(arguments.GetValue(id)!);
            await using NodeClient client = arguments.Connect(Node);
            PaymentChannel channel = await client.FindChannelAsync(wanted)
                ?? throw new CommandException($"there is no channel {wanted}; it may have ended, and its rest gone back to the payer.");
            Output.Print(arguments.GetValue(Json), channel, [.. Rows(channel)]);
        });
        return command;
    }

    public static Command Usage()
    {
        Argument<string> device = new("device") { Description = "dev1… or 40 hex digits" };
        Argument<uint> service = new("service") { Description = "The service's number" };
        Command command = new("usage", "Credits that were spent on a device's work for a service") { device, service, Node, Json };
        command.SetAction(async (arguments, _) =>
        {
            Address wanted = CommonOptions.ParseAddress(arguments.GetValue(device)!);
            await using NodeClient client = arguments.Connect(Node);
            Usage usage = await client.FindUsageAsync(wanted, arguments.GetValue(service))
                ?? throw new CommandException("nobody has spent credits on this device's work for this service.");
            Output.Print(arguments.GetValue(Json), usage,
                ("credits", $"{usage.Credits} in reward epoch {usage.Epoch}, {usage.OwnCredits} of them from its own owner"),
                ("in all", Output.Number(usage.Total)),
                ("at height", Output.Number(usage.Height)));
        });
        return command;
    }

    public static ChannelId ParseChannel(string text) => ChannelId.TryParse(text, out ChannelId channel)
        ? channel
        : throw new CommandException($"\"{text}\" is not a channel; expected {2 * ChannelId.Size} hex digits.");

    private static IEnumerable<(string, string)> Rows(Price price)
    {
        yield return ("price", price.Basis switch
        {
            Protos.V1.Price.Types.Basis.Current => $"{Dollars(price.Price_)} for a token",
            Protos.V1.Price.Types.Basis.Stale => $"{Dollars(price.Price_)} for a token: the last price less a margin, since too few reports are fresh",
            Protos.V1.Price.Types.Basis.Fallback => $"{Dollars(price.Price_)} for a token: the chain's fallback, since nobody has reported yet",
            _ => "none yet: nobody has reported, and there is no fallback",
        });
        yield return ("median", price.Median == 0 ? "–" : Dollars(price.Median));
        yield return ("credits", $"{price.CreditsPerToken} for a token, {Dollars(price.CreditPrice)} each");
        foreach (PriceReport report in price.Reports)
        {
            string said = report.Price == 0 ? "has not reported" : $"{Dollars(report.Price)} at {Output.Time(report.ObservedMs)}";
            yield return ("reporter", $"{Output.AddressOf(report.Reporter, AddressKind.Account)}: {said}");
        }
        yield return ("at height", Output.Number(price.Height));
    }

    private static IEnumerable<(string, string)> Rows(PaymentChannel channel)
    {
        string state = (channel.Closing ? "closing" : "open") + (channel.Disputed ? ", disputed" : "");
        yield return ("channel", $"{Output.Hex(channel.Channel)}, {state}");
        yield return ("payer", Output.AddressOf(channel.Payer, AddressKind.Account));
        yield return ("service", Output.Number(channel.Service));
        yield return ("device", channel.Device.IsEmpty ? "any of the service" : Output.AddressOf(channel.Device, AddressKind.Device));
        yield return ("credits", $"{channel.Left} of {channel.Deposit} left");
        yield return ("redeemed until", Output.Time(channel.EndsMs));
        foreach (Protos.V1.ChannelShare share in channel.Shares)
        {
            yield return ("paid", $"{share.Credits} to {Output.AddressOf(share.Device, AddressKind.Device)} up to nonce {share.Nonce}"
                + (share.Barred ? ", which contradicted itself and is paid no more" : ""));
        }
        yield return ("at height", Output.Number(channel.Height));
    }

    private static string Dollars(ulong micro) => "$" + (micro / 1_000_000m).ToString("0.00####", CultureInfo.InvariantCulture);
}
