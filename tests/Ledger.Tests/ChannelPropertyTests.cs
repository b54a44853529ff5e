using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Random lives of many channels at once, in every order, against <see cref="ChannelModel"/>.</summary>
public class ChannelPropertyTests
{
    private static readonly PrivateKey Owner = Keys.Of("owner of devices");
    private static readonly PrivateKey[] Payers = [Keys.Alice, Keys.Bob, Owner];
    private static readonly PrivateKey[] Devices = [.. Enumerable.Range(0, 3).Select(i => Keys.Of($"served by {i}"))];

    private static readonly Reason[] Outcomes =
    [
        Reason.None, Reason.TooFewCredits, Reason.ChannelExpiryOutOfRange, Reason.ChannelEnded, Reason.ChannelAlreadyClosing,
        Reason.ChannelAlreadyDisputed, Reason.NothingToDispute, Reason.UnknownChannel, Reason.DeviceNotPayable, Reason.NotAPartyOfChannel,
        Reason.VoucherSuperseded, Reason.ChannelExhausted, Reason.DeviceBarred,
    ];

    private readonly World world;
    private readonly ChannelModel model;
    private readonly List<(ChannelId Channel, PrivateKey Payer)> channels = [];

    public ChannelPropertyTests()
    {
        System.Text.Json.Nodes.JsonObject json = CreditWorlds.Json();
        json["accounts"]!.AsArray().Add(
            new System.Text.Json.Nodes.JsonObject { ["address"] = CreditWorlds.App(Owner), ["balance"] = 0, ["credits"] = 1_000 });
        world = new World(json);
        foreach (PrivateKey device in Devices)
            world.Registered(Owner, device);
        model = new ChannelModel(Payers.Select(payer => (payer.Address, 1_000UL)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomLives_GoAsInTheModel(int seed)
    {
        Random random = new(seed);
        HashSet<Reason> seen = [];
        for (int i = 0; i < 2_500; i++)
        {
            world.NowMs += (ulong)random.Next(random.Next(10) == 0 ? 40_000 : 4_000);
            model.Tick(world.NowMs);
            (Message message, PrivateKey signer, Func<ChannelId, Reason> expected) = Random(random);
            Transaction transaction = world.Sign(message, signer);

            Reason found = world.RunOne(transaction).Reason;

            Assert.Equal(expected(ChannelId.OpenedBy(transaction.Id)), found);
            if (message is OpenChannel && found == Reason.None)
                channels.Add((ChannelId.OpenedBy(transaction.Id), signer));
            AssertAlike();
            seen.Add(found);
        }
        Assert.Empty(Outcomes.Except(seen)); // every way was really gone

        world.NowMs += CreditWorlds.LifetimeMaxMs;
        world.Run();
        Assert.Equal(3_000 - model.Spent, Payers.Aggregate(0UL, (sum, payer) => sum + world.CreditsOf(payer))); // all came back by itself
    }

    private void AssertAlike()
    {
        foreach (PrivateKey payer in Payers)
            Assert.Equal(model.CreditsOf(payer.Address), world.CreditsOf(payer));
        foreach ((ChannelId channel, _) in channels.TakeLast(10))
            Assert.Equal(model.LeftOf(channel), world.Channel(channel)?.Left.Units);
        foreach (PrivateKey device in Devices)
            Assert.Equal(model.Usage.GetValueOrDefault(device.Address), LedgerQueries.Usage(world.State, device.Address, 1)?.Total.Units ?? 0);
        Assert.Equal(model.Spent, LedgerQueries.Supply(world.State).Supply.CreditsSpent.Units);
        world.AssertConserved();
    }

    private (Message Message, PrivateKey Signer, Func<ChannelId, Reason> Expected) Random(Random random)
    {
        ulong nowMs = world.NowMs;
        PrivateKey payer = Payers[random.Next(Payers.Length)];
        if (channels.Count == 0 || random.Next(8) == 0)
        {
            Address? only = random.Next(2) == 0 ? Devices[random.Next(Devices.Length)].Address : null;
            (ulong amount, ulong expires) = ((ulong)random.Next(1, random.Next(8) == 0 ? 5_000 : 60), nowMs + (ulong)random.Next(620_000));
            OpenChannel open = new(1, new Credits(amount), only, expires);
            return (open, payer, id => model.Open(id, payer.Address, only, amount, expires, nowMs));
        }
        (ChannelId channel, PrivateKey owner) = channels[^random.Next(1, Math.Min(channels.Count, 5) + 1)];
        SignedVoucher voucher = RandomVoucher(random, owner, channel);
        switch (random.Next(8))
        {
            case 0:
                PrivateKey by = random.Next(3) == 0 ? payer : owner;
                return (new CloseChannel(channel), by, _ => model.Close(channel, by.Address, Owner.Address, nowMs));
            case 1 or 2 or 3:
                return (new DisputeChannel(voucher), payer, _ => model.Dispute(voucher.Voucher, null, nowMs));
            case 4 when Contradicting(random, owner, voucher) is { } other:
                return (new DisputeChannel(voucher, other), payer, _ => model.Dispute(voucher.Voucher, other.Voucher, nowMs));
            default:
                return (new RedeemVoucher(voucher), payer, _ => model.Redeem(voucher.Voucher, nowMs));
        }
    }

    private static SignedVoucher RandomVoucher(Random random, PrivateKey payer, ChannelId channel) => CreditWorlds.Voucher(
        payer, channel, Devices[random.Next(Devices.Length)], (ulong)random.Next(1, 12), (ulong)random.Next(0, random.Next(5) == 0 ? 100 : 12));

    private static SignedVoucher? Contradicting(Random random, PrivateKey payer, SignedVoucher voucher)
    {
        SignedVoucher other = RandomVoucher(random, payer, voucher.Voucher.Channel);
        return other.Voucher.Contradicts(voucher.Voucher) ? other : null;
    }
}
