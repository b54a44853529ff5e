using System.Buffers.Binary;
using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>A service with very much to be judged does not delay what others have.</summary>
public sealed class ServiceTurnsTests
{
    private const uint Large = 3, Small = 4, Hour = 3_600;
    private const int Many = 10_000;

    private readonly World world = new(TwoStreets());
    private readonly PrivateKey largeFeeder = Keys.Of("feeder of many"), smallFeeder = Keys.Of("feeder of one");

    public ServiceTurnsTests()
    {
        Found(largeFeeder, Large);
        Found(smallFeeder, Small);
    }

    [Fact]
    public void Interval_BehindTenThousandOfAnotherService_IsJudgedWithinAFewBlocks()
    {
        Enqueue([.. Enumerable.Range(1, Many).Select(i => (Large, largeFeeder, (ulong)i)), (Small, smallFeeder, 1)]);
        int blocks = 0;
        do
        {
            Assert.True(world.Run().MoreIsDue); // of the large service there is always more
            blocks++;
        }
        while (JudgedOf(Small, smallFeeder) == 0 && blocks < 10);

        Assert.Equal(1, blocks);
        Assert.Equal(Feeders.PerBlock * Hour, JudgedOf(Large, largeFeeder)); // seven of the large one: a block does as much as ever
    }

    [Fact]
    public void Intervals_OfServicesThatTakeTurns_AreJudgedInTheOrderOfEach()
    {
        const int large = 100, small = 20;
        Enqueue([
            .. Enumerable.Range(1, large).Select(i => (Large, largeFeeder, (ulong)i)),
            .. Enumerable.Range(1, small).Select(i => (Small, smallFeeder, (ulong)i)),
        ]);

        List<(ulong, ulong)> judged = [];
        while (world.Run().MoreIsDue)
            judged.Add((JudgedOf(Large, largeFeeder) / Hour - 1, JudgedOf(Small, smallFeeder) / Hour - 1));

        Assert.Equal([(4, 4), (8, 8), (12, 12), (16, 16), (20, 20), (28, 20)], judged.Take(6));
        Assert.Equal((large + small) / (int)Feeders.PerBlock - 1, judged.Count); // and the last one finds no more
        Assert.Equal(((ulong)large + 1) * Hour, JudgedOf(Large, largeFeeder));
    }

    private void Found(PrivateKey feeder, uint service)
    {
        Assert.Equal(Reason.None, world.RunOne(world.Sign(World.Registration(feeder, service), Keys.Alice, feeder)).Reason);
        ConnectMeter founding = new(feeder.Address, service, feeder.Address, MeterKind.Load, 1_000);
        Assert.Equal(Reason.None, world.RunOne(world.Sign(founding, Keys.Alice)).Reason);
    }

    // As readings of so many hours would have left them.
    private void Enqueue(params IEnumerable<(uint Service, PrivateKey Feeder, ulong Hour)> intervals)
    {
        LedgerSession session = new(world.State);
        foreach ((uint service, PrivateKey feeder, ulong hour) in intervals)
        {
            byte[] about = new byte[sizeof(uint) + Address.Size + sizeof(ulong)];
            BinaryPrimitives.WriteUInt32BigEndian(about, service);
            feeder.Address.Bytes.CopyTo(about.AsSpan(sizeof(uint)));
            BinaryPrimitives.WriteUInt64BigEndian(about.AsSpan(sizeof(uint) + Address.Size), hour * Hour);
            DueWork.Enqueue(session, QueueKind.FeederIntervals, world.NowMs, about);
        }
        world.State.Apply(session.Changes());
    }

    private ulong JudgedOf(uint service, PrivateKey feeder) => FeederRecord.Find(world.State, service, feeder.Address)!.JudgedSeconds;

    private static JsonObject TwoStreets()
    {
        JsonObject genesis = TestGenesis.Json();
        foreach (uint service in new[] { Large, Small })
        {
            genesis["services"]!.AsArray().Add(new JsonObject
            {
                ["id"] = service,
                ["name"] = $"street {service}",
                ["kind"] = "energy",
                ["rewardWeight"] = 1,
                ["manufacturers"] = new JsonArray(AddressText.Format(Keys.Maker.Address, AddressKind.Account)),
                ["intervalMinMs"] = 1,
                ["maxAgeMs"] = 4 * Hour * 1_000,
                ["driftMs"] = 1_000,
                ["constancyMax"] = 1,
                ["energy"] = new JsonObject { ["intervalSeconds"] = Hour },
            });
        }
        return genesis;
    }
}
