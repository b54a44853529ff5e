using System.CommandLine;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary>The transactions of credits, prices and channels; and vouchers, which are made off chain.</summary>
internal static class CreditCommands
{
    public static Command Burn()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the burner");
        Option<decimal> tokens = new("--tokens") { Description = "How many tokens; up to nine decimals", Required = true };
        Option<ulong> least = new("--credits-min") { Description = "Fail rather than get fewer credits: the price may have moved" };
        Command command = new("burn", "Burn tokens for credits, which pay fees and services") { key, tokens, least, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            Amount amount = TxCommand.ParseTokens(arguments.GetValue(tokens));
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) =>
                wallet.BurnForCreditsAsync(amount, new Credits(arguments.GetValue(least)), cancellation));
        });
        return command;
    }

    public static Command SubmitPrice()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the reporter");
        Option<decimal> dollars = new("--dollars") { Description = "What one token costs now; up to six decimals", Required = true };
        Command command = new("submit-price", "As one of the chain's reporters, report what a token costs") { key, dollars, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            ulong price = ParseDollars(arguments.GetValue(dollars));
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) =>
                wallet.SubmitPriceAsync(price, TimeProvider.System.GetUtcNow(), cancellation));
        });
        return command;
    }

    public static Command OpenChannel()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the payer");
        Option<uint> service = new("--service") { Description = "The service that the credits are spent on", Required = true };
        Option<ulong> credits = new("--credits") { Description = "How many credits to lock", Required = true };
        Option<string?> device = new("--device") { Description = "The only device that may be paid; without it any device of the service" };
        Option<double> hours = new("--hours") { Description = "How long vouchers can be redeemed", DefaultValueFactory = _ => 24 };
        Command command = new("open-channel", "Lock credits for vouchers") { key, service, credits, device, hours, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            Address? only = arguments.GetValue(device) is { } text ? CommonOptions.ParseAddress(text) : null;
            TimeSpan life = ParseHours(arguments.GetValue(hours));
            return TxCommand.WithWalletAsync(arguments, key, cancellation, async (wallet, _) =>
            {
                SubmitResult result = await wallet.OpenChannelAsync(
                    arguments.GetValue(service), new Credits(arguments.GetValue(credits)), only, TimeProvider.System.GetUtcNow() + life, cancellation);
                if (result is { Succeeded: true, Id: { } id })
                    Console.WriteLine($"channel        {ChannelId.OpenedBy(id)}");
                return result;
            });
        });
        return command;
    }

    public static Command Voucher()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the payer");
        Option<string> channel = new("--channel") { Description = "The channel", Required = true };
        Option<string> device = new("--device") { Description = "The device that served, dev1…", Required = true };
        Option<ulong> nonce = new("--nonce") { Description = "One above the last voucher's for this device on this channel", Required = true };
        Option<ulong> credits = new("--credits") { Description = "All credits promised to this device on this channel so far", Required = true };
        Option<string?> receipt = new("--receipt") { Description = "64 hex digits: the hash of what was served" };
        Command command = new("voucher", "As a payer, promise credits to a device (no transaction: it goes to the device)") { key, channel, device, nonce, credits, receipt };
        command.SetAction(arguments =>
        {
            Voucher promised = new(
                CreditQueries.ParseChannel(arguments.GetValue(channel)!), CommonOptions.ParseAddress(arguments.GetValue(device)!),
                arguments.GetValue(nonce), new Credits(arguments.GetValue(credits)), ParseReceipt(arguments.GetValue(receipt)));
            using PrivateKey payer = KeyFile.Load(arguments.GetValue(key)!.FullName);
            Console.WriteLine(Convert.ToHexStringLower(VoucherOffer.By(payer, promised).Encode()));
        });
        return command;
    }

    public static Command Countersign()
    {
        Option<FileInfo> key = CommonOptions.Key("--device-key", "the device");
        Argument<string> offer = new("voucher") { Description = "What `appchain tx voucher` printed" };
        Command command = new("countersign", "As a device, countersign a payer's voucher (no transaction: it can be redeemed then)") { offer, key };
        command.SetAction(arguments =>
        {
            if (VoucherOffer.TryDecode(Bytes(arguments.GetValue(offer)!), out VoucherOffer? read) != Reason.None)
                throw new CommandException("the voucher is not what `appchain tx voucher` prints.");
            using PrivateKey device = KeyFile.Load(arguments.GetValue(key)!.FullName);
            Console.WriteLine(Convert.ToHexStringLower(read!.CountersignedBy(device).Encode()));
        });
        return command;
    }

    public static Command RedeemVoucher()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "whoever sends it, and pays the fee");
        Argument<string> voucher = new("voucher") { Description = "What `appchain tx countersign` printed" };
        Command command = new("redeem-voucher", "Redeem a voucher that payer and device have signed") { voucher, key, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            SignedVoucher signed = ParseVoucher(arguments.GetValue(voucher)!);
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) => wallet.RedeemVoucherAsync(signed, cancellation));
        });
        return command;
    }

    public static Command CloseChannel()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the payer, or the owner of the channel's only device");
        Argument<string> channel = new("channel") { Description = "40 hex digits" };
        Command command = new("close-channel", "Close a channel; its rest goes back to the payer") { channel, key, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            ChannelId id = CreditQueries.ParseChannel(arguments.GetValue(channel)!);
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) => wallet.CloseChannelAsync(id, cancellation));
        });
        return command;
    }

    public static Command DisputeChannel()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "whoever sends it, and pays the fee");
        Argument<string> voucher = new("voucher") { Description = "A voucher that payer and device have signed" };
        Option<string?> contradiction = new("--contradiction") { Description = "Another one that contradicts it" };
        Command command = new("dispute-channel", "Bring a channel's one dispute") { voucher, contradiction, key, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            SignedVoucher first = ParseVoucher(arguments.GetValue(voucher)!);
            SignedVoucher? second = arguments.GetValue(contradiction) is { } text ? ParseVoucher(text) : null;
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) => wallet.DisputeChannelAsync(first, second, cancellation));
        });
        return command;
    }

    private static SignedVoucher ParseVoucher(string text) => SignedVoucher.TryDecode(Bytes(text), out SignedVoucher? voucher) == Reason.None
        ? voucher!
        : throw new CommandException("the voucher is not what `appchain tx countersign` prints.");

    private static byte[] Bytes(string hex)
    {
        byte[] bytes = new byte[hex.Length / 2];
        return Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done
            ? bytes
            : throw new CommandException("a voucher is written in hex digits.");
    }

    private static Hash256 ParseReceipt(string? text) => text is null ? Hash256.Zero
        : Hash256.TryParse(text, out Hash256 receipt) ? receipt
        : throw new CommandException($"--receipt is \"{text}\"; expected 64 hex digits.");

    private static ulong ParseDollars(decimal dollars) =>
        dollars > 0 && dollars <= LedgerLimits.PriceMax / 1_000_000m && decimal.Truncate(dollars * 1_000_000m) == dollars * 1_000_000m
            ? (ulong)(dollars * 1_000_000m)
            : throw new CommandException("--dollars: expected a price above 0 and up to a million, with at most six decimals.");

    private static TimeSpan ParseHours(double hours) => hours is > 0 and <= 24 * 366
        ? TimeSpan.FromHours(hours)
        : throw new CommandException("--hours: expected a number above 0 and up to a year's.");
}
