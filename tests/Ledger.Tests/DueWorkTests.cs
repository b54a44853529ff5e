using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Whoever fills a queue of deadlines holds nobody up who waits in it.</summary>
public sealed class DueWorkTests
{
    private const int Room = 3;

    [Fact]
    public void DueItems_AsManyAsOneBlockFilledTheQueueWith_EndInOneBlock()
    {
        const int many = 200;
        World world = new(CreditWorlds.Json());
        world.Run([.. Enumerable.Range(0, many).Select(_ => Opening(world, Keys.Alice))]);
        Assert.Equal(1_000UL - many, world.CreditsOf(Keys.Alice));
        world.NowMs += CreditWorlds.LifetimeMaxMs;

        Assert.False(world.Run().MoreIsDue);
        Assert.Equal(1_000UL, world.CreditsOf(Keys.Alice));
    }

    [Fact]
    public void DueItems_OfBlocksThatWereFull_EndInAsManyBlocksAsFilledTheQueue()
    {
        const int blocks = 5;
        World world = new(Json("blockDemand"));
        for (int block = 0; block < blocks; block++)
            world.Run([.. Enumerable.Range(0, Room + 2).Select(_ => Opening(world, Keys.Alice))]);
        Assert.Equal(1_000UL - blocks * Room, world.CreditsOf(Keys.Alice)); // of each block two had no room
        world.Run(Opening(world, Keys.Bob));
        world.NowMs += CreditWorlds.LifetimeMaxMs;

        bool[] moreIsDue = [.. Enumerable.Range(0, blocks + 1).Select(_ => world.Run().MoreIsDue)];

        Assert.Equal([.. Enumerable.Repeat(true, blocks), false], moreIsDue); // so a host makes the next block at once
        Assert.Equal((1_000UL, 1_000UL), (world.CreditsOf(Keys.Alice), world.CreditsOf(Keys.Bob)));
    }

    [Fact]
    public void QueueThatIsFilledWithoutPause_LetsEveryDeadlineBeMet()
    {
        World world = new(Json("blockDemand"));
        const ulong interval = CreditWorlds.LifetimeMaxMs / 20;
        Dictionary<ChannelId, ulong> due = [];
        for (int block = 0; block < 100; block++)
        {
            Transaction[] openings = [.. Enumerable.Range(0, Room).Select(_ => Opening(world, Keys.Alice))];
            world.Run(openings);
            foreach (ChannelId late in due.Where(channel => channel.Value <= world.NowMs).Select(channel => channel.Key).ToList())
            {
                Assert.Null(world.Channel(late)); // in the first block after its deadline, though the queue is never empty
                due.Remove(late);
            }
            foreach (Transaction opening in openings)
                due.Add(ChannelId.OpenedBy(opening.Id), world.NowMs + CreditWorlds.LifetimeMaxMs);
            world.NowMs += interval;
        }
        Assert.Equal(20 * Room, due.Count);
    }

    [Fact]
    public void WithdrawalThatWaitsOnceMore_TakesTheRoomOfATransaction()
    {
        World world = new(Json("blockIdentity"));
        PrivateKey[] devices = [.. Enumerable.Range(0, Room).Select(i => Keys.Of($"leaving {i}"))];
        foreach (PrivateKey device in devices)
        {
            world.Registered(Keys.Alice, device);
            Subject subject = new(SubjectKind.Device, device.Address);
            world.Expect(Reason.None, new Accuse(subject, new Exhibit(Hashing.Sha256([1]), IsTransaction: false)), Keys.Alice);
        }
        world.Run([.. devices.Select(device => world.Sign(new WithdrawDevice(device.Address, 1), Keys.Alice))]);
        world.NowMs += TestGenesis.WithdrawalDelayMs;

        BlockResult result = world.Run(world.Sign(new AssertLocation(devices[0].Address, 1, 1, 1), Keys.Alice));

        Assert.Equal(Reason.BlockFull, result.Receipts[^1].Reason); // all three went to the end of the queue again
        Assert.Equal(new QueueRecord(Room, 2 * Room), QueueRecord.Get(world.State, QueueKind.Withdrawals));
    }

    private static Transaction Opening(World world, PrivateKey payer) =>
        world.Sign(new OpenChannel(1, new Credits(1), null, world.NowMs + CreditWorlds.LifetimeMaxMs), payer);

    private static JsonObject Json(string room)
    {
        JsonObject json = CreditWorlds.Json();
        json["parameters"]![room] = Room;
        return json;
    }
}
