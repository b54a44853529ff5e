using System.Globalization;

namespace AppChain.Devnet.Replay;

/// <summary>
/// Reads sensor.community's daily files:
/// <c>sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2</c>, one file per sensor and day.
/// </summary>
internal static class AirCsv
{
    /// <summary>Rows of one file that are read; a day has about 600.</summary>
    public const int RowsPerFileMax = 100_000;

    private const string Pattern = "*_sds011_sensor_*.csv";
    private const int Columns = 12;

    /// <summary>
    /// Every sensor of the folder with at least one sound row, ordered by sensor id. Rows that cannot be read are left out.
    /// </summary>
    public static IReadOnlyList<AirSeries> Load(string folder)
    {
        SortedDictionary<long, SensorRows> sensors = [];
        foreach (string file in Directory.EnumerateFiles(folder, Pattern).Order(StringComparer.Ordinal))
        {
            foreach (string line in File.ReadLines(file).Take(RowsPerFileMax))
            {
                if (!TryParse(line, out long sensor, out int latitude, out int longitude, out AirReading reading))
                    continue;
                if (!sensors.TryGetValue(sensor, out SensorRows? rows))
                    sensors.Add(sensor, rows = new SensorRows(latitude, longitude));
                rows.Readings.Add(reading);
            }
        }
        return [.. sensors.Select(sensor => sensor.Value.ToSeries(sensor.Key))];
    }

    /// <summary>Reads one row; the header line and damaged rows are none.</summary>
    public static bool TryParse(string line, out long sensor, out int latitudeE7, out int longitudeE7, out AirReading reading)
    {
        (sensor, latitudeE7, longitudeE7, reading) = (0, 0, 0, default);
        string[] cells = line.Split(';');
        if (cells.Length != Columns
            || !long.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out sensor)
            || !TryScale(cells[3], 10_000_000, 90, out long latitude)
            || !TryScale(cells[4], 10_000_000, 180, out long longitude)
            || !DateTime.TryParseExact(cells[5], "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time)
            || !TryScale(cells[6], 1_000, 1_000_000, out long pm10)
            || !TryScale(cells[9], 1_000, 1_000_000, out long pm25))
            return false;
        (latitudeE7, longitudeE7) = ((int)latitude, (int)longitude);
        reading = new AirReading(time, pm10, pm25);
        return true;
    }

    private static bool TryScale(string cell, int scale, int magnitudeMax, out long scaled)
    {
        scaled = 0;
        if (!decimal.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) || Math.Abs(value) > magnitudeMax)
            return false;
        scaled = (long)decimal.Round(value * scale);
        return true;
    }

    private sealed class SensorRows(int latitudeE7, int longitudeE7)
    {
        public List<AirReading> Readings { get; } = [];

        public AirSeries ToSeries(long sensor) => new(
            sensor.ToString(CultureInfo.InvariantCulture), latitudeE7, longitudeE7, [.. Readings.OrderBy(reading => reading.Time)]);
    }
}
