using System.Globalization;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Calibration;

/// <summary>What a set of sensors recorded of one metric: the mean of each slot, in thousandths.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Sensors">The names, in order.</param>
/// <param name="Places">Where each stands; null: they are taken as neighbours.</param>
/// <param name="FirstDay">The first slot's day, from 1970.</param>
/// <param name="Values">Per sensor every slot from there; null: none.</param>
internal sealed record SensorRecording(
    string Name, IReadOnlyList<string> Sensors, IReadOnlyList<GeoPoint>? Places, long FirstDay, IReadOnlyList<long?[]> Values)
{
    public const int SlotsPerDay = 48;

    private const long SlotSeconds = 86_400 / SlotsPerDay;

    public int Days => Values[0].Length / SlotsPerDay;

    public static SensorRecording Air(string name, int column)
    {
        List<Sample> samples = [];
        Dictionary<string, GeoPoint> places = [];
        foreach (string line in Directory.EnumerateFiles(RealData.Path("air"), "*.csv").SelectMany(file => File.ReadLines(file).Skip(1)))
        {
            string[] cells = line.Split(';');
            if (!decimal.TryParse(cells[column], NumberStyles.Number, CultureInfo.InvariantCulture, out decimal value))
                continue;
            samples.Add(new Sample(cells[0], Seconds(cells[5]), (long)(value * 1_000), 0));
            places[cells[0]] = new GeoPoint(DegreesE7(cells[3]), DegreesE7(cells[4]));
        }
        return Of(name, samples, places);
    }

    /// <param name="folder"><c>clean</c> or <c>bias</c>.</param>
    /// <param name="faulty">Per sensor and slot: whether most of its readings carry a fault's label.</param>
    public static SensorRecording Temperature(string folder, out IReadOnlyList<bool[]> faulty)
    {
        List<Sample> samples = [];
        foreach (string file in Directory.EnumerateFiles(RealData.Path("faults", folder), "*.txt"))
        {
            foreach (string[] cells in File.ReadLines(file).Skip(1).Select(line => line.Split(',')))
            {
                if (cells.Length == 4 && decimal.TryParse(cells[3], NumberStyles.Number, CultureInfo.InvariantCulture, out decimal value))
                    samples.Add(new Sample(cells[1].Trim('\''), Seconds(cells[0].Trim('\'')), (long)(value * 1_000), cells[2] == "0" ? 0
                        : 1));
            }
        }
        SensorRecording recording = Of("Temperature (Santander)", samples, null);
        faulty = [.. recording.Sensors.Select(_ => new bool[recording.Values[0].Length])];
        foreach (IGrouping<(string Sensor, long Slot), Sample> slot in samples.GroupBy(sample =>
            (sample.Sensor, recording.SlotOf(sample.Seconds))))
            faulty[recording.Sensors.ToList().IndexOf(slot.Key.Sensor)][slot.Key.Slot] = slot.Average(sample => sample.Fault) > 0.5;
        return recording;
    }

    private readonly record struct Sample(string Sensor, long Seconds, long Value, int Fault);

    private static SensorRecording Of(string name, List<Sample> samples, Dictionary<string, GeoPoint>? places)
    {
        string[] sensors = [.. samples.Select(sample => sample.Sensor).Distinct().Order(StringComparer.Ordinal)];
        long first = samples.Min(sample => sample.Seconds) / 86_400, last = samples.Max(sample => sample.Seconds) / 86_400;
        SensorRecording recording = new(name, sensors, places is null ? null : [.. sensors.Select(sensor => places[sensor])], first,
            [.. sensors.Select(_ => new long?[(last - first + 1) * SlotsPerDay])]);
        foreach (IGrouping<string, Sample> sensor in samples.GroupBy(sample => sample.Sensor))
        {
            long?[] values = recording.Values[Array.IndexOf(sensors, sensor.Key)];
            foreach (IGrouping<long, Sample> slot in sensor.GroupBy(sample => recording.SlotOf(sample.Seconds)))
                values[slot.Key] = slot.Sum(sample => sample.Value) / slot.Count();
        }
        return recording;
    }

    private long SlotOf(long seconds) => (seconds - (FirstDay * 86_400)) / SlotSeconds;

    private static int DegreesE7(string cell) => (int)(decimal.Parse(cell, CultureInfo.InvariantCulture) * 10_000_000);

    private static long Seconds(string cell) =>
        DateTimeOffset.Parse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeSeconds();
}
