using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Mapping;

/// <summary>A chain with a mapping service, number 3: two cameras, and reviewers of whom each has an owner of its own.</summary>
internal sealed class MappingWorld
{
    public const uint Service = 3;
    public const ulong ReviewMs = 5_000;
    public const ulong Bond = 1_000;
    public const ulong Slash = 100;
    public const ulong Silence = 20;
    public const ulong Price = 10;
    public const ulong MemoryEpochs = 20;
    public const ulong MemoryMs = MemoryEpochs * TestGenesis.EpochMs;
    public const int Level = 16;
    public const int ReviewersMax = 7;

    /// <summary>A tile that was never seen, wanted as much as any: base demand × 2.</summary>
    public const ulong FirstValue = 200_000;

    /// <summary>What a review of it earns: a twentieth.</summary>
    public const ulong FirstReview = 10_000;

    public static readonly Hash256 Salt = Hashing.Sha256("salt"u8);

    /// <summary>Two cameras, of different owners.</summary>
    public static readonly PrivateKey Camera = Keys.Of("camera"), OtherCamera = Keys.Of("other camera");

    private static readonly PrivateKey[] ReviewerKeys = [.. Enumerable.Range(0, ReviewersMax).Select(i => Keys.Of($"reviewer {i}"))];

    private int images;

    public MappingWorld(int reviewers = 5, Action<JsonObject>? change = null)
    {
        JsonObject json = Json();
        change?.Invoke(json);
        World = new World(json);
        foreach (PrivateKey device in (PrivateKey[])[Camera, OtherCamera, .. ReviewerKeys[..reviewers]])
            Assert.Equal(Reason.None, World.RunOne(World.Sign(World.Registration(device, Service), OwnerOf(device), device)).Reason);
        for (int i = 0; i < reviewers; i++)
            Assert.Equal(Reason.None, Offer(ReviewerKeys[i]));
        World.NowMs += 10_000;
    }

    public World World { get; }

    public static PrivateKey Reviewer(int number) => ReviewerKeys[number];

    public static PrivateKey OwnerOf(PrivateKey device) => Keys.Of($"owner of {device.Address}");

    public static JsonObject ServiceJson(uint id = Service) => new()
    {
        ["id"] = id,
        ["name"] = "streets",
        ["kind"] = "mapping",
        ["rewardWeight"] = 1,
        ["manufacturers"] = new JsonArray(AddressText.Format(Keys.Maker.Address, AddressKind.Account)),
        ["intervalMinMs"] = 1_000,
        ["maxAgeMs"] = 60_000,
        ["driftMs"] = 2_000,
        ["constancyMax"] = 1,
        ["deviceBond"] = Bond,
        ["price"] = Price,
        ["mapping"] = new JsonObject
        {
            ["level"] = Level,
            ["segments"] = 4,
            ["reviewPpm"] = 50_000,
            ["qualityMin"] = 200_000,
            ["slashPpm"] = 100_000,
            ["silencePpm"] = 20_000,
        },
    };

    public static JsonObject Json()
    {
        JsonObject json = TestGenesis.Json();
        json["accounts"]![0]!["credits"] = 1_000;
        foreach (PrivateKey device in (PrivateKey[])[Camera, OtherCamera, .. ReviewerKeys])
            json["accounts"]!.AsArray().Add(TestGenesis.Account(OwnerOf(device), 2 * Bond));
        json["parameters"]!["mappingReviewMs"] = ReviewMs;
        json["parameters"]!["mappingMemoryEpochs"] = MemoryEpochs;
        json["services"]!.AsArray().Add(ServiceJson());
        return json;
    }

    /// <summary>A drive of three points a second apart, which ends at a moment.</summary>
    public static ImmutableArray<TrackPoint> Drive(ulong endMs, int northM = 15, int eastM = 0, int fromE7 = 451_900_000) =>
        [.. Enumerable.Range(0, 3).Select(i => new TrackPoint(endMs - 2_000 + ((ulong)i * 1_000), new GeoPoint(fromE7 + (i * northM * 90), 57_300_000 + (i * eastM * 127))))];

    public static Hash256 NullifierOf(int number) => Hashing.Sha256(BitConverter.GetBytes(number));

    public static PrivateKey Named(Address device) => ReviewerKeys.Append(Camera).Append(OtherCamera).Single(key => key.Address == device);

    public ImmutableArray<Address> Reviewers => ReviewersRecord.Get(World.State, Service).Devices;

    public Reason Offer(PrivateKey device, bool reviews = true) =>
        World.Do(OwnerOf(device), new SetReviewer(device.Address, Service, reviews));

    /// <summary>An image of now, unlike any before.</summary>
    public MapImage NewImage(uint segment = 0, int fromE7 = 451_900_000) =>
        new(segment, Hashing.Sha256("root"u8), NullifierOf(++images), Drive(World.NowMs, fromE7: fromE7));

    public (Hash256 Id, Reason Reason) Send(MapImage image, PrivateKey? camera = null, ulong? observedMs = null)
    {
        Transaction sent = World.Sign(new SubmitProof(Service, observedMs ?? image.Points[^1].AtMs, image), camera ?? Camera);
        return (sent.Id, World.RunOne(sent).EffectiveReason);
    }

    /// <summary>Sends an image that is taken in, and lets the next block draw.</summary>
    public Hash256 SendAndDraw(MapImage? image = null, PrivateKey? camera = null)
    {
        (Hash256 id, Reason reason) = Send(image ?? NewImage(), camera);
        Assert.Equal(Reason.AwaitsGroup, reason);
        World.Run();
        return id;
    }

    public MapImageRecord? Image(Hash256 id) => MapImageRecord.Find(World.State, id);

    /// <summary>The present reviewers at a stage.</summary>
    public PrivateKey[] Waiting(Hash256 id, ReviewStage stage) =>
        [.. Image(id)!.Reviews.Skip(Image(id)!.First).Where(review => review.Stage == stage).Select(review => Named(review.Device))];

    public Reason Commit(Hash256 id, PrivateKey reviewer, uint quality) =>
        Proof(reviewer, new CommitReview(id, ReviewScoring.Commit(id, reviewer.Address, quality, Salt)));

    public Reason Reveal(Hash256 id, PrivateKey reviewer, uint quality) => Proof(reviewer, new RevealReview(id, quality, Salt));

    /// <summary>Whoever is asked commits, but for those of whom null is said; then the phase passes.</summary>
    public void CommitAll(Hash256 id, Func<PrivateKey, uint?> qualityOf)
    {
        PrivateKey[] asked = Waiting(id, ReviewStage.Asked);
        foreach (PrivateKey reviewer in asked)
        {
            if (qualityOf(reviewer) is { } quality)
                Assert.Equal(Reason.AwaitsGroup, Commit(id, reviewer, quality));
        }
        Pass(asked.All(reviewer => qualityOf(reviewer) is not null) ? 0 : ReviewMs);
    }

    /// <summary>Whoever has committed reveals, but for those of whom null is said; then the image is judged.</summary>
    public BlockResult RevealAll(Hash256 id, Func<PrivateKey, uint?> qualityOf)
    {
        PrivateKey[] committed = Waiting(id, ReviewStage.Committed);
        foreach (PrivateKey reviewer in committed)
        {
            if (qualityOf(reviewer) is { } quality)
                Assert.Equal(Reason.None, Reveal(id, reviewer, quality));
        }
        return Pass(committed.All(reviewer => qualityOf(reviewer) is not null) ? 0 : ReviewMs);
    }

    public BlockResult Review(Hash256 id, Func<PrivateKey, uint?> qualityOf)
    {
        CommitAll(id, qualityOf);
        return RevealAll(id, qualityOf);
    }

    /// <summary>Lets time pass, and the block that finds out.</summary>
    public BlockResult Pass(ulong ms)
    {
        World.NowMs += ms;
        return World.Run();
    }

    /// <summary>The verdict that a block gave on a device, with its units.</summary>
    public static (Reason Reason, ulong Units) VerdictOn(BlockResult block, PrivateKey device)
    {
        (Receipt receipt, _) = Assert.Single(
            block.Receipts.Zip(block.Touched).Where(done => done.First.Verdict is not null),
            done => done.Second.Contains(new Touch(StateKind.Device, device.Address)));
        return (receipt.Verdict!.Value.Reason, receipt.Verdict.Value.Units);
    }

    public ulong BondOf(PrivateKey device) => World.Work(device, Service).Bond.Grains;

    public uint OpenOf(PrivateKey device) => OpenWorkRecord.Of(World.State, device.Address, Service);

    /// <summary>Nothing waits any more: no image, no pledge.</summary>
    public void AssertAllEnded(int reviewers = 5)
    {
        Assert.Equal(0u, MappingCountsRecord.Get(World.State, Service).Open);
        Assert.DoesNotContain(World.State.Entries, entry => entry.Key.Span[0] == (byte)StateKind.MapImage);
        Assert.All(ReviewerKeys[..reviewers].Append(Camera).Append(OtherCamera), device => Assert.Equal(0u, OpenOf(device)));
        World.AssertConserved();
    }

    private Reason Proof(PrivateKey device, ProofPayload payload) =>
        World.RunOne(World.Sign(new SubmitProof(Service, World.NowMs, payload), device)).EffectiveReason;
}
