using System.CommandLine;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary>The commands of <c>appchain tx</c> for meters and their trade (docs/energy.md).</summary>
internal static class EnergyTransactions
{
    private const ulong WhPerKwh = 1_000;

    public static IEnumerable<Command> All() => [Connect(), Offer(), Match()];

    private static Command Connect()
    {
        (Option<FileInfo> key, Option<string> device, Option<uint> service) = (Key("the device's owner"), Meter("--device", "The meter"), Service());
        Option<string?> feeder = new("--feeder") { Description = "The device that measures what goes in and out of the feeder; without it the meter founds one" };
        Option<FileInfo?> feederKey = new("--feeder-key") { Description = "Key file of the feeder's owner, who signs too" };
        Option<MeterKind> kind = new("--kind") { Description = "load, solar or source", Required = true };
        Option<ulong> watts = new("--peak-watts") { Description = "What the connection carries, or the panels are rated at", Required = true };
        Command command = new("connect-meter", "Say what a meter measures, and behind which transformer") { key, device, service, feeder, feederKey, kind, watts, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            Address meter = Address(arguments, device);
            Address behind = arguments.GetValue(feeder) is { } text ? CommonOptions.ParseAddress(text) : meter;
            ConnectMeter message = new(meter, arguments.GetValue(service), behind, arguments.GetValue(kind), arguments.GetValue(watts));
            return TxCommand.WithWalletAsync(arguments, key, cancellation, async (wallet, own) =>
            {
                if (arguments.GetValue(feederKey) is not { } file)
                    return await wallet.SubmitAsync(message, cancellation);
                using PrivateKey second = KeyFile.Load(file.FullName);
                return await wallet.ConnectMeterAsync(message, second, cancellation);
            });
        });
        return command;
    }

    private static Command Offer()
    {
        (Option<FileInfo> key, Option<string> device, Option<uint> service) = (Key("the meter's owner"), Meter("--device", "The meter"), Service());
        Option<decimal> price = new("--tokens-per-kwh") { Description = "What a kWh costs; 0 takes the offer back", Required = true };
        Option<double> hours = new("--hours") { Description = "How long the offer holds", DefaultValueFactory = _ => 24 };
        Command command = new("offer-energy", "Offer what a meter makes to whoever hangs on the same feeder") { key, device, service, price, hours, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            ulong untilMs = (ulong)DateTimeOffset.UtcNow.AddHours(arguments.GetValue(hours)).ToUnixTimeMilliseconds();
            OfferEnergy message = new(Address(arguments, device), arguments.GetValue(service), PricePerWh(arguments.GetValue(price)), untilMs);
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) => wallet.SubmitAsync(message, cancellation));
        });
        return command;
    }

    private static Command Match()
    {
        (Option<FileInfo> key, Option<string> buyer, Option<uint> service) = (Key("the buyer"), Meter("--device", "The buyer's meter"), Service());
        Option<string> seller = Meter("--seller", "The seller's meter");
        Option<DateTimeOffset> from = new("--from") { Description = "The interval's start, as 2026-01-31T12:00:00Z", Required = true };
        Option<ulong> wh = new("--wh") { Description = "How many watt hours", Required = true };
        Option<decimal> priceMax = new("--tokens-per-kwh") { Description = "The most that a kWh may cost", Required = true };
        Command command = new("match-energy", "Buy what a neighbour made and the buyer's meter took in the same interval")
        {
            key, buyer, service, seller, from, wh, priceMax, TxCommand.Node,
        };
        command.SetAction((arguments, cancellation) =>
        {
            MatchEnergy message = new(
                arguments.GetValue(service), Address(arguments, seller), Address(arguments, buyer),
                (ulong)arguments.GetValue(from).ToUnixTimeSeconds(), arguments.GetValue(wh), PricePerWh(arguments.GetValue(priceMax)));
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) => wallet.SubmitAsync(message, cancellation));
        });
        return command;
    }

    private static ulong PricePerWh(decimal tokensPerKwh) => tokensPerKwh == 0 ? 0 : TxCommand.ParseTokens(tokensPerKwh).Grains / WhPerKwh;

    private static Address Address(ParseResult arguments, Option<string> option) => CommonOptions.ParseAddress(arguments.GetValue(option)!);

    private static Option<FileInfo> Key(string whose) => CommonOptions.Key("--key", whose);

    private static Option<string> Meter(string name, string what) => new(name) { Description = $"{what}, dev1… or 40 hex digits", Required = true };

    private static Option<uint> Service() => new("--service") { Description = "The service's number", Required = true };
}
