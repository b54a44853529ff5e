using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Agreements;

public class DataTransferTests
{
    private const uint Service = 3;

    private readonly World world = new(Json());
    private readonly ChannelId channel;

    public DataTransferTests()
    {
        world.Registered(Keys.Alice, Keys.Sensor, Service);
        Transaction opening = world.Sign(new OpenChannel(Service, new Credits(500), Keys.Sensor.Address, world.NowMs + CreditWorlds.LifetimeMaxMs), Keys.Bob);
        Assert.Equal(Reason.None, world.RunOne(opening).Reason);
        channel = ChannelId.OpenedBy(opening.Id);
    }

    [Fact]
    public void Redemption_EarnsAUnitForEachCreditThatItSpends()
    {
        Receipt first = Redeem(1, 120), second = Redeem(2, 200);

        Assert.Equal(new Verdict(Reason.None, 120, 0, Service), first.Verdict!.Value);
        Assert.Equal(80UL, second.Verdict!.Value.Units); // what is new in it
        Assert.Equal(200UL, world.Work(Keys.Sensor, Service).Units);
        Assert.Equal(200UL, LedgerQueries.Service(world.State, Service)!.EpochUnits);
        Assert.Equal(200UL, LedgerQueries.Usage(world.State, Keys.Sensor.Address, Service)!.Total.Units);
        EpochWork told = default;
        told = told.With(first.TransactionId, first.Verdict.Value).With(second.TransactionId, second.Verdict.Value);
        Assert.Equal(told, world.Work(Keys.Sensor, Service).Work); // so explain can tell them
    }

    [Fact]
    public void Redemption_BeyondTheChannel_EarnsWhatWasLeft() => Assert.Equal(500UL, Redeem(1, 9_000).Verdict!.Value.Units);

    [Fact]
    public void Dispute_ByAHigherVoucher_Earns_AndByAContradiction_DoesNot()
    {
        Assert.Equal(Reason.None, world.Do(Keys.Bob, new CloseChannel(channel)));
        Receipt higher = world.RunOne(world.Sign(new DisputeChannel(Voucher(3, 50), null), Keys.Alice));
        Assert.Equal(50UL, higher.Verdict!.Value.Units);

        DataTransferTests other = new();
        Receipt contradiction = other.world.RunOne(other.world.Sign(new DisputeChannel(other.Voucher(3, 50), other.Voucher(3, 60)), Keys.Alice));
        Assert.Equal((Reason.None, null), (contradiction.Reason, contradiction.Verdict));
        Assert.Equal(0UL, other.world.Work(Keys.Sensor, Service).Units);
    }

    [Fact]
    public void Redemption_InAServiceOfAnotherKind_EarnsNoUnits()
    {
        world.Registered(Keys.Alice, Keys.OtherSensor);
        ChannelId air = world.Open(Keys.Bob, 100);

        Receipt receipt = world.RunOne(world.Sign(new RedeemVoucher(CreditWorlds.Voucher(Keys.Bob, air, Keys.OtherSensor, 1, 10)), Keys.Alice));

        Assert.Equal((Reason.None, null), (receipt.Reason, receipt.Verdict));
        Assert.Equal(0UL, world.Work(Keys.OtherSensor).Units);
    }

    [Fact]
    public void DeviceThatLeaves_IsPaid_AndEarnsNoUnits()
    {
        Assert.Equal(Reason.None, world.Do(Keys.Alice, new WithdrawDevice(Keys.Sensor.Address, Service)));

        Assert.Null(Redeem(1, 100).Verdict);
        Assert.Equal(100UL, LedgerQueries.Usage(world.State, Keys.Sensor.Address, Service)!.Total.Units);
    }

    [Fact]
    public void Proof_IsRefused_ForVouchersAreTheProof()
    {
        Receipt receipt = world.RunOne(world.Proof(Keys.Sensor, 1, service: Service));

        Assert.Equal(Reason.ProvenByVouchers, receipt.EffectiveReason);
    }

    private SignedVoucher Voucher(ulong nonce, ulong credits) => CreditWorlds.Voucher(Keys.Bob, channel, Keys.Sensor, nonce, credits);

    private Receipt Redeem(ulong nonce, ulong credits)
    {
        Receipt receipt = world.RunOne(world.Sign(new RedeemVoucher(Voucher(nonce, credits)), Keys.Alice));
        Assert.Equal(Reason.None, receipt.Reason);
        world.AssertConserved();
        return receipt;
    }

    private static JsonObject Json()
    {
        JsonObject json = CreditWorlds.Json();
        json["services"]!.AsArray().Add(new JsonObject
        {
            ["id"] = Service,
            ["name"] = "relay",
            ["kind"] = "data-transfer",
            ["rewardWeight"] = 1,
            ["manufacturers"] = new JsonArray(AddressText.Format(Keys.Maker.Address, AddressKind.Account)),
            ["intervalMinMs"] = 1,
            ["maxAgeMs"] = 60_000,
            ["driftMs"] = 100,
            ["constancyMax"] = 1,
        });
        return json;
    }
}
