using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a service knows of its tiles and of images that have earned, and when it forgets it.</summary>
/// <remarks>
/// An image that earned is remembered for <see cref="Parameter.MappingMemoryEpochs"/>; captures that old are refused, so that it can be
/// forgotten without ever earning again. With its last image a tile is forgotten. Every image that a service takes makes it forget two that
/// have had their time: so what it remembers is bounded by what it took in that time, nothing waits in a queue for it, and no service does
/// it for another.
/// </remarks>
internal static class MapTiles
{
    private const int ForgottenAtATime = 2;

    /// <summary>How long an image is remembered, in ms.</summary>
    public static ulong MemoryMs(LedgerSession session) =>
        session.Parameters[Parameter.MappingMemoryEpochs] * session.Parameters[Parameter.EpochMs];

    /// <summary>What an image of the tile earns at full quality, by what is known of the tile now.</summary>
    public static ulong ValueOf(LedgerSession session, ulong nowMs, MapImageRecord image)
    {
        MapTileRecord? tile = MapTileRecord.Find(session, image.Service, image.Tile);
        ulong ageMs = tile is null ? ulong.MaxValue : image.ObservedMs > tile.LastMs ? image.ObservedMs - tile.LastMs : 0;
        uint demand = DemandFor(session, nowMs, image.Service, tile);
        return MappingScoring.ValueOf(demand, ageMs, tile?.ImagesOfWeek(nowMs) ?? 0, MappingParameters.RulesOf(session.Parameters));
    }

    /// <summary>An image has earned.</summary>
    public static void Remember(LedgerSession session, ulong nowMs, MapImageRecord image)
    {
        MapTileRecord tile = MapTileRecord.Find(session, image.Service, image.Tile) ?? new MapTileRecord(0, [], []);
        session.Put(StateKey.MapTile(image.Service, image.Tile), tile.WithImage(nowMs, image.ObservedMs, image.Camera));
        MappingCountsRecord counts = MappingCountsRecord.Get(session, image.Service);
        // From its capture on, which may lie ahead of the block's time by the service's drift: as long as captures of that moment are
        // taken.
        ulong untilMs = ulong.Max(nowMs, image.ObservedMs) + MemoryMs(session);
        session.Put(StateKey.ImageMemory(image.Service, counts.Next), new ImageMemoryRecord(untilMs, image.ObservedMs, image.Nullifier, image.Tile));
        session.Put(StateKey.MappingCounts(image.Service), counts with { Next = counts.Next + 1 });
    }

    /// <summary>Forgets some of what has had its time.</summary>
    public static void Forget(LedgerSession session, ulong nowMs, uint service)
    {
        for (int i = 0; i < ForgottenAtATime; i++)
        {
            MappingCountsRecord counts = MappingCountsRecord.Get(session, service);
            if (counts.First == counts.Next || ImageMemoryRecord.Find(session, service, counts.First) is not { } oldest || oldest.UntilMs > nowMs)
                return;
            session.Delete(StateKey.ImageMemory(service, counts.First));
            session.Delete(StateKey.ImageNullifier(service, oldest.Nullifier));
            if (MapTileRecord.Find(session, service, oldest.Tile) is { } tile && tile.LastMs <= oldest.ObservedMs)
                session.Delete(StateKey.MapTile(service, oldest.Tile));
            session.Put(StateKey.MappingCounts(service), counts with { First = counts.First + 1 });
        }
    }

    /// <summary>
    /// Somebody buys a tile: the credits are spent on the work of the cameras that mapped it, in equal parts, and what does not divide on
    /// that of the last one.
    /// </summary>
    public static void Sell(LedgerSession session, ulong nowMs, uint service, in MapTile at, MapTileRecord tile, Address buyer, Credits credits)
    {
        session.Put(StateKey.MapTile(service, at), tile.WithPurchase(nowMs, credits));
        ulong share = credits.Units / (ulong)tile.Cameras.Length;
        for (int i = 0; i < tile.Cameras.Length; i++)
        {
            bool isLast = i == tile.Cameras.Length - 1;
            PledgedWork.Pay(session, service, tile.Cameras[i], buyer, isLast ? credits - new Credits(share * (ulong)i) : new Credits(share));
        }
    }

    // In parts per million: what users bought in the week, a whole for each at the service's price, within its bounds.
    private static uint DemandFor(LedgerSession session, ulong nowMs, uint service, MapTileRecord? tile)
    {
        ulong price = session.Service(service).Definition.Price.Units;
        UInt128 bought = tile?.BoughtInWeek(nowMs) ?? 0;
        UInt128 wanted = bought * Parameters.Million / ulong.Max(price, 1);
        return (uint)UInt128.Clamp(wanted, session.Parameters[Parameter.MappingBaseDemand], session.Parameters[Parameter.MappingDemandMax]);
    }
}
