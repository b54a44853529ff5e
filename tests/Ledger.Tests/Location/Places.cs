using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Location;

/// <summary>Random and remarkable places, the same in every run.</summary>
internal static class Places
{
    public const int Pole = 900_000_000, Antimeridian = 1_800_000_000;

    /// <summary>Corners of the world: poles, equator, both meridians of 180°, and one step beside each.</summary>
    public static IEnumerable<GeoPoint> Corners =>
        from latitude in (int[])[-Pole, -Pole + 1, -450_000_000, -1, 0, 1, 449_999_999, 450_000_000, Pole - 1, Pole]
        from longitude in (int[])[-Antimeridian, -Antimeridian + 1, -1, 0, 1, 900_000_000, Antimeridian - 1, Antimeridian]
        select new GeoPoint(latitude, longitude);

    /// <summary>Even over the sphere, not over degrees: as many as asked for.</summary>
    public static IEnumerable<GeoPoint> Random(int seed, int count)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            double latitude = Math.Asin((2 * random.NextDouble()) - 1) * 180 / Math.PI;
            yield return new GeoPoint((int)(latitude * 1e7), random.Next(-Antimeridian, Antimeridian + 1));
        }
    }

    /// <summary>A place about so far away in a direction, by spherical geometry.</summary>
    public static GeoPoint Away(GeoPoint from, double metres, double bearing)
    {
        double arc = metres / 6_371_000, latitude = Radians(from.LatitudeE7), longitude = Radians(from.LongitudeE7);
        double sine = (Math.Sin(latitude) * Math.Cos(arc)) + (Math.Cos(latitude) * Math.Sin(arc) * Math.Cos(bearing));
        double to = Math.Asin(Math.Clamp(sine, -1, 1));
        longitude += Math.Atan2(Math.Sin(bearing) * Math.Sin(arc) * Math.Cos(latitude), Math.Cos(arc) - (Math.Sin(latitude) * sine));
        longitude = Math.IEEERemainder(longitude, 2 * Math.PI);
        return new GeoPoint(
            (int)Math.Clamp(to * 180 / Math.PI * 1e7, -Pole, Pole),
            (int)Math.Clamp(longitude * 180 / Math.PI * 1e7, -Antimeridian, Antimeridian));
    }

    public static double Radians(int e7) => e7 / 1e7 * Math.PI / 180;
}
