using AppChain.Ledger;
using static AppChain.Tests.Ledger.Proofs.SensorWindowWorld;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>
/// What becomes of a window that is open when a vote divides time otherwise, and of the past of a cell that falls silent.
/// </summary>
public class SensorVoteTests
{
    private readonly SensorWindowWorld sensors = new();

    private World World => sensors.World;

    [Fact]
    public void Reading_OfAWindowThatAVoteDividedOtherwise_IsRefused()
    {
        sensors.Place(0);
        sensors.NextWindow();
        Assert.Equal(Reason.AwaitsGroup, World.RunOne(sensors.Reading(0, 20_000)).EffectiveReason);
        ulong start = sensors.StartMs;
        Set(SlotMs / 2, 2 * Slots); // as long, and twice as many slots
        World.NowMs += SlotMs;
        Assert.Equal(Reason.WindowClosed, World.RunOne(sensors.Reading(0, 20_100)).EffectiveReason);

        SensorSlotsRecord slots = SensorSlotsRecord.Find(World.State, Service, Sensor(0).Address, start)!;
        Assert.Equal((1U, 0), (slots.Readings, slots.Filled.Length));
    }

    [Fact]
    public void CellThatFallsSilent_IsForgottenAWindowLater()
    {
        int[] five = [0, 1, 2, 3, 4];
        foreach (int number in five)
            sensors.Place(number);
        sensors.NextWindow();
        sensors.Honestly(five, windows: 2);
        sensors.Close();
        Assert.Equal(2 * Slots, Pasts().Single().Medians.Length);
        World.NowMs += WindowMs + CloseMs - 1;
        World.Run();
        Assert.Single(Pasts()); // a reading of that window may still have come until now

        World.NowMs++;
        World.Run();

        Assert.Empty(Pasts());
        Assert.DoesNotContain(World.State.Entries, entry => (StateKind)entry.Key.Span[0] is StateKind.SensorSlots or StateKind.SensorRoster);
    }

    [Fact]
    public void WindowInWhichNobodyCouldBeCompared_HasItsPlaceInThePast()
    {
        int[] five = [0, 1, 2, 3, 4];
        foreach (int number in five)
            sensors.Place(number);
        sensors.NextWindow();
        sensors.Honestly(five, windows: 1);
        sensors.ReadWindow(five, slots: 4); // the first window is judged meanwhile
        foreach (int number in five) // within the window: nobody counts in it
            World.RunOne(World.Sign(new AssertLocation(Sensor(number).Address, LatitudeE7 + 10, LongitudeE7, 0), OwnerOf(number)));
        World.NowMs += (Slots - 4) * SlotMs;
        sensors.Close();

        SensorPastRecord past = Pasts().Single();
        Assert.Equal(2 * Slots, past.Medians.Length);
        Assert.All(past.Medians[..Slots], median => Assert.NotNull(median));
        Assert.All(past.Medians[Slots..], median => Assert.Null(median));
    }

    private List<SensorPastRecord> Pasts() =>
        [.. World.State.Entries
            .Where(entry => (StateKind)entry.Key.Span[0] == StateKind.SensorPast)
            .Select(entry => SensorPastRecord.Decode(entry.Value))];

    private void Set(ulong slotMs, ulong slots)
    {
        ParametersRecord voted = ParametersRecord.Get(World.State).With(
            KeyValuePair.Create(Parameter.SensorSlotMs, slotMs), KeyValuePair.Create(Parameter.SensorWindowSlots, slots));
        World.State.Apply([new LedgerChange(StateKey.Parameters.Bytes.ToArray(), voted.Encode())]);
    }
}
