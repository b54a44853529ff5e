using System;

namespace AppChain.Ledger.Location;

/// <summary>The sunlight of a cloudless day, in integers: what a solar panel cannot have exceeded, and when it cannot have had
/// any.</summary>
public static class ClearSky
{
    /// <summary>Seconds between two looks at the sun.</summary>
    public const ulong StepSeconds = 300;

    /// <summary>The longest span that can be asked about: a day costs 288 looks.</summary>
    public const ulong SpanSecondsMax = 86_400;

    private const int Steps = 64;

    // Tenths of W/m² at sines of elevation of 0, 1/64, … 1: Haurwitz (1945), 1098 · s · exp(−0.057 / s).
    private static ReadOnlySpan<short> Horizontal =>
    [
        0, 4, 55, 153, 276, 414, 560, 713, 870, 1030, 1191, 1355, 1519,
        1685, 1851, 2018, 2185, 2353, 2522, 2690, 2859, 3028, 3198, 3367, 3537, 3707,
        3877, 4047, 4217, 4387, 4558, 4728, 4898, 5069, 5240, 5410, 5581, 5752, 5923,
        6093, 6264, 6435, 6606, 6777, 6948, 7119, 7290, 7461, 7632, 7803, 7975, 8146,
        8317, 8488, 8659, 8830, 9002, 9173, 9344, 9515, 9687, 9858, 10029, 10200, 10372,
    ];

    // The same for a plane that faces the sun: 1.1 · 1353 · 0.7^(airmass^0.678) (Meinel 1976; 10 % diffuse), airmass by Kasten and Young
    // (1989).
    private static ReadOnlySpan<short> FacingSun =>
    [
        224, 520, 929, 1396, 1882, 2360, 2817, 3248, 3651, 4027, 4376, 4701, 5003,
        5285, 5548, 5795, 6026, 6243, 6447, 6639, 6821, 6993, 7156, 7311, 7459, 7599,
        7732, 7860, 7982, 8099, 8210, 8318, 8421, 8519, 8615, 8706, 8794, 8880, 8962,
        9041, 9118, 9192, 9264, 9333, 9401, 9466, 9529, 9591, 9651, 9709, 9765, 9820,
        9873, 9925, 9976, 10025, 10073, 10120, 10166, 10211, 10254, 10297, 10339, 10379, 10419,
    ];

    /// <summary>Irradiance on the ground, in tenths of W/m². Zero with the sun below the horizon.</summary>
    /// <param name="sineOfElevation">In millionths: <see cref="Sun.SineOfElevation"/>.</param>
    public static int OnGround(int sineOfElevation) => Read(Horizontal, sineOfElevation);

    /// <summary>Irradiance on a plane that faces the sun, in tenths of W/m²: more than on any other plane. Zero with the sun below the
    /// horizon.</summary>
    /// <param name="sineOfElevation">In millionths: <see cref="Sun.SineOfElevation"/>.</param>
    public static int OnPlaneFacingSun(int sineOfElevation) => Read(FacingSun, sineOfElevation);

    /// <summary>
    /// The most that falls on a square metre of any plane within a span, in joules; a panel of one kW peak makes as many watt seconds at
    /// most, for each of the 1,000 W/m² that its rating assumes.
    /// </summary>
    /// <returns>Joules per m²; divided by 3,600,000 it is kWh.</returns>
    /// <exception cref="LedgerInvariantException">The place is not on Earth, or the span is longer than
    /// <see cref="SpanSecondsMax"/>.</exception>
    public static ulong MostJoules(GeoPoint place, ulong fromUnixSeconds, ulong seconds) =>
        Sum(place, fromUnixSeconds, seconds, static sine => OnPlaneFacingSun(sine));

    /// <summary>What falls on a square metre of the ground within a span, in joules.</summary>
    /// <exception cref="LedgerInvariantException">The place is not on Earth, or the span is longer than
    /// <see cref="SpanSecondsMax"/>.</exception>
    public static ulong GroundJoules(GeoPoint place, ulong fromUnixSeconds, ulong seconds) =>
        Sum(place, fromUnixSeconds, seconds, static sine => OnGround(sine));

    // Each step counts with the sun at its middle; the last may be shorter.
    private static ulong Sum(GeoPoint place, ulong fromUnixSeconds, ulong seconds, Func<int, int> irradiance)
    {
        Invariant.Check(seconds <= SpanSecondsMax, "a span of sunlight is a day at most");
        ulong decijoules = 0;
        for (ulong at = 0; at < seconds; at += StepSeconds)
        {
            ulong length = ulong.Min(StepSeconds, seconds - at);
            decijoules += length * (ulong)irradiance(Sun.SineOfElevation(place, fromUnixSeconds + at + (length / 2)));
        }
        return decijoules / 10;
    }

    // Between two entries of the table on a straight line.
    private static int Read(ReadOnlySpan<short> table, int sineOfElevation)
    {
        if (sineOfElevation <= 0)
            return 0;
        long position = (long)int.Min(sineOfElevation, Sun.Whole) * Steps;
        int index = int.Min((int)(position / Sun.Whole), Steps - 1);
        long beyond = position - ((long)index * Sun.Whole);
        return table[index] + (int)((table[index + 1] - table[index]) * beyond / Sun.Whole);
    }
}
