using System.CommandLine;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary>
/// Storage deals: <c>tx offer-deal</c> signs one as the client, <c>tx accept-deal</c> as the device, and submits it; <c>tx show-chunks</c> shows what a window has drawn.
/// </summary>
internal static class DealCommands
{
    private const int HoursMax = 24 * 30; // the longest life of a transaction that a vote can allow

    public static IEnumerable<Command> All() => [Offer(), Accept(), Show(), Cancel()];

    private static Command Offer()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the client, who pays");
        Option<uint> service = new("--service") { Description = "The storage service", Required = true };
        Option<string> device = new("--device") { Description = "The device that is to keep the file, dev1… or 40 hex digits", Required = true };
        Option<FileInfo> file = new("--file") { Description = "The file; the device needs a copy of it", Required = true };
        Option<uint> chunk = new("--chunk-bytes") { Description = "Bytes of a chunk", DefaultValueFactory = _ => LedgerLimits.ChunkBytesMax };
        Option<ulong> price = new("--price") { Description = "Credits for a window in which every drawn chunk is shown", Required = true };
        Option<uint> windows = new("--windows") { Description = "For how many windows; their price is locked", Required = true };
        Option<int> hours = new("--hours") { Description = "How long the device has to accept", DefaultValueFactory = _ => 20 };
        Option<FileInfo> to = new("--out") { Description = "Where to write the offer, for the device to accept", Required = true };
        Command command = new("offer-deal", "Sign a storage deal for a device on another machine, which completes it with accept-deal")
        {
            key, service, device, file, chunk, price, windows, hours, to, TxCommand.Node,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            Address keeper = CommonOptions.ParseAddress(arguments.GetValue(device)!);
            TimeSpan lifetime = arguments.GetValue(hours) is > 0 and <= HoursMax and var some
                ? TimeSpan.FromHours(some)
                : throw new CommandException($"--hours is {arguments.GetValue(hours)}; expected 1 to {HoursMax}.");
            ChunkedFile stored = Read(arguments.GetValue(file)!, arguments.GetValue(chunk));
            OpenDeal terms = new(
                arguments.GetValue(service), keeper, stored.Root, stored.Count, stored.ChunkBytes, new Credits(arguments.GetValue(price)), arguments.GetValue(windows));
            using PrivateKey client = KeyFile.Load(arguments.GetValue(key)!.FullName);
            await using NodeClient node = arguments.Connect(TxCommand.Node);
            ChainId chain = ChainId.Parse((await node.GetStatusAsync(cancellation: cancellation)).ChainId);
            using Wallet wallet = new(node, chain, client);
            DealOffer offer = await wallet.OfferDealAsync(terms, lifetime, cancellation);
            await File.WriteAllTextAsync(arguments.GetValue(to)!.FullName, offer + "\n", cancellation);
            Print(offer);
            return 0;
        });
        return command;
    }

    private static Command Accept()
    {
        Option<FileInfo> key = CommonOptions.Key("--device-key", "the device");
        Option<FileInfo> from = new("--offer") { Description = "What the client's offer-deal wrote", Required = true };
        Option<FileInfo> file = new("--file") { Description = "The device's copy of the file. A deal about another one is not signed", Required = true };
        Command command = new("accept-deal", "As a device, sign a storage deal that a client has offered, and submit it") { key, from, file, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            FileInfo offered = arguments.GetValue(from)!;
            if (!DealOffer.TryParse(File.ReadAllText(offered.FullName), out DealOffer? offer))
                throw new CommandException($"{offered.FullName} is no offer of a storage deal.");
            Print(offer);
            if (!offer.IsAbout(Read(arguments.GetValue(file)!, offer.Terms.ChunkBytes)))
                throw new CommandException($"the deal is about another file than {arguments.GetValue(file)!.FullName}.");
            return TxCommand.WithKeyAsync(arguments, key, cancellation, (node, chain, device) => chain == offer.Chain
                ? node.SubmitAndWaitAsync(offer.Accept(device), cancellation)
                : throw new CommandException($"the offer is for {offer.Chain.Text}, and the node's chain is {chain.Text}."));
        });
        return command;
    }

    private static Command Show()
    {
        Option<FileInfo> key = CommonOptions.Key("--device-key", "the device");
        Argument<string> deal = new("deal") { Description = "The deal, 64 hex digits" };
        Option<FileInfo> file = new("--file") { Description = "The file", Required = true };
        Option<string?> address = new("--device") { Description = "The device's address, if its key was replaced; else that of the key" };
        Command command = new("show-chunks", "As a device, show the chunks that the present window of a deal has drawn") { deal, key, file, address, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            Hash256 id = AgreementQueries.ParseId(arguments.GetValue(deal)!);
            Address? named = arguments.GetValue(address) is { } text ? CommonOptions.ParseAddress(text) : null;
            return TxCommand.WithKeyAsync(arguments, key, cancellation, async (node, chain, device) =>
            {
                DealRecord record = await AgreementQueries.FindDealAsync(node, id, cancellation);
                SubmitResult? last = null;
                foreach (StorageProof proof in Read(arguments.GetValue(file)!, record.ChunkBytes).Prove(id, record))
                {
                    last = await node.SubmitProofAsync(chain, device, named ?? device.Address, record.Service, proof, cancellation)
                        ?? throw new CommandException("this device is not registered.");
                    if (!last.Succeeded)
                        break;
                    Console.WriteLine($"shown          {proof.Chunks.Length} chunks of window {proof.Window}");
                }
                return last ?? throw new CommandException("nothing is drawn that was not shown; the first window begins a block after the deal.");
            });
        });
        return command;
    }

    private static Command Cancel()
    {
        Option<FileInfo> key = CommonOptions.Key("--key", "the client, or the owner of the device");
        Argument<string> deal = new("deal") { Description = "The deal, 64 hex digits" };
        Command command = new("cancel-deal", "End a storage deal early: as client after the present window, as the device's owner at the cost of a missed window")
        {
            deal, key, TxCommand.Node,
        };
        command.SetAction((arguments, cancellation) =>
        {
            Hash256 id = AgreementQueries.ParseId(arguments.GetValue(deal)!);
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) => wallet.CancelDealAsync(id, cancellation));
        });
        return command;
    }

    private static ChunkedFile Read(FileInfo file, uint chunkBytes)
    {
        if (chunkBytes is 0 or > LedgerLimits.ChunkBytesMax)
            throw new CommandException($"--chunk-bytes is {chunkBytes}; expected 1 to {LedgerLimits.ChunkBytesMax}.");
        try
        {
            return ChunkedFile.Read(file.FullName, chunkBytes);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new CommandException($"{file.FullName}: {e.Message}");
        }
    }

    private static void Print(DealOffer offer)
    {
        Console.WriteLine($"deal           {Transaction.IdOf(offer.Chain, offer.Wire.Body.Span)}");
        Console.WriteLine($"client         {AddressText.Format(offer.Body.Signer, AddressKind.Account)}");
        Console.WriteLine($"device         {AddressText.Format(offer.Terms.Device, AddressKind.Device)}");
        Console.WriteLine($"file           {offer.Terms.Chunks} chunks of {offer.Terms.ChunkBytes} bytes, root {offer.Terms.Root}");
        Console.WriteLine($"price          {offer.Terms.Price} credits for each of {offer.Terms.Windows} windows");
        Console.WriteLine($"valid          until {Output.Time(offer.Body.ValidUntilMs)}, and while the client sends no more than 63 other transactions");
    }
}
