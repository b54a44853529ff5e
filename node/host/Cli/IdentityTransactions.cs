using System.CommandLine;
using System.Globalization;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary>The commands of <c>appchain tx</c> for devices and manufacturers, beyond the registration.</summary>
internal static class IdentityTransactions
{
    public static IEnumerable<Command> All() =>
        [Enroll(), Withdraw(), AssertLocation(), TransferDevice(), RotateKey(), SetPayout(), Revoke(), UpdateManufacturer()];

    private static Command Enroll()
    {
        (Option<FileInfo> key, Option<string> device, Option<uint> service) = (Owner(), Device(), Service());
        Command command = new("enroll", "Put a device to work for one more service") { key, device, service, TxCommand.Node };
        return Submits(command, key, arguments => new EnrollDevice(Address(arguments, device), arguments.GetValue(service)));
    }

    private static Command Withdraw()
    {
        (Option<FileInfo> key, Option<string> device, Option<uint> service) = (Owner(), Device(), Service());
        Command command = new("withdraw", "Take a device out of a service; its bond returns after the delay") { key, device, service, TxCommand.Node };
        return Submits(command, key, arguments => new WithdrawDevice(Address(arguments, device), arguments.GetValue(service)));
    }

    private static Command AssertLocation()
    {
        (Option<FileInfo> key, Option<string> device) = (Owner(), Device());
        Option<decimal> latitude = new("--latitude") { Description = "Degrees, north positive", Required = true };
        Option<decimal> longitude = new("--longitude") { Description = "Degrees, east positive", Required = true };
        Option<decimal> altitude = new("--altitude") { Description = "Metres" };
        Command command = new("assert-location", "Say where a device stands") { key, device, latitude, longitude, altitude, TxCommand.Node };
        return Submits(command, key, arguments =>
        {
            DevicePlace place = TxCommand.Place(arguments.GetValue(latitude), arguments.GetValue(longitude), arguments.GetValue(altitude));
            return new AssertLocation(Address(arguments, device), place.LatitudeE7, place.LongitudeE7, place.AltitudeCm);
        });
    }

    private static Command TransferDevice()
    {
        (Option<FileInfo> key, Option<string> device) = (Owner(), Device());
        Option<FileInfo> buyer = CommonOptions.Key("--buyer-key", "the buyer, who signs too");
        Option<decimal?> tokens = new("--tokens") { Description = "What the buyer pays; nothing without it" };
        Command command = new("transfer-device", "Hand a device over to a buyer") { key, device, buyer, tokens, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            Address address = Address(arguments, device);
            Amount price = arguments.GetValue(tokens) is { } some ? TxCommand.ParseTokens(some) : Amount.Zero;
            return TxCommand.WithWalletAsync(arguments, key, cancellation, async (wallet, _) =>
            {
                using PrivateKey buyerKey = KeyFile.Load(arguments.GetValue(buyer)!.FullName);
                return await wallet.TransferDeviceAsync(address, buyerKey, price, cancellation);
            });
        });
        return command;
    }

    private static Command RotateKey()
    {
        (Option<FileInfo> key, Option<string> device) = (Owner(), Device());
        Option<FileInfo> newKey = CommonOptions.Key("--new-key", "the device from now on, which signs too");
        Option<string?> attestation = new("--attestation") { Description = "What `appchain tx attest` printed for the new key; without it only devices without a manufacturer" };
        Command command = new("rotate-key", "Give a device another key") { key, device, newKey, attestation, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            Address address = Address(arguments, device);
            Attestation? word = arguments.GetValue(attestation) is { } text ? AttestationText.Parse(text) : null;
            return TxCommand.WithWalletAsync(arguments, key, cancellation, async (wallet, _) =>
            {
                using PrivateKey deviceKey = KeyFile.Load(arguments.GetValue(newKey)!.FullName);
                return await wallet.RotateDeviceKeyAsync(address, deviceKey, word, cancellation);
            });
        });
        return command;
    }

    private static Command SetPayout()
    {
        (Option<FileInfo> key, Option<string> device) = (Owner(), Device());
        Option<string[]> payees = new("--payee") { Description = "ACCOUNT=PPM, once for each of up to 4; they add up to 1000000. None: the owner has all" };
        Command command = new("set-payout", "Say who shares what a device earns") { key, device, payees, TxCommand.Node };
        return Submits(command, key, arguments => new SetPayout(Address(arguments, device), (arguments.GetValue(payees) ?? []).Select(ParsePayee)));
    }

    private static Command Revoke()
    {
        (Option<FileInfo> key, Option<string> manufacturer) = (Admin(), Manufacturer());
        Option<string?> device = new("--device") { Description = "The device, dev1…" };
        Option<uint?> batch = new("--batch") { Description = "Or the batch, all of it" };
        Command command = new("revoke", "As a manufacturer, take back its word for a device or a batch, for good") { key, manufacturer, device, batch, TxCommand.Node };
        return Submits(command, key, arguments => (arguments.GetValue(device), arguments.GetValue(batch)) switch
        {
            ({ } one, null) => new RevokeDevices(Address(arguments, manufacturer), CommonOptions.ParseAddress(one), 0),
            (null, { } all) => new RevokeDevices(Address(arguments, manufacturer), null, all),
            _ => throw new CommandException("name either --device or --batch."),
        });
    }

    private static Command UpdateManufacturer()
    {
        (Option<FileInfo> key, Option<string> manufacturer) = (Admin(), Manufacturer());
        Option<string> admin = new("--admin") { Description = "The account that decides for it from now on; it may be the same", Required = true };
        Option<string[]> roots = new("--root") { Description = "SCHEME:PUBLICKEY, a key that attests its devices; all that count from now on, 1 to 4", Required = true };
        Command command = new("update-manufacturer", "As a manufacturer, change its admin or its keys") { key, manufacturer, admin, roots, TxCommand.Node };
        return Submits(command, key, arguments => new UpdateManufacturer(
            Address(arguments, manufacturer), Address(arguments, admin), arguments.GetValue(roots)!.Select(CommonOptions.ParseRoot)));
    }

    // What was typed is judged before any node is asked.
    private static Command Submits(Command command, Option<FileInfo> key, Func<ParseResult, Message> read)
    {
        command.SetAction((arguments, cancellation) =>
        {
            Message message = read(arguments);
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) => wallet.SubmitAsync(message, cancellation));
        });
        return command;
    }

    private static Payee ParsePayee(string text)
    {
        string[] parts = text.Split('=', 2);
        return parts.Length == 2 && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint share)
            ? new Payee(CommonOptions.ParseAddress(parts[0]), share)
            : throw new CommandException($"--payee is \"{text}\"; expected ACCOUNT=PPM, such as app1…=250000.");
    }

    private static Address Address(ParseResult arguments, Option<string> option) => CommonOptions.ParseAddress(arguments.GetValue(option)!);

    private static Option<FileInfo> Owner() => CommonOptions.Key("--key", "the device's owner");

    private static Option<FileInfo> Admin() => CommonOptions.Key("--key", "the manufacturer's admin");

    private static Option<string> Device() => new("--device") { Description = "The device, dev1… or 40 hex digits", Required = true };

    private static Option<string> Manufacturer() => new("--manufacturer") { Description = "The manufacturer's address", Required = true };

    private static Option<uint> Service() => new("--service") { Description = "The service's number", Required = true };
}
