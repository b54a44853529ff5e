using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger;

public class RewardTests
{
    private const ulong Reward = TestGenesis.RewardPerEpoch;
    private readonly World world = new();

    [Fact]
    public void Mint_BeforeTheEpochsEnd_IsNotDue()
    {
        world.NowMs = TestGenesis.TimeMs + TestGenesis.EpochMs - 1;

        Assert.Null(Executor.MintDue(world.State, world.NowMs));
        Assert.Null(Executor.MintDue(world.State, TestGenesis.TimeMs - 1));
    }

    [Fact]
    public void Mint_OneService_SplitsBetweenTreasuryAndPool()
    {
        WorkInEpoch0();
        world.NowMs = TestGenesis.TimeMs + TestGenesis.EpochMs;

        MintRewards? mint = Executor.MintDue(world.State, world.NowMs);

        Amount treasury = new(Reward / 10);
        PoolShares shares = new(new Amount(Reward) - treasury, SensorReading.UnitsPerReading, Amount.Zero, Amount.Zero);
        Assert.Equal(new MintRewards(0, treasury, new PoolMint(1, shares) { Weight = 1, Floor = shares.Coverage, Share = shares.Coverage }) { Scheduled = new Amount(Reward), FloorPpm = 1_000_000 }, mint);
    }

    [Fact]
    public void Mint_TwoServices_SplitsByWeightAndTheRemainderGoesToTheTreasury()
    {
        world.Registered(Keys.Alice, Keys.Sensor);
        world.Registered(Keys.Bob, Keys.OtherSensor, service: 2);
        world.RunOne(world.Proof(Keys.Sensor, 1));
        world.RunOne(world.Proof(Keys.OtherSensor, 1, service: 2));
        world.NowMs = TestGenesis.TimeMs + TestGenesis.EpochMs;

        MintRewards mint = Executor.MintDue(world.State, world.NowMs)!;

        ulong forServices = Reward - Reward / 10;
        Assert.Equal([forServices / 3, forServices * 2 / 3], mint.Pools.Select(pool => pool.Shares.Coverage.Grains));
        Assert.Equal(Reward - forServices / 3 - forServices * 2 / 3, mint.Treasury.Grains);
    }

    [Fact]
    public void Mint_NobodyWorked_MintsNothingAndOpensTheNextEpoch()
    {
        world.NextEpoch();

        SupplyView supply = LedgerQueries.Supply(world.State);
        Assert.Equal((0UL, 1UL, 1UL), (supply.Supply.Minted.Grains, supply.Epochs.Open, supply.Epochs.Minted));
        Assert.Equal(Amount.Zero, supply.Treasury);
    }

    [Fact]
    public void Mint_AfterManyEpochsWithoutBlocks_MintsOnceAndSkipsThem()
    {
        WorkInEpoch0();
        world.NowMs = TestGenesis.TimeMs + 57 * TestGenesis.EpochMs + 3;
        world.Run();

        SupplyView supply = LedgerQueries.Supply(world.State);
        Assert.Equal((Reward, 57UL, 1UL), (supply.Supply.Minted.Grains, supply.Epochs.Open, supply.Epochs.Minted));
        Assert.Null(Executor.MintDue(world.State, world.NowMs));
        world.AssertConserved();
    }

    [Fact]
    public void Mint_ReceiptComesFirst_AndTransactionsAfterItCountInTheNewEpoch()
    {
        WorkInEpoch0();
        world.NowMs = TestGenesis.TimeMs + TestGenesis.EpochMs;
        MintRewards mint = Executor.MintDue(world.State, world.NowMs)!;

        BlockResult result = world.Run(world.Proof(Keys.Sensor, 2_000));

        Assert.Equal(Transaction.IdOf(world.Genesis.ChainId, mint.EncodeBody()), result.Receipts[0].TransactionId);
        Assert.Equal(1UL, result.Receipts[1].Verdict!.Value.Epoch);
        Assert.Equal(SensorReading.UnitsPerReading, LedgerQueries.Service(world.State, 1)!.EpochUnits);
    }

    [Fact]
    public void Block_WithoutTheDueMint_IsInvalid()
    {
        world.NowMs = TestGenesis.TimeMs + TestGenesis.EpochMs;
        AssertInvalid(Reason.MintMissing, default);
    }

    [Fact]
    public void Block_WithAMintThatIsNotDue_IsInvalid() =>
        AssertInvalid(Reason.MintNotDue, new MintRewards(0, Amount.Zero).EncodeBody());

    [Fact]
    public void Block_WithAnotherMint_IsInvalid()
    {
        WorkInEpoch0();
        world.NowMs = TestGenesis.TimeMs + TestGenesis.EpochMs;
        MintRewards mint = Executor.MintDue(world.State, world.NowMs)!;
        PoolMint pool = mint.Pools[0];

        AssertInvalid(Reason.MintDiffers, new MintRewards(0, mint.Treasury + new Amount(1), mint.Pools).EncodeBody());
        AssertInvalid(Reason.MintDiffers, new MintRewards(1, mint.Treasury, mint.Pools).EncodeBody());
        AssertInvalid(Reason.MintDiffers, new MintRewards(0, mint.Treasury).EncodeBody());
        AssertInvalid(Reason.MintDiffers, new MintRewards(0, mint.Treasury, pool with { Shares = pool.Shares with { Units = pool.Shares.Units - 1 } }).EncodeBody());
        AssertInvalid(Reason.MintDiffers, new byte[] { 0xFF });
        AssertInvalid(Reason.MintDiffers, (byte[])[.. mint.EncodeBody(), 0]);
    }

    [Fact]
    public void Settlement_NextTouch_PaysTheOwnerWhatQueriesShowed()
    {
        WorkInEpoch0();
        Assert.Equal(Amount.Zero, world.Device(Keys.Sensor).Unsettled.Single()); // its epoch is open
        world.NextEpoch();

        Amount earned = new(Reward - Reward / 10);
        ulong before = world.Balance(Keys.Alice);
        Assert.Equal(earned, world.Device(Keys.Sensor).Unsettled.Single());

        world.RunOne(world.Proof(Keys.Sensor, 2_000));

        Enrollment work = world.Work(Keys.Sensor);
        Assert.Equal(before + earned.Grains, world.Balance(Keys.Alice));
        Assert.Equal((earned, Amount.Zero), (work.Settled, world.Device(Keys.Sensor).Unsettled.Single()));
        Assert.Equal((1UL, SensorReading.UnitsPerReading), (work.UnitsEpoch, work.Units));
        Assert.Null(PoolRecord.Find(world.State, 1, 0));
        world.AssertConserved();
    }

    [Fact]
    public void Settlement_RejectedProof_SettlesToo()
    {
        WorkInEpoch0();
        world.NextEpoch();

        world.RunOne(world.Proof(Keys.Sensor, 999_999));

        Assert.NotEqual(Amount.Zero, world.Work(Keys.Sensor).Settled);
        Assert.Null(PoolRecord.Find(world.State, 1, 0));
    }

    [Fact]
    public void Settlement_ManyDevices_AddsUpToThePoolAndTheRemainderGoesToTheTreasury()
    {
        PrivateKey[] sensors = [.. Enumerable.Range(0, 7).Select(i => Keys.Of($"sensor {i}"))];
        foreach (PrivateKey sensor in sensors)
            world.RunOne(world.Register(Keys.Alice, sensor));
        for (int round = 0; round < sensors.Length; round++)
        {
            world.NowMs += 200;
            world.Run([.. sensors.Skip(round).Select(sensor => world.Proof(sensor, 1_000 + round))]);
        }
        world.NextEpoch();
        PoolRecord pool = PoolRecord.Find(world.State, 1, 0)!;
        Assert.Equal(28 * SensorReading.UnitsPerReading, pool.Shares.Units);
        ulong treasury = LedgerQueries.Supply(world.State).Treasury.Grains;
        ulong alice = world.Balance(Keys.Alice);

        ulong paid = 0;
        for (int i = 0; i < sensors.Length; i++)
        {
            Amount expected = new(pool.Shares.Coverage.Grains * (ulong)(i + 1) / 28);
            Assert.Equal(expected, world.Device(sensors[i]).Unsettled.Single());
            world.RunOne(world.Proof(sensors[i], 1_000));
            paid += expected.Grains;
            world.AssertConserved();
        }

        Assert.True(paid < pool.Shares.Coverage.Grains, "the case has a remainder");
        Assert.Equal(alice + paid, world.Balance(Keys.Alice));
        Assert.Equal(treasury + pool.Shares.Coverage.Grains - paid, LedgerQueries.Supply(world.State).Treasury.Grains);
        Assert.Null(PoolRecord.Find(world.State, 1, 0));
    }

    [Fact]
    public void Settlement_PoolMintedAndSettledInOneBlock_LeavesNoChangeForIt()
    {
        WorkInEpoch0();
        world.NowMs = TestGenesis.TimeMs + TestGenesis.EpochMs;

        BlockResult result = world.Run(world.Proof(Keys.Sensor, 2_000));

        Assert.DoesNotContain(result.Changes, change => change.Key.Span[0] == (byte)StateKind.Pool);
        world.AssertConserved();
    }

    [Fact]
    public void Schedule_HalvesAndEnds()
    {
        Assert.Equal([Reward, Reward, Reward / 2, Reward / 4, 0UL], new ulong[] { 0, 99, 100, 200, 6_400 }.Select(MintedInEpoch));
    }

    [Fact]
    public void Schedule_NeverExceedsTheSupplysCap()
    {
        var json = TestGenesis.Json();
        json["parameters"]!["supplyMax"] = 1_000_500 + (3 * Amount.GrainsPerToken) + Reward + 5; // 3 tokens are the validators' stake
        World capped = new(json);
        capped.Registered(Keys.Alice, Keys.Sensor);
        for (int i = 0; i < 3; i++)
        {
            capped.RunOne(capped.Proof(Keys.Sensor, 1_000 + i));
            capped.NextEpoch();
        }

        Assert.Equal(Reward + 5, LedgerQueries.Supply(capped.State).Supply.Minted.Grains);
        capped.AssertConserved();
    }

    private ulong MintedInEpoch(ulong epoch)
    {
        World fresh = new();
        fresh.NowMs = TestGenesis.TimeMs + epoch * TestGenesis.EpochMs + 1;
        fresh.Registered(Keys.Alice, Keys.Sensor);
        Assert.Equal(Reason.None, fresh.RunOne(fresh.Proof(Keys.Sensor, 1_000)).EffectiveReason);
        fresh.NextEpoch();
        return LedgerQueries.Supply(fresh.State).Supply.Minted.Grains;
    }

    private void WorkInEpoch0()
    {
        world.Registered(Keys.Alice, Keys.Sensor);
        Assert.Equal(Reason.None, world.RunOne(world.Proof(Keys.Sensor, 1_000)).EffectiveReason);
    }

    private void AssertInvalid(Reason expected, ReadOnlyMemory<byte> mint)
    {
        BlockResult result = Executor.Execute(world.State, world.Context, mint, [world.Transfer(Keys.Alice, Keys.Bob, 1)]);

        Assert.Equal((expected, false), (result.Reason, result.IsValid));
        Assert.Empty(result.Changes);
        Assert.Empty(result.Receipts);
    }
}
