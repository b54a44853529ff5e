namespace AppChain.Devnet.Replay;

/// <summary>What a sensor read at one moment. Values are µg/m³ × 1000, as the chain counts them.</summary>
internal readonly record struct AirReading(DateTime Time, long Pm10, long Pm25);

/// <summary>One sensor: where it stands and what it read, in order of time. Never empty.</summary>
/// <param name="LatitudeE7">Degrees × 10^7, north positive.</param>
/// <param name="LongitudeE7">Degrees × 10^7, east positive.</param>
internal sealed record AirSeries(string SensorId, int LatitudeE7, int LongitudeE7, IReadOnlyList<AirReading> Readings);
