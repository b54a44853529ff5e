using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Location;

/// <summary>The sun by Meeus (Astronomical Algorithms, chapter 25; the formulas of NOAA's solar calculator), in floating point:
/// declination, equation of time and hour angle, another way than the ledger's.</summary>
internal static class SolarReference
{
    public static double Elevation(GeoPoint place, ulong unixSeconds)
    {
        (double declination, double equationMinutes) = Position(unixSeconds);
        double minutes = (unixSeconds % 86_400 / 60.0) + equationMinutes + (place.LongitudeE7 / 1e7 * 4);
        double hour = Radians((minutes / 4) - 180), latitude = Places.Radians(place.LatitudeE7);
        double sine = (Math.Sin(latitude) * Math.Sin(declination)) + (Math.Cos(latitude) * Math.Cos(declination) * Math.Cos(hour));
        return Degrees(Math.Asin(Math.Clamp(sine, -1, 1)));
    }

    public static double DaySeconds(int latitude, uint unixDay)
    {
        double declination = Position((unixDay * 86_400UL) + 43_200).Declination;
        double cosine = (Math.Sin(Radians(-0.833)) - (Math.Sin(Radians(latitude)) * Math.Sin(declination)))
            / (Math.Cos(Radians(latitude)) * Math.Cos(declination));
        return Degrees(Math.Acos(Math.Clamp(cosine, -1, 1))) * 480;
    }

    public static double FacingSun(double sine)
    {
        double airmass = 1 / (sine + (0.50572 * Math.Pow(Degrees(Math.Asin(sine)) + 6.07995, -1.6364)));
        return 1.1 * 1353 * Math.Pow(0.7, Math.Pow(airmass, 0.678));
    }

    private static (double Declination, double EquationMinutes) Position(ulong unixSeconds)
    {
        double t = ((unixSeconds / 86_400.0) + 2_440_587.5 - 2_451_545) / 36_525;
        double mean = Radians((280.46646 + (t * (36_000.76983 + (t * 0.0003032)))) % 360);
        double anomaly = Radians(357.52911 + (t * (35_999.05029 - (0.0001537 * t))));
        double centre = (Math.Sin(anomaly) * (1.914602 - (t * (0.004817 + (0.000014 * t)))))
            + (Math.Sin(2 * anomaly) * (0.019993 - (0.000101 * t)))
            + (Math.Sin(3 * anomaly) * 0.000289);
        double node = Radians(125.04 - (1934.136 * t));
        double longitude = mean + Radians(centre - 0.00569 - (0.00478 * Math.Sin(node)));
        double obliquity = Radians(23.439291 - (0.0130042 * t) + (0.00256 * Math.Cos(node)));
        double ascension = Math.Atan2(Math.Cos(obliquity) * Math.Sin(longitude), Math.Cos(longitude));
        double equation = Math.IEEERemainder(mean - Radians(0.0057183) - ascension, 2 * Math.PI);
        return (Math.Asin(Math.Sin(obliquity) * Math.Sin(longitude)), Degrees(equation) * 4);
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;

    private static double Degrees(double radians) => radians * 180 / Math.PI;
}
