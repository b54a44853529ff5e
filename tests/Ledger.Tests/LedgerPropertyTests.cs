using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>What must hold whatever people send: thousands of random transactions, good and bad, from fixed seeds.</summary>
public class LedgerPropertyTests
{
    private static readonly PrivateKey[] People = [Keys.Alice, Keys.Bob, Keys.Carol, Keys.Of("dave"), Keys.Of("erin")];
    private static readonly PrivateKey[] Sensors = [.. Enumerable.Range(0, 6).Select(i => Keys.Of($"random sensor {i}"))];
    private static readonly PrivateKey[] Makers = [Keys.Maker, Keys.P256Maker, Keys.UnknownMaker];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void RandomBlocks_ConserveSupplyAndReplayEqually(int seed)
    {
        Random random = new(seed);
        World world = new(RandomStake.Genesis(RandomCredits.Genesis(TestGenesis.Json(), People)));
        RandomCredits credits = new(random, People, Sensors);
        DictionaryState replica = new();
        replica.Apply(world.Genesis.InitialState());
        HashSet<Reason> seen = [];

        for (int block = 0; block < 250; block++)
        {
            world.NowMs += (ulong)(random.Next(12) == 0 ? random.Next(40_000) : random.Next(1_500));
            List<Transaction> transactions = [.. Enumerable.Range(0, random.Next(20)).Select(_ => RandomTransaction(random, world, credits))];
            if (transactions.Count > 0 && random.Next(3) == 0)
                transactions.Add(transactions[random.Next(transactions.Count)]); // a copy in another batch
            BlockContext context = world.Context;
            ReadOnlyMemory<byte> mint = Executor.MintDue(replica, context.TimeMs)?.EncodeBody();

            BlockResult result = world.Run(transactions);
            BlockResult again = Executor.Execute(replica, context, mint, transactions);
            replica.Apply(again.Changes);

            Assert.Equal(result.ReceiptsRoot, again.ReceiptsRoot);
            Assert.Equal(world.State.Dump(), replica.Dump());
            world.AssertConserved();
            AssertPoolsMatchDevices(world);
            RandomStake.AssertStakeAddsUp(world, People);
            seen.UnionWith(result.Receipts.Select(receipt => receipt.EffectiveReason));
        }

        Assert.True(LedgerQueries.Supply(world.State).Supply.Minted > Amount.Zero);
        Reason[] expected =
        [
            Reason.None, Reason.SequenceUsed, Reason.UnknownAccount, Reason.UnknownDevice, Reason.UnknownManufacturer,
            Reason.InsufficientBalance, Reason.DeviceAlreadyRegistered, Reason.OutOfBounds,
            Reason.JumpTooLarge, Reason.OutOfOrder, Reason.WrongService, Reason.Expired,
            Reason.NotTheOwner, Reason.NoSuchDevice, Reason.AlreadyEnrolled, Reason.NotEnrolled, Reason.NotTheDevicesKey, Reason.DeviceRevoked,
            Reason.TooFewCredits, Reason.UnknownChannel, Reason.DeviceNotPayable, Reason.PriceReportUntimely,
            Reason.UnknownValidator, Reason.NothingBonded, Reason.MoreThanBonded, Reason.StakeBelowMinimum,
            Reason.NoVotingPower, Reason.UnknownDispute, Reason.UnknownSubject, Reason.NotTheManufacturer, Reason.AlreadyRevoked,
        ];
        Assert.Empty(expected.Except(seen)); // the cases were really tried
    }

    [Fact]
    public void RandomBlock_CutInTwoAtTheSameTime_GivesTheSameState()
    {
        Random random = new(5);
        World world = new(RandomCredits.Genesis(TestGenesis.Json(), People));
        RandomCredits credits = new(random, People, Sensors);
        foreach (PrivateKey sensor in Sensors)
            world.Registered(Keys.Alice, sensor);
        for (int round = 0; round < 50; round++)
        {
            world.NowMs += (ulong)random.Next(3_000);
            List<Transaction> transactions = [.. Enumerable.Range(0, 12).Select(_ => RandomTransaction(random, world, credits))];
            DictionaryState whole = new();
            whole.Apply(world.State.Entries.Select(entry => new LedgerChange(entry.Key, entry.Value)));
            whole.Apply(Executor.Execute(whole, world.Context, Executor.MintDue(whole, world.NowMs)?.EncodeBody(), transactions).Changes);

            int cut = random.Next(transactions.Count);
            world.Run(transactions[..cut]);
            world.Run(transactions[cut..]);

            Assert.Equal(whole.Dump(), world.State.Dump());
        }
    }

    // Whatever is in a pool belongs to devices that will ask for it, or is the remainder that goes to the treasury.
    private static void AssertPoolsMatchDevices(World world)
    {
        ILookup<(uint, ulong), Enrollment> workers = Sensors
            .Select(sensor => DeviceRecord.Find(world.State, sensor.Address))
            .OfType<DeviceRecord>()
            .SelectMany(device => device.Enrollments)
            .Where(enrollment => enrollment.Units > 0)
            .ToLookup(enrollment => (enrollment.Service, enrollment.UnitsEpoch));
        ulong open = LedgerQueries.Supply(world.State).Epochs.Open;
        foreach (IGrouping<(uint Service, ulong Epoch), Enrollment> group in workers)
        {
            ulong units = group.Aggregate(0UL, (sum, worker) => sum + worker.Units);
            if (group.Key.Epoch == open)
            {
                Assert.Equal(units, LedgerQueries.Service(world.State, group.Key.Service)!.EpochUnits);
                continue;
            }
            if (PoolRecord.Find(world.State, group.Key.Service, group.Key.Epoch) is not { } pool)
                continue; // it had no weight then, and nothing was minted for it
            Assert.Equal(units, pool.RemainingUnits);
            Assert.True(group.Aggregate(Amount.Zero, (sum, worker) => sum + pool.ShareOf(worker.Units)) <= pool.RemainingAmount);
        }
    }

    private static Transaction RandomTransaction(Random random, World world, RandomCredits credits)
    {
        PrivateKey person = People[random.Next(People.Length)];
        PrivateKey sensor = Sensors[random.Next(Sensors.Length)];
        switch (random.Next(22))
        {
            case 13 or 14 or 15:
                return RandomStake.Transaction(random, world, person, People);
            case 16 or 17 or 18:
                return RandomGovernance.Transaction(random, world, person, Sensors);
            case 19 or 20 or 21:
                return IdentityTransactions.Random(random, world, People, Sensors);
            case 0:
                return world.Register(person, sensor, (uint)random.Next(1, 4), Makers[random.Next(4) % Makers.Length]);
            case 1 or 2 or 3:
                PrivateKey other = People[random.Next(People.Length)];
                long most = random.Next(3) == 0 ? 2_000_000 : 300;
                return world.Transfer(person, other == person ? Keys.Maker : other, (ulong)random.NextInt64(1, most));
            case 4:
                Body odd = new(
                    person.Address,
                    (ulong)random.Next(1, 120),
                    (ulong)((long)world.NowMs + random.Next(-60_000, 700_000)),
                    new Transfer(Keys.OtherSensor.Address, new Amount(1)));
                return world.Sign(odd, person);
            case 10 or 11 or 12:
                return credits.Next(world);
            default:
                long value = random.Next(12) == 0 ? random.NextInt64() - random.NextInt64() : random.Next(8_000, 16_000);
                int fromNow = random.Next(20) == 0 ? random.Next(-100_000, 100_000) : random.Next(-500, 100);
                ulong observed = (ulong)((long)world.NowMs + fromNow);
                uint service = DeviceRecord.Find(world.State, sensor.Address) is { Enrollments: [Enrollment first, ..] } ? first.Service : 1;
                return world.Proof(sensor, value, random.Next(50_000), observed, random.Next(15) == 0 ? 3 - service : service);
        }
    }
}
