using System.CommandLine;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary>
/// A device's transfer between two machines: <c>tx offer-device</c> signs it as the owner, <c>tx accept-device</c> as the buyer, and submits it.
/// </summary>
internal static class TransferOffers
{
    private const int HoursMax = 24 * 30; // the longest life of a transaction that a vote can allow

    public static IEnumerable<Command> All() => [Offer(), Accept()];

    private static Command Offer()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the device's owner");
        Option<string> device = new("--device") { Description = "The device, dev1… or 40 hex digits", Required = true };
        Option<string> buyer = new("--buyer") { Description = "The buyer's account, app1… or 40 hex digits", Required = true };
        Option<decimal?> tokens = new("--tokens") { Description = "What the buyer pays; nothing without it" };
        Option<int> hours = new("--hours") { Description = "How long the buyer has", DefaultValueFactory = _ => 20 };
        Option<FileInfo> file = new("--out") { Description = "Where to write the offer, for the buyer to accept", Required = true };
        Command command = new("offer-device", "Sign a device's transfer for a buyer on another machine, who completes it with accept-device")
        {
            key, device, buyer, tokens, hours, file, TxCommand.Node,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            Address address = CommonOptions.ParseAddress(arguments.GetValue(device)!);
            Address to = CommonOptions.ParseAddress(arguments.GetValue(buyer)!);
            Amount price = Price(arguments, tokens);
            TimeSpan lifetime = arguments.GetValue(hours) is > 0 and <= HoursMax and var some
                ? TimeSpan.FromHours(some)
                : throw new CommandException($"--hours is {arguments.GetValue(hours)}; expected 1 to {HoursMax}.");
            using PrivateKey owner = KeyFile.Load(arguments.GetValue(key)!.FullName);
            await using NodeClient client = arguments.Connect(TxCommand.Node);
            ChainId chain = ChainId.Parse((await client.GetStatusAsync(cancellation: cancellation)).ChainId);
            using Wallet wallet = new(client, chain, owner);
            TransferOffer offer = await wallet.OfferDeviceAsync(address, to, price, lifetime, cancellation);
            await File.WriteAllTextAsync(arguments.GetValue(file)!.FullName, offer + "\n", cancellation);
            Print(offer);
            return 0;
        });
        return command;
    }

    private static Command Accept()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the buyer");
        Option<FileInfo> file = new("--offer") { Description = "What the owner's offer-device wrote", Required = true };
        Option<decimal?> tokens = new("--tokens") { Description = "What you agreed to pay; nothing without it. Another price is not signed" };
        Command command = new("accept-device", "As a buyer, sign the transfer of a device that its owner has offered, and submit it")
        {
            key, file, tokens, TxCommand.Node,
        };
        command.SetAction((arguments, cancellation) =>
        {
            FileInfo from = arguments.GetValue(file)!;
            if (!TransferOffer.TryParse(File.ReadAllText(from.FullName), out TransferOffer? offer))
                throw new CommandException($"{from.FullName} is no offer of a device.");
            Print(offer);
            if (Price(arguments, tokens) != offer.Terms.Price)
                throw new CommandException($"the offer asks for {offer.Terms.Price} tokens; say --tokens if that is what you agreed to.");
            return TxCommand.WithKeyAsync(arguments, key, cancellation, (client, chain, buyer) =>
            {
                if (chain != offer.Chain)
                    throw new CommandException($"the offer is for {offer.Chain.Text}, and the node's chain is {chain.Text}.");
                if (buyer.Address != offer.Terms.Buyer)
                    throw new CommandException("the offer names another buyer than this key.");
                return client.SubmitAndWaitAsync(offer.Accept(buyer), cancellation);
            });
        });
        return command;
    }

    private static Amount Price(ParseResult arguments, Option<decimal?> tokens) =>
        arguments.GetValue(tokens) is { } some ? TxCommand.ParseTokens(some) : Amount.Zero;

    private static void Print(TransferOffer offer)
    {
        Console.WriteLine($"device         {AddressText.Format(offer.Terms.Device, AddressKind.Device)}");
        Console.WriteLine($"owner          {AddressText.Format(offer.Body.Signer, AddressKind.Account)}");
        Console.WriteLine($"buyer          {AddressText.Format(offer.Terms.Buyer, AddressKind.Account)}");
        Console.WriteLine($"price          {offer.Terms.Price} tokens");
        Console.WriteLine($"valid          until {Output.Time(offer.Body.ValidUntilMs)}, and while the owner sends no more than 63 other transactions");
    }
}
