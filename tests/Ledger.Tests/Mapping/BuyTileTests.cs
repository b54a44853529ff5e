using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Mapping;

public class BuyTileTests
{
    private static readonly Func<PrivateKey, uint?> Perfect = _ => 1_000_000;

    private readonly MappingWorld map = new();

    [Fact]
    public void Purchase_IsSpentOnTheCamerasThatMappedTheTile()
    {
        MapTile tile = Map(MappingWorld.Camera);
        Assert.Equal(tile, Map(MappingWorld.OtherCamera));
        ulong before = map.World.CreditsOf(Keys.Alice);

        Assert.Equal(Reason.None, Buy(tile, 25));

        Assert.Equal(before - 25, map.World.CreditsOf(Keys.Alice));
        Assert.Equal((12UL, 13UL), (UsageOf(MappingWorld.Camera), UsageOf(MappingWorld.OtherCamera))); // the last one has what does not divide
        Assert.Equal(new Credits(25), ServiceWork.Get(map.World.State, MappingWorld.Service).Burned);
        map.World.AssertConserved();
    }

    [Fact]
    public void Purchase_IsRefusedForEachReason()
    {
        MapTile tile = Map(MappingWorld.Camera);
        Assert.Equal(Reason.TileNotMapped, Buy(tile with { Segment = 3 }, 25));
        Assert.Equal(Reason.TilePriceTooLow, Buy(tile, MappingWorld.Price - 1));
        Assert.Equal(Reason.TooFewCredits, Buy(tile, 100_000));
        Assert.Equal(Reason.NotOfThisKind, map.World.Do(Keys.Alice, new BuyTile(1, tile, new Credits(25))));
        Assert.Equal(Reason.UnknownService, map.World.Do(Keys.Alice, new BuyTile(99, tile, new Credits(25))));
        map.World.ExpectRefused(Reason.MappingOutOfBounds, new BuyTile(MappingWorld.Service, tile, Credits.Zero), Keys.Alice);
        map.World.ExpectRefused(Reason.MappingOutOfBounds, new BuyTile(MappingWorld.Service, tile with { Heading = 8 }, new Credits(25)), Keys.Alice);
        map.World.ExpectRefused(Reason.MappingOutOfBounds, new BuyTile(MappingWorld.Service, tile with { Cell = ulong.MaxValue }, new Credits(25)), Keys.Alice);
    }

    // Two prices in the week are a demand of two, where nobody's is a tenth; after the week it is a tenth again.
    [Fact]
    public void WhatUsersBuy_IsWorthMore_ForAWeek()
    {
        MapTile tile = Map(MappingWorld.Camera);
        Assert.Equal(Reason.None, Buy(tile, 2 * MappingWorld.Price));
        map.World.NowMs += 60_000;
        (ulong wanted, ulong age) = ValueNow(tile);
        Assert.Equal(2_000_000 * age / 1_000_000 / 2, wanted);
        Assert.Equal(Reason.None, Buy(tile, 50 * MappingWorld.Price));
        Assert.Equal(4_000_000 * age / 1_000_000 / 2, ValueNow(tile).Value); // at most four

        map.World.NowMs += 7 * 86_400_000UL;
        (ulong unwanted, age) = ValueNow(tile);
        Assert.Equal(100_000 * age / 1_000_000, unwanted); // and the image is none of this week's
    }

    [Fact]
    public void CameraThatHasLeft_IsPaidNothing_AndNothingStops()
    {
        MapTile tile = Map(MappingWorld.Camera);
        Map(MappingWorld.OtherCamera);
        map.World.Expect(Reason.None, new WithdrawDevice(MappingWorld.Camera.Address, MappingWorld.Service), MappingWorld.OwnerOf(MappingWorld.Camera));
        for (int i = 0; i < 6; i++)
            map.Pass(TestGenesis.EpochMs);
        Assert.Null(map.World.Device(MappingWorld.Camera).Device.In(MappingWorld.Service));

        Assert.Equal(Reason.None, Buy(tile, 20));

        Assert.Equal(10UL, UsageOf(MappingWorld.OtherCamera));
        Assert.Equal(new Credits(20), ServiceWork.Get(map.World.State, MappingWorld.Service).Burned);
        map.World.AssertConserved();
    }

    [Fact]
    public void Tile_KeepsAWeek_AndTheLastEightCameras()
    {
        const ulong dayMs = 86_400_000;
        MapTileRecord tile = new(0, [], []);
        PrivateKey[] cameras = [.. Enumerable.Range(0, 10).Select(i => Keys.Of($"camera {i}"))];
        for (ulong day = 1; day <= 10; day++)
            tile = tile.WithImage(day * dayMs, day * dayMs, cameras[(int)day - 1].Address).WithPurchase(day * dayMs, new Credits(day));

        Assert.Equal(MapTileRecord.DaysMax, tile.Days.Length);
        Assert.Equal((7u, (UInt128)49), (tile.ImagesOfWeek(10 * dayMs), tile.BoughtInWeek(10 * dayMs)));
        Assert.Equal((1u, (UInt128)10), (tile.ImagesOfWeek(16 * dayMs), tile.BoughtInWeek(16 * dayMs)));
        Assert.Equal(0u, tile.ImagesOfWeek(17 * dayMs));
        Assert.Equal(cameras[2..].Select(camera => camera.Address), tile.Cameras);
        Assert.Equal(cameras[4].Address, tile.WithImage(10 * dayMs, 1, cameras[4].Address).Cameras[^1]);
        Assert.Equal(10 * dayMs, tile.WithImage(10 * dayMs, 1, cameras[4].Address).LastMs); // an older one makes it no older
    }

    private MapTile Map(PrivateKey camera)
    {
        map.World.NowMs += 1_000;
        Hash256 id = map.SendAndDraw(camera: camera);
        MapTile tile = map.Image(id)!.Tile;
        map.Review(id, Perfect);
        return tile;
    }

    private (ulong Value, ulong AgePpm) ValueNow(MapTile tile)
    {
        LedgerSession session = new(map.World.State);
        MapImageRecord image = new()
        {
            Service = MappingWorld.Service,
            Camera = MappingWorld.Camera.Address,
            Owner = default,
            SentMs = map.World.NowMs,
            ObservedMs = map.World.NowMs,
            Tile = tile,
            Root = default,
            Nullifier = default,
            Slash = Amount.Zero,
            Silence = Amount.Zero,
            ReviewPpm = 0,
            QualityMin = 1,
        };
        ulong age = map.World.NowMs - MapTileRecord.Find(map.World.State, MappingWorld.Service, tile)!.LastMs;
        return (MapTiles.ValueOf(session, map.World.NowMs, image), Math.Min(age * 1_000_000 / (7 * 86_400_000UL), 2_000_000));
    }

    private Reason Buy(MapTile tile, ulong credits) =>
        map.World.Do(Keys.Alice, new BuyTile(MappingWorld.Service, tile, new Credits(credits)));

    private ulong UsageOf(PrivateKey device) =>
        LedgerQueries.Usage(map.World.State, device.Address, MappingWorld.Service)?.Total.Units ?? 0;
}
