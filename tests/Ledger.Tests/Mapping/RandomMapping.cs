using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Mapping;

/// <summary>Random images, reviews and purchases, good and bad, for the properties of the whole ledger.</summary>
internal sealed class RandomMapping(Random random, PrivateKey[] people, PrivateKey[] sensors)
{
    private const uint Service = 11; // apart from the services that everything else is about
    private const ulong Bond = 10;

    private readonly List<Hash256> images = [];
    private readonly List<MapImage> sent = [];

    public static JsonObject Genesis(JsonObject json)
    {
        JsonObject streets = MappingWorld.ServiceJson(Service);
        streets["deviceBond"] = Bond;
        streets["attestationRequired"] = false;
        streets["mapping"]!["slashPpm"] = 200_000;
        streets["mapping"]!["silencePpm"] = 100_000;
        json["services"]!.AsArray().Add(streets);
        json["parameters"]!["mappingReviewMs"] = 4_000;
        json["parameters"]!["mappingMemoryEpochs"] = 7;
        return json;
    }

    public Transaction Next(World world)
    {
        PrivateKey sensor = sensors[random.Next(sensors.Length)], person = people[random.Next(people.Length)];
        // Few devices would ever get here by chance: whoever owns one enrols it, and lets it review.
        if (DeviceRecord.Find(world.State, sensor.Address) is { } record && people.FirstOrDefault(one => one.Address == record.Owner) is { } owner && random.Next(3) > 0)
        {
            if (record.In(Service) is null)
                return world.Sign(new EnrollDevice(sensor.Address, Service), owner);
            bool reviews = ReviewersRecord.Get(world.State, Service).Devices.Contains(sensor.Address);
            if (!reviews || random.Next(20) == 0)
                return world.Sign(new SetReviewer(sensor.Address, Service, !reviews), owner);
        }
        if (images.Count > 0 && random.Next(4) > 0)
            return OfReview(world, sensor);
        if (sent.Count > 0 && random.Next(3) == 0)
            return world.Sign(new BuyTile(Service, TileOf(sent[^random.Next(1, Math.Min(sent.Count, 9) + 1)]), new Credits((ulong)random.Next(5, 20))), person);
        MapImage image = sent.Count > 0 && random.Next(5) == 0
            ? sent[^random.Next(1, Math.Min(sent.Count, 9) + 1)]
            : new MapImage((uint)random.Next(5), Hash256.Zero, Hashing.Sha256(BitConverter.GetBytes(sent.Count)), MappingWorld.Drive(world.NowMs, random.Next(80)));
        Transaction sending = Proof(world, sensor, image, image.Points[^1].AtMs);
        sent.Add(image);
        images.Add(sending.Id);
        return sending;
    }

    private Transaction OfReview(World world, PrivateKey sensor)
    {
        Hash256 id = images[^random.Next(1, Math.Min(images.Count, 4) + 1)];
        MapImageRecord? image = MapImageRecord.Find(world.State, id);
        uint quality = random.Next(5) == 0 ? 100_000u : 900_000;
        // Mostly those who were asked: others are refused.
        if (image is { Reviews.Length: > 0 } && random.Next(6) > 0)
        {
            Address asked = image.Reviews[random.Next(image.Reviews.Length)].Device;
            sensor = sensors.First(one => one.Address == asked);
        }
        ProofPayload payload = image?.Phase == ReviewPhase.Revealing && random.Next(9) > 0
            ? new RevealReview(id, QualityOf(image, id, sensor) ?? quality, MappingWorld.Salt)
            : new CommitReview(id, ReviewScoring.Commit(id, sensor.Address, quality, MappingWorld.Salt));
        return Proof(world, sensor, payload, world.NowMs);
    }

    // What it committed to: one of two.
    private static uint? QualityOf(MapImageRecord image, Hash256 id, PrivateKey reviewer) => image.ReviewOf(reviewer.Address) is >= 0 and var at
        ? ReviewScoring.Commit(id, reviewer.Address, 100_000, MappingWorld.Salt) == image.Reviews[at].Commitment ? 100_000u : 900_000
        : null;

    private static MapTile TileOf(MapImage image) =>
        MapTile.Find(image.Points, image.Points[^1].AtMs, image.Segment, MappingWorld.Level, new MappingScoreRules(), out _) is { IsPossible: true } tile ? tile : default;

    private static Transaction Proof(World world, PrivateKey device, ProofPayload payload, ulong observedMs) =>
        world.Sign(new SubmitProof(Service, observedMs, payload), device);
}
