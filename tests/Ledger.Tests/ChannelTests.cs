using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.CreditWorlds;

namespace AppChain.Tests.Ledger;

/// <summary>Channels and vouchers: Alice pays, Bob owns the devices.</summary>
public class ChannelTests
{
    private static readonly PrivateKey Rotated = Keys.P256Sensor;

    private readonly World world = new(CreditWorlds.Json());

    public ChannelTests()
    {
        world.Registered(Keys.Bob, Keys.Sensor);
        world.Registered(Keys.Bob, Keys.OtherSensor);
    }

    [Fact]
    public void Open_LocksCreditsOfThePayer()
    {
        ChannelId channel = world.Open(Keys.Alice, 300, Keys.Sensor);

        Assert.Equal(700UL, world.CreditsOf(Keys.Alice));
        Assert.Equal(300UL, world.Channel(channel)!.Left.Units);
        Assert.Equal(Keys.Sensor.Address, world.Channel(channel)!.Device);
        world.AssertConserved();
    }

    [Fact]
    public void Open_WithWhatCannotBe_Fails()
    {
        ulong soon = world.NowMs + 1;

        Assert.Equal(Reason.UnknownAccount, world.Do(Keys.Carol, new OpenChannel(1, new Credits(1), null, soon)));
        Assert.Equal(Reason.UnknownService, world.Do(Keys.Alice, new OpenChannel(9, new Credits(1), null, soon)));
        Assert.Equal(Reason.DeviceNotPayable, world.Do(Keys.Alice, new OpenChannel(2, new Credits(1), Keys.Sensor.Address, soon)));
        Assert.Equal(Reason.DeviceNotPayable, world.Do(Keys.Alice, new OpenChannel(1, new Credits(1), Keys.Carol.Address, soon)));
        Assert.Equal(Reason.TooFewCredits, world.Do(Keys.Alice, new OpenChannel(1, new Credits(1_001), null, soon)));
        Assert.Equal(Reason.ChannelExpiryOutOfRange, world.Do(Keys.Alice, new OpenChannel(1, new Credits(1), null, world.NowMs)));
        Assert.Equal(
            Reason.ChannelExpiryOutOfRange,
            world.Do(Keys.Alice, new OpenChannel(1, new Credits(1), null, world.NowMs + LifetimeMaxMs + 1)));
        Assert.Equal(Reason.ChannelExpiryOutOfRange, world.Do(Keys.Alice, new OpenChannel(1, new Credits(1), null, ulong.MaxValue)));

        Assert.Equal(1_000UL, world.CreditsOf(Keys.Alice));
        world.AssertConserved();
    }

    [Fact]
    public void Open_OfNothing_IsRefused()
    {
        Body body = new(Keys.Alice.Address, 1, world.NowMs, new OpenChannel(1, Credits.Zero, null, 1));
        byte[] encoded = TransactionBuilder.Sign(world.Genesis.ChainId, body, Keys.Alice);

        Assert.Equal(Reason.ZeroAmount, Transaction.TryDecode(encoded, world.Genesis.ChainId, out _));
    }

    [Fact]
    public void Redeem_SpendsWhatIsNewAndCountsItAsUsage()
    {
        ChannelId channel = world.Open(Keys.Alice, 300, Keys.Sensor);

        Assert.Equal(Reason.None, Redeem(Voucher(Keys.Alice, channel, Keys.Sensor, 1, 100)));
        Assert.Equal(Reason.None, Redeem(Voucher(Keys.Alice, channel, Keys.Sensor, 5, 250)));

        Assert.Equal(50UL, world.Channel(channel)!.Left.Units);
        Assert.Equal(250UL, LedgerQueries.Supply(world.State).Supply.CreditsSpent.Units);
        Assert.Equal(250UL, LedgerQueries.Service(world.State, 1)!.EpochBurned.Units);
        Assert.Equal(new DeviceUsage(0, new Credits(250), Credits.Zero, new Credits(250)), Usage(Keys.Sensor));
        Assert.Equal(1_000UL, world.CreditsOf(Keys.Bob)); // nobody is paid credits
        world.AssertConserved();
    }

    [Fact]
    public void Redeem_ConcernsPayerDeviceAndSender()
    {
        ChannelId channel = world.Open(Keys.Alice, 300);

        BlockResult result = world.Run(world.Sign(new RedeemVoucher(Voucher(Keys.Alice, channel, Keys.Sensor, 1, 100)), Keys.Bob));

        Touch[] concerned =
        [
            new(StateKind.Account, Keys.Bob.Address), new(StateKind.Account, Keys.Alice.Address), new(StateKind.Device, Keys.Sensor.Address),
        ];
        Assert.Equal(concerned, result.Touched[^1]);
    }

    [Fact]
    public void Redeem_ByTheDevicesOwnOwner_IsMarkedAsHisOwn()
    {
        ChannelId channel = world.Open(Keys.Bob, 300);

        Assert.Equal(Reason.None, Redeem(Voucher(Keys.Bob, channel, Keys.Sensor, 1, 100)));

        Assert.Equal(100UL, Usage(Keys.Sensor)!.OwnCredits.Units);
    }

    [Fact]
    public void Redeem_InTheNextEpoch_CountsThere()
    {
        ChannelId channel = world.Open(Keys.Alice, 300);
        Assert.Equal(Reason.None, Redeem(Voucher(Keys.Alice, channel, Keys.Sensor, 1, 100)));
        world.NextEpoch();
        Assert.Equal(0UL, LedgerQueries.Service(world.State, 1)!.EpochBurned.Units);

        Assert.Equal(Reason.None, Redeem(Voucher(Keys.Alice, channel, Keys.Sensor, 2, 130)));

        Assert.Equal(30UL, LedgerQueries.Service(world.State, 1)!.EpochBurned.Units);
        Assert.Equal((1UL, 30UL, 130UL), (Usage(Keys.Sensor)!.Epoch, Usage(Keys.Sensor)!.Credits.Units, Usage(Keys.Sensor)!.Total.Units));
    }

    [Fact]
    public void Redeem_OfMoreThanIsLeft_SpendsWhatIsLeft()
    {
        ChannelId channel = world.Open(Keys.Alice, 300);

        Assert.Equal(Reason.None, Redeem(Voucher(Keys.Alice, channel, Keys.Sensor, 1, 250)));
        Assert.Equal(Reason.None, Redeem(Voucher(Keys.Alice, channel, Keys.OtherSensor, 1, 250)));
        Assert.Equal(Reason.ChannelExhausted, Redeem(Voucher(Keys.Alice, channel, Keys.Sensor, 2, 251)));

        Assert.Equal((250UL, 50UL), (Usage(Keys.Sensor)!.Total.Units, Usage(Keys.OtherSensor)!.Total.Units));
        world.AssertConserved();
    }

    [Fact]
    public void Redeem_OfAnOlderOrRepeatedVoucher_IsSkippedWithoutAnyChange()
    {
        ChannelId channel = world.Open(Keys.Alice, 300);
        Assert.Equal(Reason.None, Redeem(Voucher(Keys.Alice, channel, Keys.Sensor, 5, 100)));
        string before = world.State.Dump();

        Assert.Equal(Reason.VoucherSuperseded, Redeem(Voucher(Keys.Alice, channel, Keys.Sensor, 5, 100)));
        Assert.Equal(Reason.VoucherSuperseded, Redeem(Voucher(Keys.Alice, channel, Keys.Sensor, 4, 200)));
        Assert.Equal(Reason.VoucherSuperseded, Redeem(Voucher(Keys.Alice, channel, Keys.Sensor, 6, 100)));

        Assert.Equal(before, world.State.Dump());
    }

    [Fact]
    public void Redeem_OfAVoucherThatIsNotTheirs_IsSkippedWithoutAnyChange()
    {
        ChannelId channel = world.Open(Keys.Alice, 300, Keys.Sensor);
        SignedVoucher good = Voucher(Keys.Alice, channel, Keys.Sensor, 1, 100);
        world.Registered(Keys.Bob, Keys.Of("of service 2"), service: 2);
        string before = world.State.Dump();

        Assert.Equal(Reason.UnknownChannel, Redeem(Voucher(Keys.Alice, new ChannelId(new byte[20]), Keys.Sensor, 1, 100)));
        Assert.Equal(Reason.VoucherNotOfPayer, Redeem(Voucher(Keys.Bob, channel, Keys.Sensor, 1, 100)));
        Assert.Equal(Reason.DeviceNotPayable, Redeem(Voucher(Keys.Alice, channel, Keys.OtherSensor, 1, 100)));
        Assert.Equal(Reason.VoucherNotOfDevice, Redeem(new VoucherOffer(good.Voucher, good.Payer).CountersignedBy(Rotated)));
        Assert.Equal(Reason.UnknownAccount, world.Do(Keys.Carol, new RedeemVoucher(good)));

        Assert.Equal(before, world.State.Dump());
    }

    [Fact]
    public void Redeem_ForADeviceOfAnotherService_IsRefused()
    {
        PrivateKey elsewhere = Keys.Of("of service 2");
        world.Registered(Keys.Bob, elsewhere, service: 2);
        ChannelId channel = world.Open(Keys.Alice, 300);

        Assert.Equal(Reason.DeviceNotPayable, Redeem(Voucher(Keys.Alice, channel, elsewhere, 1, 100)));
        Assert.Equal(Reason.DeviceNotPayable, Redeem(Voucher(Keys.Alice, channel, Keys.Of("unregistered"), 1, 100)));
    }

    [Fact]
    public void Redeem_ForMoreDevicesThanAChannelPays_IsRefused()
    {
        ChannelId channel = world.Open(Keys.Alice, 300);
        PrivateKey[] devices = [.. Enumerable.Range(0, LedgerLimits.ChannelDevicesMax + 1).Select(i => Keys.Of($"of many {i}"))];
        foreach (PrivateKey device in devices)
            world.Registered(Keys.Bob, device);
        foreach (PrivateKey device in devices[1..])
            Assert.Equal(Reason.None, Redeem(Voucher(Keys.Alice, channel, device, 1, 1)));

        Assert.Equal(Reason.ChannelFull, Redeem(Voucher(Keys.Alice, channel, devices[0], 1, 1)));
        Assert.Equal(Reason.None, Redeem(Voucher(Keys.Alice, channel, devices[1], 2, 2)));
    }

    [Fact]
    public void Voucher_BothSignatures_MustVerify()
    {
        ChannelId channel = world.Open(Keys.Alice, 300);
        SignedVoucher good = Voucher(Keys.Alice, channel, Keys.Sensor, 1, 100);
        SignedVoucher raised = good with { Voucher = good.Voucher with { Credits = new Credits(300) } };

        Assert.True(Verifies(new RedeemVoucher(good)));
        Assert.True(Verifies(new DisputeChannel(good, Voucher(Keys.Alice, channel, Keys.Sensor, 1, 120))));
        Assert.False(Verifies(new RedeemVoucher(raised)));
        Assert.False(Verifies(new RedeemVoucher(good with { Device = good.Payer with { PublicKey = good.Device.PublicKey } })));
        Assert.False(Verifies(new DisputeChannel(good, raised)));
    }

    [Fact]
    public void Close_ByThePayer_LeavesTheChallengeWindowAndRefundsByItself()
    {
        ChannelId channel = world.Open(Keys.Alice, 300, Keys.Sensor);
        SignedVoucher voucher = Voucher(Keys.Alice, channel, Keys.Sensor, 1, 100);
        Assert.Equal(Reason.None, world.Do(Keys.Alice, new CloseChannel(channel)));
        Assert.Equal(Reason.ChannelAlreadyClosing, world.Do(Keys.Alice, new CloseChannel(channel)));
        world.NowMs += ChallengeMs - 1;
        Assert.Equal(Reason.None, Redeem(voucher));

        world.NowMs += 1;
        world.Run();

        Assert.Null(world.Channel(channel));
        Assert.Equal(900UL, world.CreditsOf(Keys.Alice));
        world.AssertConserved();
    }

    [Fact]
    public void Close_ByTheOwnerOfTheOnlyDevice_EndsItAtOnce()
    {
        ChannelId channel = world.Open(Keys.Alice, 300, Keys.Sensor);

        Assert.Equal(Reason.None, world.Do(Keys.Bob, new CloseChannel(channel)));

        Assert.Null(world.Channel(channel));
        Assert.Equal(1_000UL, world.CreditsOf(Keys.Alice));
    }

    [Fact]
    public void Close_ByAStranger_IsRefused()
    {
        ChannelId channel = world.Open(Keys.Alice, 300);

        Assert.Equal(Reason.NotAPartyOfChannel, world.Do(Keys.Bob, new CloseChannel(channel))); // an owner of some device of the service
        Assert.Equal(Reason.UnknownChannel, world.Do(Keys.Alice, new CloseChannel(new ChannelId(new byte[20]))));
        Assert.Equal(Reason.UnknownAccount, world.Do(Keys.Carol, new CloseChannel(channel)));
    }

    [Fact]
    public void Expiry_EndsRedeeming_AndThePayerNeedNotWaitForTheQueue()
    {
        ChannelId first = world.Open(Keys.Alice, 300, lifeMs: 1_000);
        ChannelId second = world.Open(Keys.Alice, 300, lifeMs: 1_000);
        world.NowMs += 1_000;

        Assert.Equal(Reason.ChannelEnded, Redeem(Voucher(Keys.Alice, first, Keys.Sensor, 1, 100)));
        Assert.Equal(Reason.None, world.Do(Keys.Alice, new CloseChannel(first)));
        Assert.Equal(700UL, world.CreditsOf(Keys.Alice));

        world.NowMs += LifetimeMaxMs - 1_000;
        world.Run();
        Assert.Null(world.Channel(second));
        Assert.Equal(1_000UL, world.CreditsOf(Keys.Alice));
        world.AssertConserved();
    }

    [Fact]
    public void Close_ShortBeforeTheExpiry_DoesNotProlongIt()
    {
        ChannelId channel = world.Open(Keys.Alice, 300, lifeMs: 1_000);
        Assert.Equal(Reason.None, world.Do(Keys.Alice, new CloseChannel(channel)));
        world.NowMs += 1_000;

        Assert.Equal(Reason.ChannelEnded, Redeem(Voucher(Keys.Alice, channel, Keys.Sensor, 1, 100)));
    }

    [Fact]
    public void Dispute_WithAHigherVoucher_RedeemsItAndStartsTheWindowAgainOnce()
    {
        ChannelId channel = world.Open(Keys.Alice, 300);
        Assert.Equal(Reason.None, world.Do(Keys.Alice, new CloseChannel(channel)));
        world.NowMs += ChallengeMs - 1;

        Assert.Equal(Reason.None, Dispute(Voucher(Keys.Alice, channel, Keys.Sensor, 1, 100)));
        Assert.Equal(Reason.ChannelAlreadyDisputed, Dispute(Voucher(Keys.Alice, channel, Keys.Sensor, 2, 110)));
        world.NowMs += ChallengeMs - 1;
        Assert.Equal(Reason.None, Redeem(Voucher(Keys.Alice, channel, Keys.OtherSensor, 1, 30)));
        world.NowMs += 1;
        world.Run();

        Assert.Null(world.Channel(channel));
        Assert.Equal(870UL, world.CreditsOf(Keys.Alice));
        world.AssertConserved();
    }

    [Fact]
    public void Dispute_OfAnOpenChannelWithoutContradiction_IsNone()
    {
        ChannelId channel = world.Open(Keys.Alice, 300);

        Assert.Equal(Reason.NothingToDispute, Dispute(Voucher(Keys.Alice, channel, Keys.Sensor, 1, 100)));
        Assert.Equal(Reason.UnknownAccount, world.Do(Keys.Carol, new DisputeChannel(Voucher(Keys.Alice, channel, Keys.Sensor, 1, 100))));
        Assert.Equal(Reason.UnknownChannel, Dispute(Voucher(Keys.Alice, new ChannelId(new byte[20]), Keys.Sensor, 1, 100)));
        Assert.Equal(Reason.VoucherNotOfPayer, Dispute(Voucher(Keys.Bob, channel, Keys.Sensor, 1, 100)));
    }

    [Theory]
    [InlineData(1, 100, 1, 120, 120)] // one nonce, two amounts: the higher amount
    [InlineData(1, 100, 1, 100, 100)] // one nonce, two receipts
    [InlineData(1, 120, 2, 100, 100)] // fewer credits later: the highest nonce counts
    [InlineData(2, 100, 1, 120, 100)]
    public void Dispute_WithAContradiction_SpendsTheHighestAndBarsTheDevice(
        ulong nonce, ulong credits, ulong otherNonce, ulong otherCredits, ulong spent)
    {
        ChannelId channel = world.Open(Keys.Alice, 300);

        Reason reason = Dispute(
            Voucher(Keys.Alice, channel, Keys.Sensor, nonce, credits), Voucher(Keys.Alice, channel, Keys.Sensor, otherNonce, otherCredits, "other"));

        Assert.Equal(Reason.None, reason);
        Assert.Equal(300 - spent, world.Channel(channel)!.Left.Units);
        Assert.True(world.Channel(channel)!.Closing);
        Assert.Null(Usage(Keys.Sensor)); // it earns nothing
        Assert.Equal(0UL, LedgerQueries.Service(world.State, 1)!.EpochBurned.Units);
        Assert.Equal(Reason.DeviceBarred, Redeem(Voucher(Keys.Alice, channel, Keys.Sensor, 9, 200)));
        Assert.Equal(Reason.None, Redeem(Voucher(Keys.Alice, channel, Keys.OtherSensor, 1, 20)));
        world.AssertConserved();
    }

    [Fact]
    public void Dispute_AfterTheEnd_ComesTooLate()
    {
        ChannelId channel = world.Open(Keys.Alice, 300, lifeMs: 1_000);
        world.NowMs += 1_000;

        Assert.Equal(Reason.ChannelEnded, Dispute(Voucher(Keys.Alice, channel, Keys.Sensor, 1, 100)));
    }

    [Fact]
    public void Dispute_WithVouchersThatCanBothBeHonest_IsRefused()
    {
        ChannelId channel = new(new byte[20]);
        SignedVoucher first = Voucher(Keys.Alice, channel, Keys.Sensor, 1, 100);
        SignedVoucher[] compatible =
        [
            first,
            Voucher(Keys.Alice, channel, Keys.Sensor, 2, 100),
            Voucher(Keys.Alice, channel, Keys.Sensor, 2, 120),
            Voucher(Keys.Alice, channel, Keys.OtherSensor, 1, 120),
            Voucher(Keys.Alice, new ChannelId([.. Enumerable.Repeat((byte)1, 20)]), Keys.Sensor, 1, 120),
        ];
        foreach (SignedVoucher second in compatible)
        {
            Body body = new(Keys.Alice.Address, 1, world.NowMs, new DisputeChannel(first, second));
            byte[] encoded = TransactionBuilder.Sign(world.Genesis.ChainId, body, Keys.Alice);
            Assert.Equal(Reason.VouchersDoNotContradict, Transaction.TryDecode(encoded, world.Genesis.ChainId, out _));
        }
    }

    [Fact]
    public void OpeningFee_PaidByAnAccount_CountsAsDemand()
    {
        System.Text.Json.Nodes.JsonObject json = CreditWorlds.Json();
        json["parameters"]!["feeDemand"] = 10;
        World paid = new(json);

        paid.Open(Keys.Alice, 300);

        Assert.Equal(10UL, LedgerQueries.Service(paid.State, 1)!.EpochBurned.Units);
        paid.AssertConserved();
    }

    [Fact]
    public void DueChannels_TouchNobodysTransaction()
    {
        world.Open(Keys.Alice, 1);
        world.NowMs += LifetimeMaxMs;

        BlockResult result = world.Run(world.Transfer(Keys.Bob, Keys.Carol, 1));

        Assert.DoesNotContain(new Touch(StateKind.Account, Keys.Alice.Address), result.Touched.SelectMany(touched => touched));
    }

    private Reason Redeem(SignedVoucher voucher) => world.Do(Keys.Bob, new RedeemVoucher(voucher));

    private Reason Dispute(SignedVoucher voucher, SignedVoucher? contradiction = null) =>
        world.Do(Keys.Bob, new DisputeChannel(voucher, contradiction));

    private DeviceUsage? Usage(PrivateKey device) => LedgerQueries.Usage(world.State, device.Address, 1);

    private bool Verifies(Message message)
    {
        List<SignatureCheck> checks = [];
        world.Sign(message, Keys.Bob).CollectSignatures(checks);
        Assert.True(checks.Count >= 3);
        return checks.TrueForAll(check => SignatureVerifier.Verify(check));
    }
}
