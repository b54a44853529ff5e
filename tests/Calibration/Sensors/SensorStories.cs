namespace AppChain.Tests.Calibration.Sensors;

/// <summary>What dishonest sensors say. Noise is the same in every run.</summary>
internal static class SensorStories
{
    private const int PerHour = SensorRecording.SlotsPerDay / 24;

    /// <summary>Its own recording, so many hours old, signed anew.</summary>
    public static Story Earlier(int hours, double noise = 0) => (recording, sensor, slot) =>
        SensorTrial.Honest(recording, sensor, slot - (hours * PerHour)) is { } value ? value + Noise(noise, sensor, slot) : null;

    /// <summary>What a neighbour records, so many hours old.</summary>
    public static Story Neighbour(double noise, int hours, Func<int, int> neighbourOf) => (recording, sensor, slot) =>
        SensorTrial.Honest(recording, neighbourOf(sensor), slot - (hours * PerHour)) is { } value ? value + Noise(noise, sensor, slot)
            : null;

    /// <summary>The value at which its day began, all day.</summary>
    public static Story Constant(double noise = 0) => (recording, sensor, slot) =>
    {
        long?[] values = recording.Values[sensor];
        int day = slot / SensorRecording.SlotsPerDay * SensorRecording.SlotsPerDay;
        long? first = values.Skip(day).Take(SensorRecording.SlotsPerDay).FirstOrDefault(value => value is not null);
        return first is null ? null : first + Noise(noise, sensor, slot);
    };

    public static Story Biased(long offset) => (recording, sensor, slot) =>
        SensorTrial.Honest(recording, sensor, slot) is { } value ? value + offset : null;

    /// <summary>A walk that wanders as far as the sensor does, and knows nothing of the world.</summary>
    public static Story Invented(double step)
    {
        Dictionary<int, long[]> walks = [];
        return (recording, sensor, slot) =>
        {
            if (!walks.TryGetValue(sensor, out long[]? walk))
            {
                walk = new long[recording.Values[sensor].Length];
                long[] real = [.. recording.Values[sensor].Where(value => value is not null).Select(value => value!.Value).Order()];
                long at = real[real.Length / 2];
                for (int i = 0; i < walk.Length; i++)
                    walk[i] = at = long.Clamp(at + Noise(step, sensor, i), real[real.Length / 20], real[real.Length * 19 / 20]);
                walks[sensor] = walk;
            }
            return SensorTrial.Honest(recording, sensor, slot) is null ? null : walk[slot];
        };
    }

    // About normal: the sum of four even numbers.
    private static long Noise(double deviation, int sensor, int slot)
    {
        if (deviation == 0)
            return 0;
        ulong mixed = (((ulong)slot * 1_000_003) + (ulong)sensor + 1) * 0x9E37_79B9_7F4A_7C15;
        mixed = (mixed ^ (mixed >> 29)) * 0xBF58_476D_1CE4_E5B9;
        double sum = 0;
        for (int part = 0; part < 4; part++)
            sum += ((mixed >> (part * 16)) & 0xFFFF) / 65_535.0 - 0.5;
        return (long)(sum * deviation * Math.Sqrt(3));
    }
}
