using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Agreements;

/// <summary>A chain with a compute service, number 3: Alice posts jobs, and each worker has an owner of its own.</summary>
internal sealed class JobWorld
{
    public const uint Service = 3;
    public const ulong OfferMs = 5_000;
    public const ulong WorkMs = 20_000;
    public const ulong RevealMs = 3_000;
    public const ulong Bond = 1_000;
    public const uint SlashPpm = 200_000;
    public const ulong Slash = 200;

    /// <summary>What silence costs: a tenth of that.</summary>
    public const ulong Silence = 20;
    public const ulong Credits = 10_000;
    public const int WorkersMax = 6;

    public static readonly Hash256 Input = Hashing.Sha256("input"u8), Specification = Hashing.Sha256("specification"u8);
    public static readonly Hash256 Right = Hashing.Sha256("right"u8), Wrong = Hashing.Sha256("wrong"u8), Salt = Hashing.Sha256("salt"u8);

    private static readonly PrivateKey[] WorkerKeys = [.. Enumerable.Range(0, WorkersMax).Select(i => Keys.Of($"worker {i}"))];

    public JobWorld(int workers = 3)
    {
        World = new World(Json());
        for (int i = 0; i < workers; i++)
            Assert.Equal(Reason.None, World.RunOne(World.Sign(World.Registration(Worker(i), Service), OwnerOf(i), Worker(i))).Reason);
        World.NowMs += 100;
    }

    public World World { get; }

    public static Hash256 Work => JobRecord.WorkOf(Input, Specification);

    public static PrivateKey Worker(int number) => WorkerKeys[number];

    public static PrivateKey OwnerOf(int number) => Keys.Of($"owner of worker {number}");

    public static JsonObject ServiceJson(uint id = Service) => new()
    {
        ["id"] = id,
        ["name"] = "cluster",
        ["kind"] = "compute",
        ["rewardWeight"] = 1,
        ["manufacturers"] = new JsonArray(AddressText.Format(Keys.Maker.Address, AddressKind.Account)),
        ["intervalMinMs"] = 1,
        ["maxAgeMs"] = 60_000,
        ["driftMs"] = 100,
        ["constancyMax"] = 1,
        ["deviceBond"] = Bond,
        ["compute"] = new JsonObject { ["slashPpm"] = SlashPpm },
    };

    public static JsonObject Json()
    {
        JsonObject json = TestGenesis.Json();
        json["accounts"]![0]!["credits"] = Credits;
        json["accounts"]![1]!["credits"] = Credits;
        for (int i = 0; i < WorkersMax; i++)
            json["accounts"]!.AsArray().Add(TestGenesis.Account(OwnerOf(i), Bond));
        json["parameters"]!["computeOfferMs"] = OfferMs;
        json["parameters"]!["computeWorkMs"] = WorkMs;
        json["parameters"]!["computeRevealMs"] = RevealMs;
        json["services"]!.AsArray().Add(ServiceJson());
        return json;
    }

    /// <summary>What a client seals that knows the result.</summary>
    public static Hash256 SealOf(PrivateKey client, Hash256 result) => ComputeScoring.Commit(Work, client.Address, result, Salt);

    public Hash256 Post(PrivateKey? client = null, ulong price = 100, Hash256 seal = default)
    {
        Transaction posting = World.Sign(new PostJob(Service, Input, Specification, new Credits(price), seal), client ?? Keys.Alice);
        Assert.Equal(Reason.None, World.RunOne(posting).Reason);
        return posting.Id;
    }

    /// <summary>Posts a job for which the first workers offer, and lets the time for offers pass.</summary>
    public Hash256 PostAndOffer(int workers, ulong price = 100, Hash256 seal = default)
    {
        Hash256 job = Post(price: price, seal: seal);
        for (int i = 0; i < workers; i++)
            Assert.Equal(Reason.None, Offer(job, Worker(i)).EffectiveReason);
        Pass(OfferMs);
        return job;
    }

    public JobRecord? Job(Hash256 job) => JobRecord.Find(World.State, job);

    /// <summary>The workers that the job waits for.</summary>
    public PrivateKey[] Waiting(Hash256 job, AnswerStage stage) =>
        [.. Job(job)!.Answers.Where(answer => answer.Stage == stage).Select(answer => Named(answer.Device))];

    public static PrivateKey Named(Address device) => Enumerable.Range(0, WorkersMax).Select(Worker).Single(key => key.Address == device);

    public Receipt Send(PrivateKey device, ProofPayload payload) => World.RunOne(World.Sign(new SubmitProof(Service, World.NowMs, payload), device));

    public Receipt Offer(Hash256 job, PrivateKey device) => Send(device, new ComputeOffer(job));

    public Receipt Commit(Hash256 job, PrivateKey device, Hash256 result) =>
        Send(device, new CommitResult(job, ComputeScoring.Commit(Work, device.Address, result, Salt)));

    public Receipt Reveal(Hash256 job, PrivateKey device, Hash256 result) => Send(device, new RevealResult(job, result, Salt));

    /// <summary>Lets time pass, and the block that finds out.</summary>
    public BlockResult Pass(ulong ms)
    {
        World.NowMs += ms;
        return World.Run();
    }

    /// <summary>Goes on until results are to be revealed: whoever is asked commits to what he is said to.</summary>
    public void WorkUntilReveal(Hash256 job, Func<PrivateKey, Hash256> resultOf)
    {
        for (int round = 0; round < 10 && Job(job) is { Phase: JobPhase.Working }; round++)
        {
            foreach (PrivateKey device in Waiting(job, AnswerStage.Asked))
                Assert.Equal(Reason.AwaitsGroup, Commit(job, device, resultOf(device)).EffectiveReason);
            World.Run();
        }
        Assert.Equal(JobPhase.Revealing, Job(job)!.Phase);
    }

    /// <summary>Everybody who committed reveals, and the job is judged.</summary>
    public BlockResult RevealAll(Hash256 job, Func<PrivateKey, Hash256> resultOf)
    {
        foreach (PrivateKey device in Waiting(job, AnswerStage.Committed))
            Assert.Equal(Reason.None, Reveal(job, device, resultOf(device)).EffectiveReason);
        return Pass(RevealMs);
    }

    /// <summary>Goes on until a worker that was right before computes a sealed job alone: who has a streak is often not checked.</summary>
    public PrivateKey ProvenAlone(out Hash256 job, Hash256 seal)
    {
        for (int round = 0; round < 40; round++)
        {
            Hash256 posted = job = PostAndOffer(5, seal: seal);
            PrivateKey first = Assert.Single(Waiting(job, AnswerStage.Asked));
            // What the beacon of the block after the commitment's will draw: two blocks from here.
            Hash256 next = Hashing.Sha256(BitConverter.GetBytes(World.Height + 2));
            Worker worker = Job(posted)!.Workers.Single(one => one.Device == first.Address);
            if (!ComputeAssignment.IsReplicated(job, next, worker))
                return first;
            WorkUntilReveal(job, _ => Right);
            RevealAll(job, _ => Right);
        }
        throw new InvalidOperationException("No worker was ever left alone.");
    }

    public ulong BondOf(PrivateKey device) => World.Work(device, Service).Bond.Grains;

    public ulong UsageOf(PrivateKey device) => LedgerQueries.Usage(World.State, device.Address, Service)?.Total.Units ?? 0;

    public uint StreakOf(PrivateKey device) => ComputeState.Decode(World.Work(device, Service).KindState).ValidInARow;
}
