using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Calibration.Sensors;

/// <summary>
/// What a sensor that is on trial says in a window; null: no value. From the recording, the sensor's index and the absolute slot.
/// </summary>
internal delegate long? Story(SensorRecording recording, int sensor, int slot);

/// <summary>Plays windows of a day over a recording: one sensor tells its story, the others what they recorded.</summary>
internal sealed class SensorTrial(SensorRecording recording)
{
    // Cells of about 5 km, and whoever stands within four of them.
    private const int CellLevel = 11, RingSteps = 4;
    private const int PastDays = 3;

    private readonly Dictionary<(int Day, int Sensor), ImmutableArray<long?>> pasts = [];
    private readonly int[][] near = [.. recording.Sensors.Select((_, sensor) => NeighboursOf(recording, sensor))];

    public SensorRecording Recording => recording;

    public static long? Honest(SensorRecording recording, int sensor, int slot) =>
        slot < 0 || slot >= recording.Values[sensor].Length ? null : recording.Values[sensor][slot];

    /// <summary>The score of each of these sensors on each of these days, where it says anything.</summary>
    public IEnumerable<SensorScore> Play(IEnumerable<int> sensors, IEnumerable<int> days, Story story, SensorScoreRules rules) =>
        from sensor in sensors
        from day in days
        let cell = GroupOf(sensor, day, story, rules)
        where cell.Series[0].Slots.Any(slot => slot is not null)
        select SensorScoring.Score(cell, rules)[0];

    /// <summary>True if enough others stand around the sensor on that day to judge it.</summary>
    public bool IsWitnessed(int sensor) => near[sensor].Length >= 3;

    /// <summary>
    /// Whom a copying sensor would copy: the first of its neighbours in the order of the recording, from its own place on.
    /// </summary>
    public int NearestTo(int sensor) => near[sensor].Where(other => other > sensor).DefaultIfEmpty(near[sensor][0]).First();

    private SensorGroup GroupOf(int sensor, int day, Story story, SensorScoreRules rules)
    {
        // The one on trial comes last in age, so that it is the copy if there is one.
        SensorSeries tried = Series(sensor, day, story, 1_000, true);
        SensorSeries[] others = [.. near[sensor].Select(other => Series(other, day, Honest, other, false))];
        return new SensorGroup([tried, .. others], PastOf(sensor, day, rules));
    }

    // What earlier windows left behind: the medians of all of the group as they recorded.
    private ImmutableArray<long?> PastOf(int sensor, int day, SensorScoreRules rules)
    {
        if (pasts.TryGetValue((day, sensor), out ImmutableArray<long?> known))
            return known;
        IEnumerable<long?> past = [];
        for (int before = int.Max(0, day - PastDays); before < day; before++)
        {
            int on = before;
            SensorSeries[] all = [.. near[sensor].Append(sensor).Select(each => Series(each, on, Honest, each, true))];
            past = past.Concat(SensorNeighbourhood.MediansOf(new SensorGroup([.. all], []), rules));
        }
        return pasts[(day, sensor)] = [.. past];
    }

    private SensorSeries Series(int sensor, int day, Story story, int age, bool inCell) => new(
        DeviceNames.Of(sensor), DeviceNames.Of(1_000 + sensor), SensorTrust.Max, (ulong)age, inCell,
        [.. Enumerable.Range(day * SensorRecording.SlotsPerDay, SensorRecording.SlotsPerDay)
            .Select(slot => story(recording, sensor, slot))]);

    private static int[] NeighboursOf(SensorRecording recording, int sensor)
    {
        IEnumerable<int> all = Enumerable.Range(0, recording.Sensors.Count).Where(other => other != sensor);
        if (recording.Places is null)
            return [.. all];
        Cell cell = Grid.CellOf(recording.Places[sensor], CellLevel);
        HashSet<Cell> around = [.. Enumerable.Range(0, RingSteps + 1).SelectMany(steps => CellRings.RingOf(cell, steps))];
        return [.. all.Where(other => around.Contains(Grid.CellOf(recording.Places[other], CellLevel)))];
    }
}
