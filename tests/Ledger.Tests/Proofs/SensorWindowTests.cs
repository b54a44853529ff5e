using AppChain.Crypto;
using AppChain.Ledger;
using static AppChain.Tests.Ledger.Proofs.SensorWindowWorld;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>Sensors that are compared with their neighbours: when a window's readings are paid, and when not.</summary>
public class SensorWindowTests
{
    private readonly SensorWindowWorld sensors = new();

    private static int[] Five { get; } = [0, 1, 2, 3, 4];

    private World World => sensors.World;

    [Fact]
    public void Window_OfTrustedSensors_PaysEveryReading()
    {
        Build(Five);
        sensors.Honestly(Five, windows: 4);
        Receipt[] first = sensors.ReadWindow(Five);
        Assert.All(first, receipt => Assert.Equal(Reason.AwaitsGroup, receipt.EffectiveReason));

        BlockResult block = sensors.Close();

        Assert.All(first, receipt => Assert.Equal((Reason.None, Slots * SensorReading.UnitsPerReading), Final(block, receipt)));
        Assert.All(Five, number => Assert.Equal(SensorTrust.Paid + 1, sensors.Trust(number)));
        World.AssertConserved();
    }

    [Fact]
    public void Window_OfNewSensors_AddsToTrustAndPaysNothing()
    {
        Build(Five);
        Receipt[] first = sensors.ReadWindow(Five);

        BlockResult block = sensors.Close();

        Assert.All(first, receipt => Assert.Equal((Reason.NotTrustedYet, 0UL), Final(block, receipt)));
        Assert.All(Five, number => Assert.Equal(1U, sensors.Trust(number)));
    }

    [Fact]
    public void Window_OfALonelySensor_PaysTheStatedConfidence()
    {
        Build([0]);
        Receipt[] first = sensors.ReadWindow([0]);

        Assert.Equal((Reason.None, Slots * SensorReading.UnitsPerReading / 4), Final(sensors.Close(), first[0]));
        Assert.Equal(0U, sensors.Trust(0));
    }

    [Theory]
    [InlineData("repeats an older one", Reason.SensorCopied)]
    [InlineData("is stuck", Reason.SensorStuck)]
    [InlineData("is far off", Reason.FarFromNeighbours)]
    [InlineData("is silent", Reason.TooFewReadings)]
    public void Window_OfADishonestSensor_EarnsNothingAndCostsTrust(string story, Reason expected)
    {
        Build(Five);
        sensors.Honestly(Five, windows: 4);
        long Read(int number, ulong atMs) => number != 4 ? Honest(number, atMs) : story switch
        {
            "repeats an older one" => Honest(0, atMs) + 100,
            "is stuck" => 25_000,
            "is far off" => Honest(4, atMs) + 9_000,
            _ => Honest(4, atMs),
        };
        Receipt liar = sensors.ReadWindow(Five, Read, slots: 1)[4];
        sensors.ReadWindow(story == "is silent" ? [0, 1, 2, 3] : Five, Read, slots: Slots - 1);

        BlockResult block = sensors.Close();

        Assert.Equal((expected, 0UL), Final(block, liar));
        Assert.Equal(expected == Reason.TooFewReadings ? 4U : 2U, sensors.Trust(4));
        Assert.Equal(5U, sensors.Trust(1));
    }

    [Fact]
    public void Window_AfterAMove_BeginsWithoutTrust()
    {
        Build(Five);
        sensors.Honestly(Five, windows: 4);
        World.RunOne(World.Sign(new AssertLocation(Sensor(4).Address, LatitudeE7 + 100, LongitudeE7, 0), OwnerOf(4)));
        Assert.Equal(Reason.CameInWindow, World.RunOne(sensors.Reading(4, 20_000)).EffectiveReason);
        sensors.NextWindow();
        Receipt[] first = sensors.ReadWindow(Five);

        BlockResult block = sensors.Close();

        Assert.Equal(Reason.NotTrustedYet, Final(block, first[4]).Reason);
        Assert.Equal((1U, 5U), (sensors.Trust(4), sensors.Trust(0)));
    }

    [Fact]
    public void Reading_WhenItsWindowHasClosed_IsRefused()
    {
        Build(Five);
        ulong start = World.NowMs;
        World.NowMs = start + WindowMs + CloseMs - 1;
        Assert.Equal(Reason.AwaitsGroup, World.RunOne(sensors.Reading(0, 20_000, start + 1)).EffectiveReason);
        World.NowMs++;

        Assert.Equal(Reason.WindowClosed, World.RunOne(sensors.Reading(0, 20_000, start + 1_000)).EffectiveReason);
    }

    [Fact]
    public void Batch_OfReadingsThatNeighboursMustBearOut_IsRefused()
    {
        sensors.Place(0);
        SubmitProofBatch batch = new(Service, Hashing.Sha256([1]), 2, World.NowMs - 2_000, World.NowMs - 1_000);
        Assert.Equal(Reason.KindTakesNoBatches, World.RunOne(World.Sign(batch, Sensor(0))).Reason);
    }

    [Fact]
    public void Cells_ThatTouch_BearWitnessForEachOther()
    {
        // One in the cell, four in the next one to the north, which is judged in the same block or before.
        int[] north = [1, 2, 3, 4];
        sensors.Place(0);
        foreach (int number in north)
            sensors.Place(number, kilometresNorth: 9.8);
        sensors.NextWindow();
        sensors.Honestly([0, .. north], windows: 4);
        sensors.Close();

        Assert.Equal(4U, sensors.Trust(0));
    }

    [Fact]
    public void Cells_ThatCloseTogether_AreJudgedAFewInEachBlock()
    {
        for (int i = 0; i < 6; i++)
            sensors.Place(i, kilometresNorth: 60 * i);
        sensors.NextWindow();
        int[] all = [0, 1, 2, 3, 4, 5];
        sensors.ReadWindow(all);

        BlockResult first = sensors.Close();

        Assert.Equal((4, true), (Judged(first), first.MoreIsDue));
        Assert.Equal(2, Judged(World.Run()));
        static int Judged(BlockResult block) => block.DueReceipts;
    }

    [Fact]
    public void Window_OfACrowd_IsDrawnAndCapped()
    {
        int[] crowd = [.. Enumerable.Range(0, 30)];
        Build(crowd);
        Receipt[] first = sensors.ReadWindow(crowd);

        Assert.All(first, receipt => Assert.Equal(Reason.AwaitsGroup, receipt.EffectiveReason));
        BlockResult block = sensors.Close();

        Dictionary<Reason, int> counts = first.CountBy(receipt => Final(block, receipt).Reason).ToDictionary();
        Assert.Equal(6, counts[Reason.NotDrawnInCell]); // 24 are compared
        Assert.Equal(16, counts[Reason.CellFull]); // of whom 8 may earn
        Assert.Equal(8, counts[Reason.NotTrustedYet]);
    }

    [Fact]
    public void Windows_ThatAreJudged_LeaveOneRecordOfTheCellAlone()
    {
        Build(Five);
        int before = World.State.Entries.Count(entry => IsOfWindows(entry.Key));
        Assert.Equal(0, before);
        sensors.Honestly(Five, windows: 3);
        sensors.Close();
        World.NowMs += CloseMs;
        World.Run();
        World.Run();

        StateKind[] left = [.. World.State.Entries.Where(entry => IsOfWindows(entry.Key)).Select(entry => (StateKind)entry.Key.Span[0])];

        Assert.Equal([StateKind.SensorPast], left);
        SensorPastRecord past = SensorPastRecord.Decode(World.State.Entries.Single(entry => IsOfWindows(entry.Key)).Value);
        Assert.Equal(3 * Slots, past.Medians.Length);
    }

    [Fact]
    public void Sensor_ThatTellsOfTheWindowBefore_LosesTrust()
    {
        Build(Five);
        sensors.Honestly(Five, windows: 5);
        sensors.ReadWindow(Five, (number, atMs) => number == 4 ? Honest(4, atMs - WindowMs) : Honest(number, atMs));
        sensors.Close();

        Assert.True(sensors.Trust(4) < 5);
        Assert.Equal(6U, sensors.Trust(0));
    }

    private static bool IsOfWindows(ReadOnlyMemory<byte> key) =>
        (StateKind)key.Span[0] is StateKind.SensorSlots or StateKind.SensorRoster or StateKind.SensorPast;

    private static (Reason Reason, ulong Units) Final(BlockResult block, Receipt proof)
    {
        Verdict verdict = CoverageWorld.FinalOf(block, proof);
        return (verdict.Reason, verdict.Units);
    }

    private void Build(IEnumerable<int> numbers)
    {
        foreach (int number in numbers)
            sensors.Place(number);
        sensors.NextWindow();
    }
}
