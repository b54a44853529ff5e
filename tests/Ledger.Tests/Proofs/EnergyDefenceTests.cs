using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.Proofs.CoverageWorld;
using static AppChain.Tests.Ledger.Proofs.EnergyWorld;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>What the owner of a feeder's meter, or a meter with a fast clock, cannot do to others.</summary>
public class EnergyDefenceTests
{
    private const ulong Price = 2, Tokens = 10_000;

    private static readonly PrivateKey Grid = OwnerOf(Feeder);

    private readonly EnergyWorld energy = new((Grid, Tokens));

    private World World => energy.World;

    [Fact]
    public void Event_WhoseCallerKeepsHisMeterSilent_CostsHimWhatWasDelivered()
    {
        energy.Build();
        Call(3_000);
        Commit(Roof(0), 400); // it will make a thousand
        Commit(Roof(1), 1_500); // the same
        Commit(Roof(2), 500); // it will say nothing
        energy.ReadAll();
        energy.Close();
        energy.NextHour();
        Receipt roof = energy.Read(Roof(0), 1_000);
        energy.Read(Roof(1), 1_000);
        (ulong before, Amount burned) = (World.Balance(Grid), SupplyRecord.Get(World.State).Burned);

        BlockResult block = energy.Close();

        const ulong delivered = (400 + 1_000) * Price;
        Assert.Equal(Reason.FeederSilent, FinalOf(block, roof).Reason);
        Assert.Equal((3_000 * Price) - delivered, World.Balance(Grid) - before);
        Assert.Equal(burned + new Amount(delivered), SupplyRecord.Get(World.State).Burned);
        Assert.Null(GridEventRecord.Find(World.State, EnergyWorld.Service, Feeder.Address, Noon + Hour));
        World.AssertConserved();
    }

    [Fact]
    public void Event_OfAnIntervalThatWaits_IsNotGivenBackBeforeItIsJudged()
    {
        energy.Build();
        Call(3_000);
        Commit(Roof(0), 400);
        energy.ReadAll();
        energy.Close();
        energy.NextHour();
        energy.Read(Roof(0), 1_000);
        // As late as three days after the call, before anybody has judged it.
        LedgerSession session = new(World.State);
        GridEvents.OnDue(session, (byte[])[0, 0, 0, (byte)EnergyWorld.Service, .. Feeder.Address.Bytes, .. Big(Noon + Hour)]);
        World.State.Apply(session.Changes());
        Assert.NotNull(GridEventRecord.Find(World.State, EnergyWorld.Service, Feeder.Address, Noon + Hour));

        energy.Read(Feeder, 0, 950);
        ulong before = World.Balance(OwnerOf(Roof(0)));
        energy.Close();

        Assert.Equal(400 * Price, World.Balance(OwnerOf(Roof(0))) - before);
        World.AssertConserved();
    }

    [Fact]
    public void Reading_OfAnIntervalThatHasNotEnded_IsRefusedWhateverTheServiceAllowsClocks()
    {
        energy.Build();
        ServiceRecord service = ServiceRecord.Find(World.State, EnergyWorld.Service)!;
        ServiceRecord lax = service with { Definition = service.Definition with { DriftMs = 2 * Hour * 1_000 } };
        World.State.Apply([new LedgerChange(StateKey.Service(EnergyWorld.Service).Bytes.ToArray(), lax.Encode())]);
        energy.NextHour();
        ulong ends = World.NowMs;
        World.NowMs = ends - (Hour * 100) - 1;
        Assert.Equal(Reason.FromTheFuture, energy.Send(Roof(0), 2_000, observedMs: ends).EffectiveReason);
        Assert.Equal(Reason.FromTheFuture, energy.Send(Roof(0), 2_000, observedMs: ends + (Hour * 1_000)).EffectiveReason);
        World.NowMs++;

        Assert.Equal(Reason.AwaitsGroup, energy.Read(Roof(0), 1_000, observedMs: ends).EffectiveReason); // a tenth of it ahead
    }

    [Fact]
    public void Connection_LargerThanTheChainAllows_IsRefused()
    {
        PrivateKey meter = Meter("power station");
        energy.Register(meter);
        ulong most = ParametersRecord.Get(World.State)[Parameter.EnergyPeakWattsMax];

        Assert.Equal(Reason.ConnectionTooLarge, energy.TryConnect(meter, meter, MeterKind.Load, most + 1));
        Assert.Equal(Reason.None, energy.TryConnect(meter, meter, MeterKind.Load, most));
    }

    [Fact]
    public void FeederWithoutMeters_EarnsNothingByItsReadings()
    {
        PrivateKey lone = Meter("lone feeder");
        energy.Register(lone);
        energy.Connect(lone, lone, MeterKind.Load, 100_000);
        World.NowMs = Noon * 1_000;
        energy.Read(lone, 0);
        energy.NextHour();
        Receipt receipt = energy.Read(lone, 500, 100);

        Verdict verdict = FinalOf(energy.Close(), receipt);

        Assert.Equal((Reason.None, 0UL), (verdict.Reason, verdict.Units));
    }

    [Fact]
    public void FeederThatWasAMeterInBetween_CountsWhatLeftItOnce()
    {
        energy.Build();
        PrivateKey other = Meter("another feeder");
        energy.Register(other);
        energy.Connect(other, other, MeterKind.Load, 100_000);
        World.NowMs = (Noon + Hour) * 1_000;
        energy.Read(other, 0);
        energy.NextHour();
        energy.Read(other, 100, 700);
        energy.Close();
        energy.Connect(other, Feeder, MeterKind.Load, 100_000);
        energy.NextHour();
        Assert.Equal(Reason.AwaitsGroup, energy.Send(other, 200).EffectiveReason);
        energy.Close();
        Assert.Equal(700UL, energy.Record(other).ExportedWh);
        energy.Connect(other, other, MeterKind.Load, 100_000);
        energy.NextHour();

        Assert.Equal(Reason.RegisterFell, energy.Send(other, 300, 699).EffectiveReason);
        Assert.Equal(Reason.AwaitsGroup, energy.Send(other, 300, 800).EffectiveReason);
        Assert.Equal(100UL, energy.Record(other).Waiting.Single().ExportedWh);
    }

    private static byte[] Big(ulong number)
    {
        byte[] bytes = BitConverter.GetBytes(number);
        Array.Reverse(bytes);
        return bytes;
    }

    private void Call(ulong wh)
    {
        CallGridEvent call = new(EnergyWorld.Service, Feeder.Address, Noon + Hour, wh, Price);
        Assert.Equal(Reason.None, World.RunOne(World.Sign(call, Grid)).Reason);
    }

    private void Commit(PrivateKey meter, ulong wh)
    {
        SubmitProof commitment = new(EnergyWorld.Service, World.NowMs, new GridCommitment(Noon + Hour, wh));
        Assert.Equal(Reason.None, World.RunOne(World.Sign(commitment, meter)).EffectiveReason);
    }
}
