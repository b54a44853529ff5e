using System.CommandLine;
using System.Globalization;
using AppChain.Client;
using AppChain.Client.Mapping;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Node.Cli;

/// <summary>The commands of <c>appchain tx</c> for cameras, reviewers and users of mapping services (docs/mapping.md).</summary>
internal static class MappingCommands
{
    public static IEnumerable<Command> All() => [SendImages(), SetReviewer(), CommitReview(), RevealReview(), BuyTile()];

    private static Command SendImages()
    {
        (Option<FileInfo> key, Option<string?> address, Option<uint> service) = (CommonOptions.Key("--device-key", "the camera"), Device(), Service());
        Option<FileInfo[]> images = new("--image") { Description = "An image; several in the order in which they were taken", Required = true };
        Option<FileInfo> track = new("--track") { Description = "The drive, a line for each point: UNIX-MS,LATITUDE,LONGITUDE in degrees", Required = true };
        Option<ulong> at = new("--at-ms") { Description = "When the images were taken, Unix time in ms", Required = true };
        Option<uint> segment = new("--segment") { Description = "Which of the cell's parts of streets, as the service numbers them" };
        Option<string> nullifier = new("--nullifier") { Description = "64 hex digits: what the service computes of an image to know it again", Required = true };
        Command command = new("send-images", "As a camera, have images of a piece of street reviewed") { key, address, service, images, track, at, segment, nullifier, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            TrackPoint[] drive = [.. File.ReadLines(arguments.GetValue(track)!.FullName).Select((line, index) => ParsePoint(line, index + 1))];
            ulong takenMs = arguments.GetValue(at);
            MapImage payload = new(
                arguments.GetValue(segment), MappedImages.RootOf([.. arguments.GetValue(images)!.Select(file => file.FullName)]),
                AgreementQueries.ParseId(arguments.GetValue(nullifier)!), MappedImages.Around(drive, takenMs));
            SubmitProof proof = new(arguments.GetValue(service), takenMs, payload);
            return AsDeviceAsync(arguments, key, address, cancellation, async (node, chain, deviceKey, device) =>
            {
                SubmitResult? sent = await node.SubmitProofAsync(chain, deviceKey, device, proof, cancellation);
                if (sent is { Succeeded: true, Id: { } id })
                    Console.WriteLine($"image          {id}");
                return sent;
            });
        });
        return command;
    }

    private static Command SetReviewer()
    {
        (Option<FileInfo> key, Option<uint> service) = (CommonOptions.Key("--key", "the device's owner"), Service());
        Option<string> device = new("--device") { Description = "The device, dev1… or 40 hex digits", Required = true };
        Option<bool> stop = new("--stop") { Description = "It reviews no longer" };
        Command command = new("set-reviewer", "Offer that a device reviews a mapping service's images") { key, device, service, stop, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            Address reviewer = CommonOptions.ParseAddress(arguments.GetValue(device)!);
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) =>
                wallet.SetReviewerAsync(reviewer, arguments.GetValue(service), !arguments.GetValue(stop), cancellation));
        });
        return command;
    }

    private static Command CommitReview() => OfReviewer(
        "commit-review", "As a device that an image has asked, commit to its quality",
        (node, chain, key, device, service, review, cancellation) => node.CommitReviewAsync(chain, key, device, service, review, cancellation));

    private static Command RevealReview() => OfReviewer(
        "reveal-review", "As a device, reveal the quality that it committed to",
        (node, chain, key, device, service, review, cancellation) => node.RevealReviewAsync(chain, key, device, service, review, cancellation));

    private static Command OfReviewer(
        string name, string description, Func<NodeClient, ChainId, PrivateKey, Address, uint, RevealReview, CancellationToken, Task<SubmitResult?>> submit)
    {
        (Option<FileInfo> key, Option<string?> address) = (CommonOptions.Key("--device-key", "the reviewer"), Device());
        Argument<string> image = new("image") { Description = "The image, 64 hex digits" };
        Option<decimal> quality = new("--quality") { Description = "0 to 1; 0: it is not what the proof says, or cannot be had", Required = true };
        Option<string> salt = new("--salt") { Description = "64 hex digits, drawn at random: the same for both", Required = true };
        Command command = new(name, description) { image, key, address, quality, salt, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            decimal given = arguments.GetValue(quality);
            if (given is < 0 or > 1)
                throw new CommandException("a quality lies between 0 and 1.");
            RevealReview review = new(
                AgreementQueries.ParseId(arguments.GetValue(image)!), (uint)(given * Parameters.Million), AgreementQueries.ParseId(arguments.GetValue(salt)!));
            return AsDeviceAsync(arguments, key, address, cancellation, async (node, chain, deviceKey, device) =>
            {
                MapImageRecord record = await MappingQueries.FindImageAsync(node, review.Image, cancellation);
                return await submit(node, chain, deviceKey, device, record.Service, review, cancellation);
            });
        });
        return command;
    }

    private static Command BuyTile()
    {
        (Option<FileInfo> key, Option<uint> service) = (CommonOptions.Key("--key", "the user, who pays"), Service());
        Option<ulong> cell = new("--cell") { Description = "The tile's cell", Required = true };
        Option<uint> segment = new("--segment") { Description = "Its segment" };
        Option<byte> heading = new("--heading") { Description = "Its direction: 0 north, 2 east … 7" };
        Option<ulong> credits = new("--credits") { Description = "At least the service's price", Required = true };
        Command command = new("buy-tile", "Buy what a mapping service has of a tile: pays the cameras that mapped it") { key, service, cell, segment, heading, credits, TxCommand.Node };
        command.SetAction((arguments, cancellation) =>
        {
            MapTile tile = new(arguments.GetValue(cell), arguments.GetValue(segment), arguments.GetValue(heading));
            return TxCommand.WithWalletAsync(arguments, key, cancellation, (wallet, _) =>
                wallet.BuyTileAsync(arguments.GetValue(service), tile, new Credits(arguments.GetValue(credits)), cancellation));
        });
        return command;
    }

    private static Task<int> AsDeviceAsync(
        ParseResult arguments, Option<FileInfo> key, Option<string?> address, CancellationToken cancellation,
        Func<NodeClient, ChainId, PrivateKey, Address, Task<SubmitResult?>> submit)
    {
        Address? named = arguments.GetValue(address) is { } text ? CommonOptions.ParseAddress(text) : null;
        return TxCommand.WithKeyAsync(arguments, key, cancellation, async (node, chain, deviceKey) =>
            await submit(node, chain, deviceKey, named ?? deviceKey.Address) ?? throw new CommandException("this device is not registered."));
    }

    private static TrackPoint ParsePoint(string line, int number)
    {
        string[] parts = line.Split(',');
        if (parts.Length != 3 || !ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong atMs)
            || !TryParseDegrees(parts[1], 90, out int latitude) || !TryParseDegrees(parts[2], 180, out int longitude))
            throw new CommandException($"line {number} is \"{line}\"; expected UNIX-MS,LATITUDE,LONGITUDE.");
        return new TrackPoint(atMs, new GeoPoint(latitude, longitude));
    }

    private static bool TryParseDegrees(string text, int limit, out int e7)
    {
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        bool isDegrees = decimal.TryParse(text, styles, CultureInfo.InvariantCulture, out decimal degrees) && decimal.Abs(degrees) <= limit;
        e7 = isDegrees ? (int)(degrees * 10_000_000) : 0;
        return isDegrees;
    }

    private static Option<string?> Device() =>
        new("--device") { Description = "The device's address, if its key was replaced; else that of the key" };

    private static Option<uint> Service() => new("--service") { Description = "The mapping service", Required = true };
}
