using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Mapping;

public class MapImageTests
{
    private readonly MappingWorld map = new();

    private static readonly Func<PrivateKey, uint?> Perfect = _ => 1_000_000;

    [Fact]
    public void Image_IsRefusedForEachReason()
    {
        ulong now = map.World.NowMs;
        MapImage image = map.NewImage();
        Assert.Equal(Reason.FromTheFuture, map.Send(image with { Points = MappingWorld.Drive(now + 2_001) }).Reason);
        Assert.Equal(Reason.TooOld, map.Send(image with { Points = MappingWorld.Drive(now - 60_001) }).Reason);
        Assert.Equal(Reason.CaptureOffTrack, map.Send(image, observedMs: now + 1).Reason);
        Assert.Equal(Reason.CaptureOffTrack, map.Send(image, observedMs: now - 2_001).Reason);
        Assert.Equal(Reason.HeadingUnknown, map.Send(image with { Points = MappingWorld.Drive(now, northM: 1) }).Reason);
        Assert.Equal(Reason.TrackTooFast, map.Send(image with { Points = MappingWorld.Drive(now, northM: 90) }).Reason);
        Assert.Equal(Reason.SegmentUnknown, map.Send(image with { Segment = 4 }).Reason);
        Assert.Equal(Reason.WrongProofKind, map.World.RunOne(
            map.World.Sign(new SubmitProof(MappingWorld.Service, now, new SensorReading(new Measurement(1, 2))), MappingWorld.Camera)).EffectiveReason);

        Assert.Equal(Reason.AwaitsGroup, map.Send(image).Reason);

        Assert.Equal(Reason.OutOfOrder, map.Send(map.NewImage()).Reason);
        map.World.NowMs += 999;
        Assert.Equal(Reason.TooSoon, map.Send(map.NewImage()).Reason);
        map.World.NowMs++;
        Assert.Equal(Reason.ImageSeen, map.Send(image with { Points = MappingWorld.Drive(map.World.NowMs) }).Reason);
        Assert.Equal(Reason.AwaitsGroup, map.Send(map.NewImage()).Reason);
    }

    [Fact]
    public void Drive_ThatIsNone_IsRefusedByItsBytes()
    {
        MapImage image = map.NewImage();
        TrackPoint[] points = [.. image.Points];
        MapImage[] wrong =
        [
            image with { Points = [points[0]] },
            image with { Points = [points[1], points[0]] },
            image with { Points = [points[0], points[0]] },
            image with { Points = [points[0], points[1] with { Place = new GeoPoint(900_000_001, 0) }] },
            image with { Points = [.. Enumerable.Range(0, MapImage.PointsMax + 1).Select(i => new TrackPoint((ulong)i + 1, default))] },
        ];
        Assert.All(wrong, one => Assert.NotEqual(Reason.None, Decoded(new SubmitProof(MappingWorld.Service, map.World.NowMs, one), MappingWorld.Camera)));
        Assert.Equal(Reason.MappingOutOfBounds, Decoded(new SubmitProof(MappingWorld.Service, map.World.NowMs, wrong[0]), MappingWorld.Camera));
        Assert.Equal(
            Reason.MappingOutOfBounds, Decoded(new SubmitProof(MappingWorld.Service, 1, new RevealReview(Hash256.Zero, 1_000_001, Hash256.Zero)), MappingWorld.Camera));
        MapImage longest = image with { Points = [.. Enumerable.Range(0, MapImage.PointsMax).Select(i => new TrackPoint(map.World.NowMs + (ulong)i, new GeoPoint(-900_000_000, -1_800_000_000)))] };
        Assert.Equal(Reason.None, Decoded(new SubmitProof(MappingWorld.Service, map.World.NowMs, longest), MappingWorld.Camera)); // it fits into a transaction
    }

    [Fact]
    public void Tile_FollowsPlaceAndHeading()
    {
        MappingScoreRules rules = new();
        var drive = MappingWorld.Drive(10_000);
        MapTile north = MapTile.Find(drive, 9_500, 2, 16, rules, out Reason reason)!.Value;
        Assert.Equal((Reason.None, 2u, (byte)0), (reason, north.Segment, north.Heading));
        Assert.Equal(Grid.CellOf(drive[1].Place, 16).Id, north.Cell);
        Assert.Equal((byte)4, MapTile.Find(MappingWorld.Drive(10_000, northM: -15), 9_500, 2, 16, rules, out _)!.Value.Heading);
        Assert.True(north.IsPossible);
        Assert.False((north with { Heading = 8 }).IsPossible);
        Assert.False((north with { Cell = ulong.MaxValue }).IsPossible);
        Assert.Null(MapTile.Find(drive, 7_999, 2, 16, rules, out reason));
        Assert.Equal(Reason.CaptureOffTrack, reason);
    }

    // 1/(1 + n) of what the tile's age makes of it.
    [Fact]
    public void SecondImage_OfAFreshTile_IsWorthLittle()
    {
        map.Review(map.SendAndDraw(), Perfect);
        map.World.NowMs += 60_000;
        Hash256 id = map.SendAndDraw();
        MapImageRecord image = map.Image(id)!;
        ulong age = image.ObservedMs - MapTileRecord.Find(map.World.State, MappingWorld.Service, image.Tile)!.LastMs;

        BlockResult end = map.Review(id, Perfect);

        ulong value = 100_000 * (age * 1_000_000 / (7 * 86_400_000UL)) / 1_000_000 / 2;
        Assert.True(value > 0);
        Assert.Equal((Reason.None, value - (3 * (value * 50_000 / 1_000_000))), MappingWorld.VerdictOn(end, MappingWorld.Camera));
    }

    [Fact]
    public void OtherDirection_OtherSegment_OtherCell_AreOtherTiles()
    {
        MapImage first = map.NewImage();
        map.Review(map.SendAndDraw(first), Perfect);
        foreach (MapImage image in (MapImage[])[first with { Points = MappingWorld.Drive(0 + 4_000, northM: -15) }, first with { Segment = 1 }, first with { Points = MappingWorld.Drive(4_000, fromE7: 452_900_000) }])
        {
            map.World.NowMs += 1_000;
            ulong shift = map.World.NowMs - image.Points[^1].AtMs;
            MapImage sent = map.NewImage() with
            {
                Segment = image.Segment,
                Points = [.. image.Points.Select(point => point with { AtMs = point.AtMs + shift })],
            };
            BlockResult end = map.Review(map.SendAndDraw(sent), Perfect);
            Assert.Equal(MappingWorld.FirstValue - (3 * MappingWorld.FirstReview), MappingWorld.VerdictOn(end, MappingWorld.Camera).Units);
        }
    }

    // The same image earns once; when it is forgotten, its capture is too old; and with its last image a tile is forgotten.
    [Fact]
    public void Image_IsRememberedUntilItsCaptureIsTooOld()
    {
        MapImage image = map.NewImage();
        ulong capturedMs = image.Points[^1].AtMs;
        Hash256 id = map.SendAndDraw(image);
        MapTile tile = map.Image(id)!.Tile;
        map.Review(id, Perfect);
        Assert.Equal(Reason.ImageSeen, map.Send(image, MappingWorld.OtherCamera).Reason);

        map.World.NowMs = capturedMs + MappingWorld.MemoryMs;
        Assert.Equal(Reason.TooOld, map.Send(image, MappingWorld.OtherCamera).Reason);
        Assert.NotNull(ImageNullifierRecord.Find(map.World.State, MappingWorld.Service, image.Nullifier));
        map.World.NowMs += 60_000;
        map.SendAndDraw(map.NewImage(segment: 1)); // the next image makes the service forget

        Assert.Null(ImageNullifierRecord.Find(map.World.State, MappingWorld.Service, image.Nullifier));
        Assert.Null(MapTileRecord.Find(map.World.State, MappingWorld.Service, tile));
        Assert.Equal(new MappingCountsRecord(1, 1, 1), MappingCountsRecord.Get(map.World.State, MappingWorld.Service));
        Assert.Equal(Reason.TooOld, map.Send(image, MappingWorld.OtherCamera).Reason);
    }

    [Fact]
    public void NewerImageOfATile_KeepsIt()
    {
        map.Review(map.SendAndDraw(), Perfect);
        map.World.NowMs += 100_000;
        Hash256 id = map.SendAndDraw();
        MapTile tile = map.Image(id)!.Tile;
        map.Review(id, Perfect);
        map.World.NowMs += MappingWorld.MemoryMs - 50_000; // the first has had its time

        map.SendAndDraw(map.NewImage(segment: 1));

        Assert.Equal(new MappingCountsRecord(1, 1, 2), MappingCountsRecord.Get(map.World.State, MappingWorld.Service));
        Assert.NotNull(MapTileRecord.Find(map.World.State, MappingWorld.Service, tile));
    }

    private Reason Decoded(Message message, PrivateKey key)
    {
        byte[] encoded = TransactionBuilder.Sign(map.World.Genesis.ChainId, new Body(key.Address, 1, map.World.NowMs + 1_000, message), [key]);
        Reason reason = Transaction.TryDecode(encoded, map.World.Genesis.ChainId, out Transaction? transaction);
        Assert.Equal(reason == Reason.None, transaction is not null);
        return reason;
    }
}
