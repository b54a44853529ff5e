using System;

namespace AppChain.Ledger.Location;

/// <summary>Where the sun stands, in integers.</summary>
/// <remarks>
/// The Astronomical Almanac's low-precision position, with the hour angle taken from sidereal time, which needs no inverse function. The
/// error is below 0.015° of elevation from 2000 to 2050. Refraction, which lifts the sun by 0.6° at the horizon and makes days some minutes
/// longer, is not included.
/// </remarks>
public static class Sun
{
    /// <summary>A sine of one.</summary>
    public const int Whole = 1_000_000;

    /// <summary>The last moment that can be asked about: the end of the year 9999.</summary>
    public const ulong UnixSecondsMax = 253_402_300_799;

    // 2000-01-01 12:00 UTC in Unix time.
    private const long EpochSeconds = 946_728_000;
    private const long DaySeconds = 86_400;

    // The obliquity of the ecliptic is 23.437° in this century's first quarter.
    private const long ObliquityE7 = 234_370_000;

    /// <summary>The sine of the elevation of the sun's centre, in millionths; below zero it is under the horizon.</summary>
    /// <exception cref="LedgerInvariantException">The place is not on Earth, or the time is after <see cref="UnixSecondsMax"/>.</exception>
    public static int SineOfElevation(GeoPoint place, ulong unixSeconds)
    {
        place.Check();
        Invariant.Check(unixSeconds <= UnixSecondsMax, "a time is within the calendar");
        long seconds = (long)unixSeconds - EpochSeconds;
        long longitude = EclipticLongitudeE7(seconds);
        long sine = Trigonometry.Sin(longitude);
        long sineDeclination = Trigonometry.Multiply(Trigonometry.Sin(ObliquityE7), sine);
        // Greenwich sidereal time turns by 360.98564737° a day; with the place's longitude it is the local one.
        long sidereal = Trigonometry.Turn(2_804_606_184 + (Int128)seconds * 36_098_564_737 / (10 * DaySeconds) + place.LongitudeE7);
        // cos δ · cos h, with cos δ · cos α = cos λ and cos δ · sin α = cos ε · sin λ.
        long towardsMeridian = Trigonometry.Multiply(Trigonometry.Cos(sidereal), Trigonometry.Cos(longitude))
            + Trigonometry.Multiply(Trigonometry.Sin(sidereal), Trigonometry.Multiply(Trigonometry.Cos(ObliquityE7), sine));
        long elevation = Trigonometry.Multiply(Trigonometry.Sin(place.LatitudeE7), sineDeclination)
            + Trigonometry.Multiply(Trigonometry.Cos(place.LatitudeE7), towardsMeridian);
        return (int)Trigonometry.Multiply(elevation, Whole);
    }

    /// <summary>The same for an hour angle instead of a longitude: how far the place has turned past noon, in 10⁻⁷ degrees.</summary>
    internal static int SineAtHourAngle(int latitudeE7, ulong unixSeconds, long hourAngleE7)
    {
        long longitude = EclipticLongitudeE7((long)unixSeconds - EpochSeconds);
        long sine = Trigonometry.Multiply(Trigonometry.Sin(ObliquityE7), Trigonometry.Sin(longitude));
        long cosine = (long)Trigonometry.Root((UInt128)(((Int128)Trigonometry.One * Trigonometry.One) - ((Int128)sine * sine)));
        long elevation = Trigonometry.Multiply(Trigonometry.Sin(latitudeE7), sine)
            + Trigonometry.Multiply(Trigonometry.Multiply(Trigonometry.Cos(latitudeE7), cosine), Trigonometry.Cos(hourAngleE7));
        return (int)Trigonometry.Multiply(elevation, Whole);
    }

    // The mean longitude and the equation of the centre.
    private static long EclipticLongitudeE7(long seconds)
    {
        long mean = Trigonometry.Turn(2_804_600_000 + ((Int128)seconds * 9_856_474 / DaySeconds));
        long anomaly = Trigonometry.Turn(3_575_280_000 + ((Int128)seconds * 9_856_003 / DaySeconds));
        return mean
            + Trigonometry.Multiply(19_150_000, Trigonometry.Sin(anomaly))
            + Trigonometry.Multiply(200_000, Trigonometry.Sin(2 * anomaly));
    }
}
