using System.Globalization;

namespace AppChain.Devnet.Replay;

/// <summary>
/// A small made-up set for checkouts without the real data: slow daily waves with a little noise, the same on every machine.
/// The devnet says so when it uses it.
/// </summary>
internal static class GeneratedAir
{
    private const int ReadingsPerSensor = 576; // one day at the real sensors' pace
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(150);
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static IReadOnlyList<AirSeries> Create(int sensors) => [.. Enumerable.Range(1, sensors).Select(Sensor)];

    private static AirSeries Sensor(int number)
    {
        Random noise = new(number);
        AirReading[] readings = new AirReading[ReadingsPerSensor];
        for (int i = 0; i < readings.Length; i++)
        {
            double wave = Math.Sin(2 * Math.PI * i / ReadingsPerSensor);
            long pm25 = (long)(6_000 + 3_000 * wave) + noise.Next(-300, 300);
            readings[i] = new AirReading(Start + i * Interval, pm25 * 2 + noise.Next(0, 500), pm25);
        }
        string name = "generated-" + number.ToString(CultureInfo.InvariantCulture);
        return new AirSeries(name, 571_500_000 + number * 20_000, -20_900_000 - number * 15_000, readings);
    }
}
