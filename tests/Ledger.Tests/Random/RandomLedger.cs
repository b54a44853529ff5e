using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Tests.Ledger.Agreements;
using AppChain.Tests.Ledger.Mapping;

namespace AppChain.Tests.Ledger;

/// <summary>
/// A chain on which five people and six sensors do anything that the ledger knows, sensible or not, from one seed. Each block is executed twice,
/// on states of their own, and everything that must always hold is asserted after it.
/// </summary>
internal sealed class RandomLedger
{
    private static readonly PrivateKey[] People = [Keys.Alice, Keys.Bob, Keys.Carol, Keys.Of("dave"), Keys.Of("erin")];
    private static readonly PrivateKey[] Sensors = [.. Enumerable.Range(0, 6).Select(i => Keys.Of($"random sensor {i}"))];
    private static readonly PrivateKey[] Makers = [Keys.Maker, Keys.P256Maker, Keys.UnknownMaker];

    private readonly Random random;
    private readonly RandomCredits credits;
    private readonly RandomAgreements? agreements;
    private readonly RandomMapping? mapping;
    private readonly RandomBatches batches;
    private readonly DictionaryState replica = new();

    /// <param name="epochBlocks">Length of an epoch of consensus.</param>
    /// <param name="withAgreements">Deals, jobs and images too, which go on with the block that follows and draw by its beacon: for them it matters where a block ends.</param>
    public RandomLedger(int seed, ulong epochBlocks = 10, bool withAgreements = true)
    {
        random = new Random(seed);
        JsonObject genesis = RandomMapping.Genesis(RandomAgreements.Genesis(RandomKinds.Genesis(RandomStake.Genesis(RandomCredits.Genesis(TestGenesis.Json(), People)))));
        genesis["parameters"]!["validatorEpochBlocks"] = epochBlocks;
        World = new World(genesis);
        credits = new RandomCredits(random, People, Sensors);
        agreements = withAgreements ? new RandomAgreements(random, People, Sensors) : null;
        mapping = withAgreements ? new RandomMapping(random, People, Sensors) : null;
        batches = new RandomBatches(random);
        replica.Apply(World.Genesis.InitialState());
    }

    public World World { get; }

    /// <summary>Every reason that a receipt has had.</summary>
    public HashSet<Reason> Seen { get; } = [];

    /// <summary>Every message that was executed without failing, by its type.</summary>
    public HashSet<Type> Applied { get; } = [];

    public int Transactions { get; private set; }

    /// <summary>Makes, executes and checks one block.</summary>
    public void Step()
    {
        World.NowMs += (ulong)(random.Next(12) == 0 ? random.Next(40_000) : random.Next(1_500));
        List<Transaction> transactions = NextTransactions(random.Next(20));
        if (transactions.Count > 0 && random.Next(3) == 0)
            transactions.Add(transactions[random.Next(transactions.Count)]); // a copy in another batch
        Lead();
        BlockContext context = World.Context;
        ReadOnlyMemory<byte> mint = Executor.MintDue(replica, context.TimeMs)?.EncodeBody();

        BlockResult result = World.Run(transactions);
        BlockResult again = Executor.Execute(replica, context, mint, transactions);
        replica.Apply(again.Changes);

        Assert.Equal(result.ReceiptsRoot, again.ReceiptsRoot);
        Assert.Equal(World.State.Dump(), replica.Dump());
        World.AssertConserved();
        AssertPoolsMatchDevices();
        RandomStake.AssertStakeAddsUp(World, People);
        Note(transactions, result);
    }

    /// <summary>Some more transactions, not executed yet.</summary>
    public List<Transaction> NextTransactions(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    // One seat sleeps for some time: it misses its turns until it is jailed.
    private void Lead()
    {
        int seats = ValidatorsRecord.Get(World.State).Seats.Length;
        World.Proposer = (ushort)random.Next(seats);
        bool sleeps = seats > 1 && World.Height / 300 % 2 == 1;
        World.Missed = sleeps && random.Next(2) == 0 ? [(ushort)(seats - 1)] : [];
    }

    private void Note(List<Transaction> transactions, BlockResult result)
    {
        Transactions += transactions.Count;
        Seen.UnionWith(result.Receipts.Select(receipt => receipt.EffectiveReason));
        foreach ((Transaction transaction, Receipt receipt) in transactions.Zip(result.Receipts.TakeLast(transactions.Count)))
        {
            if (receipt.EffectiveReason == Reason.None)
                Applied.Add(transaction.Body.Message.GetType());
        }
    }

    // Whatever is in a pool belongs to devices that will ask for it, or is the remainder that goes to the treasury.
    private void AssertPoolsMatchDevices()
    {
        ILookup<(uint, ulong), Enrollment> workers = Sensors
            .Select(sensor => DeviceRecord.Find(World.State, sensor.Address))
            .OfType<DeviceRecord>()
            .SelectMany(device => device.Enrollments)
            .Where(enrollment => !enrollment.Work.IsEmpty)
            .ToLookup(enrollment => (enrollment.Service, enrollment.UnitsEpoch));
        ulong open = LedgerQueries.Supply(World.State).Epochs.Open;
        foreach (IGrouping<(uint Service, ulong Epoch), Enrollment> group in workers)
        {
            ulong units = group.Aggregate(0UL, (sum, worker) => sum + worker.Units);
            Amount usage = group.Aggregate(Amount.Zero, (sum, worker) => sum + worker.Work.Usage);
            if (group.Key.Epoch == open)
            {
                ServiceWork work = ServiceWork.Get(World.State, group.Key.Service);
                Assert.Equal((units, usage), (work.Units, work.Usage));
                continue;
            }
            if (PoolRecord.Find(World.State, group.Key.Service, group.Key.Epoch) is not { } pool)
                continue; // nothing was minted: it had no weight then, or a vote has given the treasury all of it
            Assert.Equal((units, usage), (pool.RemainingUnits, pool.RemainingUsed));
            Assert.True(group.Aggregate(Amount.Zero, (sum, worker) => sum + pool.Shares.Of(worker.Work)) <= pool.Remaining);
        }
    }

    private Transaction Next()
    {
        PrivateKey person = People[random.Next(People.Length)];
        PrivateKey sensor = Sensors[random.Next(Sensors.Length)];
        switch (random.Next(mapping is null ? 31 : 33))
        {
            case 0:
                return World.Register(person, sensor, (uint)random.Next(1, 4), Makers[random.Next(4) % Makers.Length]);
            case 1 or 2 or 3:
                PrivateKey other = People[random.Next(People.Length)];
                long most = random.Next(3) == 0 ? 2_000_000 : 300;
                return World.Transfer(person, other == person ? Keys.Maker : other, (ulong)random.NextInt64(1, most));
            case 4:
                Body odd = new(
                    person.Address,
                    (ulong)random.Next(1, 120),
                    (ulong)((long)World.NowMs + random.Next(-60_000, 700_000)),
                    new Transfer(Keys.OtherSensor.Address, new Amount(1)));
                return World.Sign(odd, person);
            case 10 or 11 or 12:
                return credits.Next(World);
            case 13 or 14 or 15:
                return RandomStake.Transaction(random, World, person, People);
            case 16 or 17 or 18:
                return RandomGovernance.Transaction(random, World, person, Sensors);
            case 19 or 20 or 21:
                return IdentityTransactions.Random(random, World, People, Sensors);
            case 23 or 24 or 25:
                return RandomKinds.Transaction(random, World, People, Sensors);
            case 26 or 27 or 28 when agreements is not null:
                return agreements.Next(World);
            case 31 or 32 when mapping is not null:
                return mapping.Next(World);
            case 22:
                return World.Sign(new FundSponsor((uint)random.Next(1, 4), new Credits((ulong)random.Next(1, 30))), person);
            case 29 or 30:
                return batches.Next(World, sensor);
            default:
                long value = random.Next(12) == 0 ? random.NextInt64() - random.NextInt64() : random.Next(8_000, 16_000);
                int fromNow = random.Next(20) == 0 ? random.Next(-100_000, 100_000) : random.Next(-500, 100);
                ulong observed = (ulong)((long)World.NowMs + fromNow);
                uint service = DeviceRecord.Find(World.State, sensor.Address) is { Enrollments: [Enrollment first, ..] } ? first.Service : 1;
                return World.Proof(sensor, value, random.Next(50_000), observed, random.Next(15) == 0 ? 3 - service : service);
        }
    }
}
