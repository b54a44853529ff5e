using System.CommandLine;
using System.Globalization;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;

namespace AppChain.Node.Cli;

/// <summary><c>appchain tx</c>: signs a transaction, submits it and waits until it is final.</summary>
internal static class TxCommand
{
    internal static readonly Option<string> Node = CommonOptions.Node();

    public static Command Create()
    {
        Command command = new("tx", "Sign a transaction, submit it and wait until it is final")
        {
            Transfer(),
            Attest(),
            RegisterDevice(),
            SubmitProof(),
            BatchCommand.Create(),
            ExplainCommand.Create(),
        };
        Command[] others =
        [
            .. IdentityTransactions.All(), .. TransferOffers.All(), .. ServiceTransactions.All(), .. CreditCommands.All(), .. StakeTransactions.All(),
            .. EnergyTransactions.All(), .. DealCommands.All(), .. JobCommands.All(), .. MappingCommands.All(),
        ];
        foreach (Command other in others)
            command.Add(other);
        return command;
    }

    private static Command Transfer()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the sender");
        Option<string> to = new("--to") { Description = "Receiver, app1… or 40 hex digits", Required = true };
        Option<decimal> tokens = new("--tokens") { Description = "How many tokens; up to nine decimals", Required = true };
        Command command = new("transfer", "Send tokens to an account") { key, to, tokens, Node };
        command.SetAction((arguments, cancellation) =>
        {
            // What was typed is judged before any node is asked.
            (Address receiver, Amount amount) = (CommonOptions.ParseAddress(arguments.GetValue(to)!), ParseTokens(arguments.GetValue(tokens)));
            return WithWalletAsync(arguments, key, cancellation, (wallet, _) => wallet.TransferAsync(receiver, amount, cancellation));
        });
        return command;
    }

    private static Command Attest()
    {
        Option<FileInfo> manufacturer = CommonOptions.Key("--manufacturer-key", "the manufacturer");
        Option<FileInfo> device = CommonOptions.Key("--device-key", "the device");
        Option<uint> batch = new("--batch") { Description = "The batch that the device comes from: what can be revoked as a whole" };
        Option<string?> address = new("--manufacturer") { Description = "The manufacturer's address, if it has changed its keys; else that of the key" };
        Command command = new("attest", "As a manufacturer, vouch for a device's key (no transaction: it is done in the factory)")
        {
            manufacturer, device, batch, address,
        };
        command.SetAction(arguments =>
        {
            using PrivateKey maker = KeyFile.Load(arguments.GetValue(manufacturer)!.FullName);
            using PrivateKey made = KeyFile.Load(arguments.GetValue(device)!.FullName);
            Address? named = arguments.GetValue(address) is { } text ? CommonOptions.ParseAddress(text) : null;
            Attestation attestation = Attestation.Make(maker, arguments.GetValue(batch), made.Scheme, made.PublicKey.Span, named);
            Console.WriteLine(AttestationText.Format(attestation));
        });
        return command;
    }

    private static Command RegisterDevice()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the owner");
        Option<FileInfo> device = CommonOptions.Key("--device-key", "the device");
        Option<string?> attestation = new("--attestation") { Description = "What `appchain tx attest` printed; without it only services that ask for none take the device" };
        Option<uint> service = new("--service") { Description = "The service that the device serves", Required = true };
        Option<decimal> latitude = new("--latitude") { Description = "Degrees, north positive", Required = true };
        Option<decimal> longitude = new("--longitude") { Description = "Degrees, east positive", Required = true };
        Option<decimal> altitude = new("--altitude") { Description = "Metres" };
        Command command = new("register-device", "Register a device under an owner") { key, device, attestation, service, latitude, longitude, altitude, Node };
        command.SetAction((arguments, cancellation) => WithWalletAsync(arguments, key, cancellation, async (wallet, _) =>
        {
            using PrivateKey deviceKey = KeyFile.Load(arguments.GetValue(device)!.FullName);
            DevicePlace place = Place(arguments.GetValue(latitude), arguments.GetValue(longitude), arguments.GetValue(altitude));
            return await wallet.RegisterDeviceAsync(
                deviceKey, arguments.GetValue(service), arguments.GetValue(attestation) is { } text ? AttestationText.Parse(text) : null, place, cancellation);
        }));
        return command;
    }

    private static Command SubmitProof()
    {
        Option<FileInfo> key = CommonOptions.Key("--device-key", "the device");
        Option<uint> service = new("--service") { Description = "The service that the proof is for", Required = true };
        Option<string[]> value = new("--value") { Description = "METRIC=VALUE in the metric's unit, once for each metric, e.g. --value 1=12.5", Required = true };
        Option<string?> address = new("--device") { Description = "The device's address, if its key was replaced; else that of the key" };
        Command command = new("submit-proof", "As a device, submit a reading taken now") { key, service, value, address, Node };
        command.SetAction((arguments, cancellation) => WithKeyAsync(arguments, key, cancellation, async (client, chainId, deviceKey) =>
        {
            Address device = arguments.GetValue(address) is { } text ? CommonOptions.ParseAddress(text) : deviceKey.Address;
            ulong sequence = (await client.FindDeviceAsync(device, cancellation))?.NextSequence
                ?? throw new CommandException("this device is not registered; register it first (appchain tx register-device).");
            ulong nowMs = TimeProvider.System.UnixMs();
            SensorReading reading = new(arguments.GetValue(value)!.Select(ParseMeasurement).OrderBy(measurement => measurement.Metric));
            Body body = new(device, sequence, nowMs + 60_000, new SubmitProof(arguments.GetValue(service), nowMs, reading));
            return await client.SubmitAndWaitAsync(SignedTransaction.Create(chainId, body, deviceKey), cancellation);
        }));
        return command;
    }

    internal static Task<int> WithWalletAsync(
        ParseResult arguments, Option<FileInfo> keyOption, CancellationToken cancellation, Func<Wallet, NodeClient, Task<SubmitResult>> submit) =>
        WithKeyAsync(arguments, keyOption, cancellation, async (client, chainId, key) =>
        {
            using Wallet wallet = new(client, chainId, key);
            return await submit(wallet, client);
        });

    internal static async Task<int> WithKeyAsync(
        ParseResult arguments, Option<FileInfo> keyOption, CancellationToken cancellation, Func<NodeClient, ChainId, PrivateKey, Task<SubmitResult>> submit)
    {
        using PrivateKey key = KeyFile.Load(arguments.GetValue(keyOption)!.FullName);
        await using NodeClient client = arguments.Connect(Node);
        ChainId chainId = ChainId.Parse((await client.GetStatusAsync(cancellation: cancellation)).ChainId);
        return Print(await submit(client, chainId, key));
    }

    private static int Print(SubmitResult result)
    {
        Console.WriteLine($"transaction    {result.Id?.ToString() ?? "–"}");
        Console.WriteLine($"outcome        {(result.Succeeded ? $"final in block {result.Height}" : $"{result.Stage}".ToLowerInvariant())}");
        if (result.Verdict is { Reason: 0 } verdict)
            Console.WriteLine($"verdict        accepted: {verdict.Units} units in reward epoch {verdict.Epoch}");
        if (result.Reason.Length > 0)
            Console.WriteLine($"reason         {result.Reason}: {result.Explanation}");
        if (result.Stage == Stage.Skipped)
            Console.WriteLine($"still valid    until {Output.Time(result.ValidUntilMs)} a block may execute it: a new one would come on top of it");
        return result.Succeeded ? 0 : result.Stage == Stage.Final ? 2 : 1;
    }

    internal static Amount ParseTokens(decimal tokens)
    {
        const decimal TokensMax = ulong.MaxValue / Amount.GrainsPerToken;
        bool possible = tokens is > 0 and <= TokensMax && decimal.Truncate(tokens * Amount.GrainsPerToken) == tokens * Amount.GrainsPerToken;
        return possible
            ? new Amount((ulong)(tokens * Amount.GrainsPerToken))
            : throw new CommandException(string.Create(
                CultureInfo.InvariantCulture, $"--tokens is {tokens}; expected a number above 0 and up to {TokensMax}, with at most nine decimals."));
    }

    internal static DevicePlace Place(decimal latitude, decimal longitude, decimal altitude) => new(
        Scaled("--latitude", latitude, 10_000_000m, 90m), Scaled("--longitude", longitude, 10_000_000m, 180m), Scaled("--altitude", altitude, 100m, 50_000m));

    private static int Scaled(string option, decimal value, decimal scale, decimal limit) => decimal.Abs(value) <= limit
        ? (int)decimal.Round(value * scale)
        : throw new CommandException($"{option} is {value.ToString(CultureInfo.InvariantCulture)}; expected -{limit} to {limit}.");

    internal static Measurement ParseMeasurement(string text)
    {
        string[] parts = text.Split('=', 2);
        return parts.Length == 2
            && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint metric)
            && decimal.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value)
            && decimal.Abs(value) < 1_000_000_000m
                ? new Measurement(metric, (long)decimal.Round(value * 1000m))
                : throw new CommandException($"--value is \"{text}\"; expected METRIC=VALUE, such as 1=12.5.");
    }
}
