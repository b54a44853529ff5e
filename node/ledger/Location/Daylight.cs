namespace AppChain.Ledger.Location;

/// <summary>Day and night by latitude and day of the year, in integers, refraction and the sun's size included.</summary>
public static class Daylight
{
    // The upper limb is seen on the horizon while the centre is 0.833° below: −sin 0.833° in millionths.
    private const int RiseSine = -14_538;

    private const ulong DaySeconds = 86_400;
    private const long HalfTurnE7 = 2 * GeoPoint.QuarterTurn;

    /// <summary>
    /// Seconds from sunrise to sunset on a day: 0 in the polar night, 86,400 in the polar day. The sun's declination is that of the day's
    /// noon in Greenwich; elsewhere it differs by up to 0.2°, which makes up to 2 minutes below 60° of latitude.
    /// </summary>
    /// <param name="unixDay">Days since 1970-01-01.</param>
    /// <exception cref="LedgerInvariantException">The latitude is not on Earth.</exception>
    public static uint SecondsOf(int latitudeE7, uint unixDay)
    {
        ulong noon = (unixDay * DaySeconds) + (DaySeconds / 2);
        // From one meridian to the opposite one the sun is always lower: halve the angle until the one at which it rises is found.
        long up = 0, down = HalfTurnE7;
        if (!IsUp(latitudeE7, noon, up))
            return 0;
        if (IsUp(latitudeE7, noon, down))
            return (uint)DaySeconds;
        while (down - up > 1)
        {
            long middle = (up + down) / 2;
            (up, down) = IsUp(latitudeE7, noon, middle) ? (middle, down) : (up, middle);
        }
        return (uint)(up * (long)DaySeconds / HalfTurnE7);
    }

    /// <summary>
    /// True if the sun stayed below a depth under the horizon for all of the span, as far as a look every
    /// <see cref="ClearSky.StepSeconds"/> tells.
    /// </summary>
    /// <param name="sineOfElevation">In millionths, as of <see cref="Sun.SineOfElevation"/>: −14,538 is sunset, −104,528 (−6°) the end of
    /// twilight.</param>
    /// <exception cref="LedgerInvariantException">The place is not on Earth, or the span is longer than
    /// <see cref="ClearSky.SpanSecondsMax"/>.</exception>
    public static bool IsDark(GeoPoint place, ulong fromUnixSeconds, ulong seconds, int sineOfElevation)
    {
        Invariant.Check(seconds <= ClearSky.SpanSecondsMax, "a span of darkness is a day at most");
        for (ulong at = 0; at < seconds; at += ClearSky.StepSeconds)
        {
            if (Sun.SineOfElevation(place, fromUnixSeconds + at) >= sineOfElevation)
                return false;
        }
        return Sun.SineOfElevation(place, fromUnixSeconds + seconds) < sineOfElevation;
    }

    private static bool IsUp(int latitudeE7, ulong noon, long hourAngleE7) =>
        Sun.SineAtHourAngle(latitudeE7, noon, hourAngleE7) >= RiseSine;
}
