using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.Proofs.EnergyWorld;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>Grid events: who delivers what it committed to is paid for that, and the rest comes back.</summary>
public class GridEventTests
{
    private const ulong Price = 2, Tokens = 10_000;

    private static readonly ulong Later = Noon + Hour; // the interval after the first that counts
    private static readonly PrivateKey Grid = OwnerOf(Feeder);

    private readonly EnergyWorld energy = new((Grid, Tokens));

    private World World => energy.World;

    [Fact]
    public void Event_PaysWhatWasDeliveredAtMostWhatWasCommitted()
    {
        energy.Build();
        Assert.Equal(Reason.None, Call(wh: 3_000));
        Assert.Equal(Tokens - (3_000 * Price), World.Balance(Grid));
        World.AssertConserved();
        Assert.Equal(Reason.None, Commit(Roof(0), 400)); // it will make a thousand
        Assert.Equal(Reason.None, Commit(Roof(1), 1_500));
        energy.ReadAll();
        energy.Close();
        energy.ReadAll();
        PrivateKey[] paid = [OwnerOf(Roof(0)), OwnerOf(Roof(1)), OwnerOf(Roof(2)), Grid];
        ulong[] before = [.. paid.Select(World.Balance)]; // with the rewards of the interval before

        energy.Close();

        Assert.Equal([400 * Price, 1_000 * Price, 0, 1_600 * Price], paid.Zip(before).Select(pair => World.Balance(pair.First) - pair.Second));
        Assert.Equal((600UL, 0UL), (energy.Record(Roof(0)).LeftIn(Later), energy.Record(Roof(1)).LeftIn(Later)));
        Assert.Null(GridEventRecord.Find(World.State, Service, Feeder.Address, Later));
        World.AssertConserved();
    }

    [Fact]
    public void Event_WhoseIntervalNobodyJudges_IsGivenBack()
    {
        energy.Build();
        Assert.Equal(Reason.None, Call(wh: 3_000));
        Assert.Equal(Reason.None, Commit(Roof(0), 400));
        World.NowMs += 3 * 86_400_000UL;

        World.Run();

        Assert.Equal(Tokens, World.Balance(Grid));
        Assert.Null(GridEventRecord.Find(World.State, Service, Feeder.Address, Later));
        World.AssertConserved();
    }

    [Fact]
    public void Event_ThatIsUntimelyOrCannotBePaid_IsRefused()
    {
        energy.Build();
        Assert.Equal(Reason.GridEventUntimely, Call(from: Later + 1));
        Assert.Equal(Reason.GridEventUntimely, Call(from: Noon)); // begun
        Assert.Equal(Reason.GridEventUntimely, Call(from: Noon + (25 * Hour)));
        Assert.Equal(Reason.GridEventUntimely, Call(from: ulong.MaxValue / Hour * Hour));
        Assert.Equal(Reason.InsufficientBalance, Call(from: Later, wh: 5_001));
        Assert.Equal(Reason.None, Call(from: Later));
        Assert.Equal(Reason.GridEventUntimely, Call(from: Later)); // called already
        Assert.Equal(Reason.NotTheOwner, World.RunOne(World.Sign(new CallGridEvent(Service, Roof(0).Address, Later, 1, 1), Grid)).Reason);
        Assert.Equal(
            Reason.NotAMeter, World.RunOne(World.Sign(new CallGridEvent(Service, Roof(0).Address, Later, 1, 1), OwnerOf(Roof(0)))).Reason);
    }

    [Fact]
    public void Commitment_ThatNobodyWants_IsRefused()
    {
        energy.Build();
        Assert.Equal(Reason.NoGridEvent, Commit(Roof(0), 1, Later));
        Call(from: Later, wh: 100);
        Assert.Equal(Reason.NoGridEvent, Commit(Home(0), 1, Later));
        Assert.Equal(Reason.GridEventTaken, Commit(Roof(0), 101, Later));
        Assert.Equal(Reason.GridEventTaken, Commit(Roof(0), 0, Later));
        Assert.Equal(Reason.None, Commit(Roof(0), 60, Later));
        Assert.Equal(Reason.GridEventTaken, Commit(Roof(0), 10, Later));
        Assert.Equal(Reason.GridEventTaken, Commit(Roof(1), 41, Later));
        World.NowMs = Later * 1_000;
        Assert.Equal(Reason.NoGridEvent, Commit(Roof(1), 40, Later)); // begun
        Assert.Equal(Reason.NoGridEvent, Commit(Roof(1), 40, ulong.MaxValue));
    }

    private Reason Call(ulong from = 0, ulong wh = 100) => World.RunOne(World.Sign(
        new CallGridEvent(Service, Feeder.Address, from == 0 ? Later : from, wh, Price), Grid)).Reason;

    private Reason Commit(PrivateKey meter, ulong wh, ulong? from = null) => World.RunOne(World.Sign(
        new SubmitProof(Service, World.NowMs, new GridCommitment(from ?? Later, wh)), meter)).EffectiveReason;
}
