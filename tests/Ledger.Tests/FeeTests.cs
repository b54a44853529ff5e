using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

/// <summary>Who pays for a transaction, what it costs, and what happens when nobody can.</summary>
public class FeeTests
{
    private const ulong Quota = 20;

    [Fact]
    public void Fee_IsThatOfTheClassAndOneCreditPerStartedSpanOfBytes()
    {
        World world = Paid();
        Transaction transfer = world.Transfer(Keys.Alice, Keys.Bob, 1);

        Assert.Equal(10UL + (ulong)(transfer.Encoded.Length + 99) / 100, Fee.Of(ParametersRecord.Get(world.State), transfer).Units);
    }

    [Fact]
    public void Transfer_IsPaidBySignerAndSpentForGood()
    {
        World world = Paid();
        Transaction transfer = world.Transfer(Keys.Alice, Keys.Bob, 1);
        ulong before = CreditsOf(world, Keys.Alice);

        Assert.Equal(Reason.None, world.RunOne(transfer).Reason);

        ulong fee = before - CreditsOf(world, Keys.Alice);
        Assert.Equal(Fee.Of(ParametersRecord.Get(world.State), transfer).Units, fee);
        Assert.Equal(fee, LedgerQueries.Supply(world.State).Supply.CreditsSpent.Units);
        world.AssertConserved();
    }

    [Fact]
    public void Transfer_WithoutCredits_IsSkippedWithoutAnyChange()
    {
        World world = Paid();
        string before = world.State.Dump();

        Assert.Equal(Reason.InsufficientCredits, world.RunOne(world.Transfer(Keys.Bob, Keys.Alice, 1)).Reason);

        Assert.Equal(before, world.State.Dump());
    }

    [Fact]
    public void FailedTransfer_HasCostItsFee()
    {
        World world = Paid();
        ulong before = CreditsOf(world, Keys.Alice);

        Assert.Equal(Reason.InsufficientBalance, world.RunOne(world.Transfer(Keys.Alice, Keys.Bob, 2_000_000)).Reason);

        Assert.True(CreditsOf(world, Keys.Alice) < before);
    }

    [Fact]
    public void FeePayer_WhoSignsLast_PaysForTheSigner()
    {
        World world = Paid();
        ulong before = CreditsOf(world, Keys.Alice);
        Body body = new(Keys.Bob.Address, 1, world.NowMs + 1_000, new Transfer(Keys.Alice.Address, new Amount(1)), Keys.Alice.Address);

        Assert.Equal(Reason.None, world.RunOne(world.Sign(body, Keys.Bob, Keys.Alice)).Reason);

        Assert.True(CreditsOf(world, Keys.Alice) < before);
        Assert.Equal(0UL, CreditsOf(world, Keys.Bob));
        world.AssertConserved();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FeePayer_WhoIsTheSignerOrDidNotSign_IsRefused(bool signer)
    {
        World world = Paid();
        PrivateKey payer = signer ? Keys.Bob : Keys.Alice;
        Body body = new(Keys.Bob.Address, 1, world.NowMs + 1_000, new Transfer(Keys.Alice.Address, new Amount(1)), payer.Address);
        byte[] encoded = TransactionBuilder.Sign(world.Genesis.ChainId, body, Keys.Bob, signer ? Keys.Bob : Keys.Carol);

        Assert.Equal(Reason.FeePayerMismatch, Transaction.TryDecode(encoded, world.Genesis.ChainId, out _));
    }

    [Fact]
    public void Device_ThatOwnsNothing_RegistersAndProvesAtTheSponsorsCost()
    {
        World world = Sponsored();
        ulong before = Pool(world).Credits.Units;

        world.Registered(Keys.Carol, Keys.Sensor);
        Assert.Equal(Reason.None, world.RunOne(world.Proof(Keys.Sensor, 10_000)).EffectiveReason);

        Assert.Equal(before - Pool(world).Credits.Units, Pool(world).Spent.Units);
        Assert.Equal(0UL, CreditsOf(world, Keys.Carol));
        world.AssertConserved();
    }

    [Fact]
    public void Device_BeyondItsQuota_IsSkippedUntilTheNextEpoch()
    {
        World world = Sponsored();
        world.Registered(Keys.Carol, Keys.Sensor);
        List<Reason> reasons = [];
        for (int i = 0; i < 12; i++, world.NowMs += 100)
            reasons.Add(world.RunOne(world.Proof(Keys.Sensor, 10_000 + i)).Reason);
        ulong each = Pool(world).Spent.Units;

        Assert.Equal(Reason.None, reasons[0]);
        Assert.Equal(Reason.SponsorQuotaExceeded, reasons[^1]);
        Assert.True(world.Work(Keys.Sensor).Sponsored.Units <= Quota);
        world.NextEpoch();
        Assert.Equal(Reason.None, world.RunOne(world.Proof(Keys.Sensor, 10_000)).Reason);
        Assert.True(Pool(world).Spent.Units > each);
    }

    [Fact]
    public void Device_ProofForAServiceItDoesNotServe_IsNotPaidByThatServicesSponsor()
    {
        World world = Sponsored();
        world.Registered(Keys.Carol, Keys.Sensor, service: 2);

        Assert.Equal(Reason.InsufficientCredits, world.RunOne(world.Proof(Keys.Sensor, 10_000, service: 1)).Reason);
    }

    [Fact]
    public void Sponsor_ThatIsEmpty_PaysNothing()
    {
        World world = Sponsored(credits: 2);

        Assert.Equal(Reason.SponsorEmpty, world.RunOne(world.Register(Keys.Carol, Keys.Sensor)).Reason);
    }

    [Fact]
    public void FundSponsor_MovesCreditsOfTheSigner()
    {
        World world = Sponsored(credits: 2);
        ulong before = CreditsOf(world, Keys.Alice);

        Assert.Equal(Reason.None, world.RunOne(world.Sign(new FundSponsor(1, new Credits(50)), Keys.Alice)).Reason);
        Assert.Equal(Reason.None, world.RunOne(world.Sign(new FundSponsor(2, new Credits(5)), Keys.Alice)).Reason);
        Assert.Equal(Reason.TooFewCredits, world.RunOne(world.Sign(new FundSponsor(1, new Credits(before)), Keys.Alice)).Reason);
        Assert.Equal(Reason.UnknownService, world.RunOne(world.Sign(new FundSponsor(9, new Credits(1)), Keys.Alice)).Reason);

        Assert.Equal(52UL, Pool(world).Credits.Units);
        world.AssertConserved();
    }

    [Fact]
    public void FundSponsor_OfAServiceWithoutOne_OpensItWithTheChainsQuota()
    {
        World world = Paid();

        Assert.Equal(Reason.None, world.RunOne(world.Sign(new FundSponsor(2, new Credits(5)), Keys.Alice)).Reason);

        Assert.Equal(ParametersRecord.Default[Parameter.SponsorQuota], SponsorRecord.Find(world.State, 2)!.QuotaPerEpoch.Units);
    }

    [Fact]
    public void Block_WithMoreOfAClassThanItHasRoomFor_SkipsTheRest()
    {
        JsonObject json = TestGenesis.Json();
        json["parameters"]!["blockTokens"] = 2;
        World world = new(json);
        Transaction third = world.Transfer(Keys.Alice, Keys.Bob, 3);
        Transaction[] transactions = [world.Transfer(Keys.Alice, Keys.Bob, 1), world.Transfer(Keys.Alice, Keys.Bob, 2), third];

        BlockResult result = world.Run([.. transactions, world.Register(Keys.Alice, Keys.Sensor)]);

        Assert.Equal([Reason.None, Reason.None, Reason.BlockFull, Reason.None], result.Receipts.Select(receipt => receipt.Reason));
        Assert.Equal(Reason.None, world.RunOne(third).Reason); // nothing of it was used up
    }

    private static SponsorRecord Pool(World world) => SponsorRecord.Find(world.State, 1)!;

    private static ulong CreditsOf(World world, PrivateKey key) => LedgerQueries.Account(world.State, key.Address).Credits.Units;

    private static World Paid() => new(PaidGenesis());

    private static World Sponsored(ulong credits = 1_000)
    {
        JsonObject json = PaidGenesis();
        json["services"]![0]!["sponsor"] = new JsonObject { ["credits"] = credits, ["quotaPerEpoch"] = Quota };
        json["services"]![1]!["sponsor"] = new JsonObject { ["credits"] = 100, ["quotaPerEpoch"] = Quota };
        return new World(json);
    }

    private static JsonObject PaidGenesis()
    {
        JsonObject json = TestGenesis.Json();
        json["parameters"]!["feeTokens"] = 10;
        json["parameters"]!["feeIdentity"] = 5;
        json["parameters"]!["feeBytesPerCredit"] = 100;
        json["accounts"]![0]!["credits"] = 500;
        return json;
    }
}
