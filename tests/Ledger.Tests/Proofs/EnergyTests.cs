using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.Proofs.CoverageWorld;
using static AppChain.Tests.Ledger.Proofs.EnergyWorld;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>Energy: what a register may say, and what a feeder confirms.</summary>
public class EnergyTests
{
    private readonly EnergyWorld energy = new();

    private World World => energy.World;

    [Fact]
    public void Feeder_ThatBalances_PaysPanelsByTheWattHour()
    {
        energy.Build();
        Dictionary<Address, Receipt> sent = energy.ReadAll();
        Assert.All(sent.Values, receipt => Assert.Equal(Reason.AwaitsGroup, receipt.EffectiveReason));

        BlockResult block = energy.Close();

        Assert.All(sent, pair =>
        {
            bool isRoof = Enumerable.Range(0, Roofs).Any(i => Roof(i).Address == pair.Key);
            Verdict verdict = FinalOf(block, pair.Value);
            Assert.Equal((Reason.None, ReadingUnits + (isRoof ? 1_000_000UL : 0)), (verdict.Reason, verdict.Units));
        });
        Assert.Equal((7 * ReadingUnits) + 4_000_000, LedgerQueries.Service(World.State, EnergyWorld.Service)!.EpochUnits);
        Assert.Equal(1_000UL, energy.Record(Roof(0)).LeftIn(Noon));
        Assert.True(energy.Record(Roof(0)).UsualPpm > 0);
        Assert.All(Street(), meter => Assert.Empty(energy.Record(meter).Waiting));
        World.AssertConserved();
    }

    [Fact]
    public void Feeder_WithAnInflatedMeter_PaysAllOthers()
    {
        energy.Build();
        energy.ReadAll();
        energy.Close(); // now it is known what is usual
        Dictionary<Address, Receipt> sent = energy.ReadAll(firstRoof: 1_900);

        BlockResult block = energy.Close();

        Assert.Equal((Reason.MeterInflated, 0UL), (FinalOf(block, sent[Roof(0).Address]).Reason, FinalOf(block, sent[Roof(0).Address]).Units));
        Assert.All(sent.Where(pair => pair.Key != Roof(0).Address), pair => Assert.Equal(Reason.None, FinalOf(block, pair.Value).Reason));
        Assert.Equal(0UL, energy.Record(Roof(0)).LeftIn(Noon + Hour));
        Assert.Equal(1_000UL, energy.Record(Roof(1)).LeftIn(Noon + Hour));
    }

    [Fact]
    public void Feeder_ThatDoesNotBalanceBeforeAnythingIsUsual_PaysNoPanels()
    {
        energy.Build();
        Dictionary<Address, Receipt> sent = energy.ReadAll(firstRoof: 1_900);

        BlockResult block = energy.Close();

        Assert.Equal(Reason.FeederUnbalanced, FinalOf(block, sent[Roof(1).Address]).Reason);
        Assert.Equal(ReadingUnits, FinalOf(block, sent[Home(0).Address]).Units);
    }

    [Fact]
    public void Feeder_WithoutItsOwnMeter_ConfirmsNothing()
    {
        energy.Build();
        energy.NextHour();
        ulong ended = World.NowMs;
        Receipt roof = energy.Read(Roof(0), 1_000);

        Assert.Equal(Reason.FeederSilent, FinalOf(energy.Close(), roof).Reason);
        Assert.Equal(Reason.IntervalClosed, energy.Read(Feeder, 0, observedMs: ended).EffectiveReason);
    }

    [Fact]
    public void Reading_AtTheWrongTimeOrOfTheWrongForm_ChangesNothing()
    {
        energy.Build();
        energy.NextHour();
        ulong now = World.NowMs;
        MeterRecord before = energy.Record(Roof(0));

        Assert.Equal(Reason.IntervalMisaligned, energy.Send(Roof(0), 2_000, observedMs: now - 1_000).EffectiveReason);
        Assert.Equal(Reason.IntervalMisaligned, energy.Send(Roof(0), 2_000, observedMs: now - 1).EffectiveReason);
        Assert.Equal(Reason.FromTheFuture, energy.Send(Roof(0), 2_000, observedMs: now + (Hour * 1_000)).EffectiveReason);
        Assert.Equal(Reason.TooOld, energy.Send(Roof(0), 2_000, observedMs: now - (5 * Hour * 1_000)).EffectiveReason);
        Assert.Equal(Reason.ExportOfNoFeeder, energy.Send(Roof(0), 2_000, exported: 1).EffectiveReason);
        Assert.Equal(Reason.RegisterFell, energy.Send(Roof(0), 999).EffectiveReason);
        Assert.Equal(Reason.IntervalUsed, energy.Send(Roof(0), 2_000, observedMs: now - (Hour * 1_000)).EffectiveReason);

        Assert.Equal(before, energy.Record(Roof(0)));
        Assert.Equal(Reason.AwaitsGroup, energy.Read(Roof(0), 1_000).EffectiveReason);
        Assert.Equal(Reason.IntervalUsed, energy.Send(Roof(0), 2_000).EffectiveReason);
    }

    [Fact]
    public void Reading_ThatCannotBe_EarnsNothingAndMovesTheRegister()
    {
        energy.Build();
        energy.NextHour();
        Assert.Equal(Reason.BeyondClearSky, energy.Read(Roof(0), 3_900).EffectiveReason);
        Assert.Equal(Reason.TooMuchPower, energy.Read(Home(0), 10_201).EffectiveReason);
        Assert.Equal(Reason.TooMuchPower, energy.Read(Feeder, 0, exported: 102_001).EffectiveReason);
        energy.NextHour();
        energy.NextHour();
        Assert.Equal(Reason.IntervalGap, energy.Read(Roof(0), 1_000).EffectiveReason);
        World.NowMs = (Noon + (10 * Hour)) * 1_000; // 21:00 UTC
        Assert.Equal(Reason.IntervalGap, energy.Read(Roof(0), 0).EffectiveReason);
        energy.NextHour();

        Assert.Equal(Reason.SunIsDown, energy.Read(Roof(0), 1_000).EffectiveReason);
        Assert.Equal(World.NowMs / 1_000, energy.Record(Roof(0)).ReadSeconds);
        Assert.Empty(energy.Record(Roof(0)).Waiting);
    }

    [Fact]
    public void Meter_ThatIsNotConnectedOrHasMoved_IsRefused()
    {
        energy.Register(Roof(9));
        Assert.Equal(Reason.MeterNotConnected, energy.Send(Roof(9), 1).EffectiveReason);
        energy.Build();
        energy.NextHour();
        World.RunOne(World.Sign(new AssertLocation(Roof(0).Address, 451_900_000, 57_300_000, 0), OwnerOf(Roof(0))));

        Assert.Equal(Reason.MeterNotConnected, energy.Read(Roof(0), 1_000).EffectiveReason);
        energy.Connect(Roof(0), Feeder, MeterKind.Solar, 4_000);
        Assert.Equal(Reason.AwaitsGroup, energy.Send(Roof(0), 2_000).EffectiveReason);
    }

    [Fact]
    public void ConnectMeter_WithoutTheRight_IsRefused()
    {
        energy.Build();
        energy.Register(Roof(9));

        Assert.Equal(Reason.FeederNotOfSigner, energy.TryConnect(Roof(9), Feeder, MeterKind.Solar, 4_000, second: Keys.Alice));
        Assert.Equal(Reason.FeederNotOfSigner, energy.TryConnect(Roof(9), Home(0), MeterKind.Solar, 4_000));
        PrivateKey other = Meter("other feeder");
        energy.Register(other);
        energy.Connect(other, other, MeterKind.Load, 1_000);
        Assert.Equal(Reason.MeterBusy, energy.TryConnect(Feeder, other, MeterKind.Load, 4_000)); // others hang on it
        energy.NextHour();
        energy.Read(Roof(0), 1_000);
        Assert.Equal(Reason.MeterBusy, energy.TryConnect(Roof(0), Feeder, MeterKind.Solar, 5_000));
        ConnectMeter wrong = new(Roof(0).Address, EnergyWorld.Service, Roof(0).Address, MeterKind.Solar, 1);
        byte[] bytes = TransactionBuilder.Sign(World.Genesis.ChainId, new Body(OwnerOf(Roof(0)).Address, 9, World.NowMs + 1_000, wrong), OwnerOf(Roof(0)));
        Assert.Equal(Reason.MeterOutOfBounds, Transaction.TryDecode(bytes, World.Genesis.ChainId, out _));
    }

    [Fact]
    public void Meter_ThatLeftItsService_IsConcludedAndMakesRoom()
    {
        energy.Build();
        energy.NextHour();
        energy.Read(Feeder, 0, 950);
        Receipt roof = energy.Read(Roof(0), 1_000);
        Assert.Equal(Reason.None, World.RunOne(World.Sign(new WithdrawDevice(Roof(0).Address, EnergyWorld.Service), OwnerOf(Roof(0)))).Reason);

        BlockResult block = energy.Close(); // the withdrawal's delay has passed, too

        Assert.Equal((Reason.WrongService, 0UL), (FinalOf(block, roof).Reason, FinalOf(block, roof).Units));
        Assert.DoesNotContain(Roof(0).Address, FeederRecord.Find(World.State, EnergyWorld.Service, Feeder.Address)!.Meters);
        World.AssertConserved();
    }

    [Fact]
    public void Intervals_ThatCloseTogether_AreJudgedAFewInEachBlock()
    {
        PrivateKey[] feeders = [.. Enumerable.Range(0, 10).Select(i => Meter($"feeder {i}"))];
        foreach (PrivateKey feeder in feeders)
        {
            energy.Register(feeder);
            energy.Connect(feeder, feeder, MeterKind.Load, 1_000);
        }
        World.NowMs = Noon * 1_000;
        World.Run([.. feeders.Select(Reading)]);
        energy.NextHour();
        World.Run([.. feeders.Select(Reading)]);

        BlockResult first = energy.Close();

        Assert.Equal((8, true), (Judged(first), first.MoreIsDue));
        Assert.Equal(2, Judged(World.Run()));

        Transaction Reading(PrivateKey feeder) => World.Sign(new SubmitProof(EnergyWorld.Service, World.NowMs, new MeterReport(5)), feeder);
        static int Judged(BlockResult block) => block.Receipts.Count(receipt => receipt.Verdict is { Reason: Reason.None });
    }
}
