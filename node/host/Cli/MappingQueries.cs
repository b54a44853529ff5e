using System.CommandLine;
using AppChain.Client;
using AppChain.Client.Mapping;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary>The queries about images and tiles of mapping services.</summary>
internal static class MappingQueries
{
    private static readonly Option<string> Node = CommonOptions.Node();

    public static Command Image()
    {
        Argument<string> id = new("id") { Description = "64 hex digits: the transaction that sent it" };
        Command command = new("image", "An image of a mapping service: what it waits for, and who is asked") { id, Node };
        command.SetAction(async (arguments, cancellation) =>
        {
            Hash256 wanted = AgreementQueries.ParseId(arguments.GetValue(id)!);
            await using NodeClient client = arguments.Connect(Node);
            Output.Print([.. Rows(await FindImageAsync(client, wanted, cancellation))]);
        });
        return command;
    }

    public static Command Tile()
    {
        Argument<uint> service = new("service") { Description = "the service's number" };
        Argument<ulong> cell = new("cell") { Description = "the tile's cell" };
        Argument<uint> segment = new("segment") { Description = "its segment" };
        Argument<byte> heading = new("heading") { Description = "its direction: 0 north, 2 east … 7" };
        Command command = new("tile", "A tile of a mapping service: when it was seen, by whom, and what users paid for it") { service, cell, segment, heading, Node };
        command.SetAction(async (arguments, cancellation) =>
        {
            MapTile wanted = new(arguments.GetValue(cell), arguments.GetValue(segment), arguments.GetValue(heading));
            await using NodeClient client = arguments.Connect(Node);
            MapTileRecord tile = await client.FindTileAsync(arguments.GetValue(service), wanted, cancellation)
                ?? throw new CommandException("nobody has mapped this tile, or it was too long ago.");
            Output.Print([.. Rows(tile)]);
        });
        return command;
    }

    public static async Task<MapImageRecord> FindImageAsync(NodeClient client, Hash256 image, CancellationToken cancellation) =>
        await client.FindImageAsync(image, cancellation) ?? throw new CommandException($"there is no image {image}; it may have its verdict.");

    private static IEnumerable<(string, string)> Rows(MapImageRecord image)
    {
        yield return ("camera", AddressText.Format(image.Camera, AddressKind.Device));
        yield return ("service", Output.Number(image.Service));
        yield return ("taken", Output.Time(image.ObservedMs));
        yield return ("tile", $"cell {image.Tile.Cell}, segment {image.Tile.Segment}, heading {image.Tile.Heading}");
        yield return ("root", $"{image.Root}");
        yield return ("phase", image.Phase == ReviewPhase.Sent ? "sent: the next block draws" : $"{image.Phase} until {Output.Time(image.EndsMs)}".ToLowerInvariant());
        foreach (ImageReview review in image.Reviews)
            yield return ("reviewer", $"{AddressText.Format(review.Device, AddressKind.Device)}: {review.Stage}".ToLowerInvariant());
    }

    private static IEnumerable<(string, string)> Rows(MapTileRecord tile)
    {
        yield return ("last seen", Output.Time(tile.LastMs));
        foreach (TileDay day in tile.Days)
            yield return ("day", $"{Output.Time(day.Day * 86_400_000UL)}: {day.Images} images, bought for {day.Bought} credits");
        foreach (Address camera in tile.Cameras)
            yield return ("camera", AddressText.Format(camera, AddressKind.Device));
    }
}
