using System.Globalization;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Replay;

namespace AppChain.Devnet.Fleet;

/// <summary>One device to be: its name, its kind of key, where it stands, and what it will say.</summary>
/// <param name="Copy">0 is the sensor itself; higher numbers replay the same series with slight offsets, standing a little apart.</param>
internal sealed record PlannedDevice(string Name, KeyScheme Scheme, DevicePlace Place, AirSeries Series, int Copy)
{
    // 0.07 µg/m³ and about 30 m per copy: apart, and still inside the sensor's own accuracy.
    private const int ValueStep = 70;
    private const int PlaceStepE7 = 3_000;
    private const int CopiesApart = 100;

    /// <summary>
    /// The planned device of a number: the sensors in their order, then their copies, and so on. Every fourth key is P-256.
    /// </summary>
    public static PlannedDevice Create(IReadOnlyList<AirSeries> series, int number)
    {
        (int copy, int sensor) = Math.DivRem(number, series.Count);
        AirSeries source = series[sensor];
        string name = copy == 0 ? source.SensorId : string.Create(CultureInfo.InvariantCulture, $"{source.SensorId}/{copy}");
        int offset = PlaceStepE7 * (copy % CopiesApart);
        DevicePlace place = new(source.LatitudeE7 + offset, source.LongitudeE7 + offset);
        return new PlannedDevice(name, number % 4 == 3 ? KeyScheme.P256 : KeyScheme.Secp256k1, place, source, copy);
    }

    /// <summary>The reading of a turn; after the last one the series begins anew.</summary>
    public AirReading ReadingAt(int turn)
    {
        AirReading reading = Series.Readings[turn % Series.Readings.Count];
        int offset = ValueStep * (Copy % CopiesApart);
        return reading with { Pm10 = reading.Pm10 + offset, Pm25 = reading.Pm25 + offset };
    }

    /// <summary>How long the sensor really waited between that reading and the next.</summary>
    public TimeSpan GapAfter(int turn)
    {
        int index = turn % Series.Readings.Count;
        return index + 1 < Series.Readings.Count ? Series.Readings[index + 1].Time - Series.Readings[index].Time : TimeSpan.Zero;
    }
}
