using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Location;

public class SunTests(ITestOutputHelper output)
{
    private const ulong Year2000 = 946_684_800, Year2051 = 2_556_144_000;

    [Fact]
    public void SineOfElevation_AnyPlaceAndTime_IsThatOfTheReferenceWithinAHundredthAndAHalf()
    {
        var random = new Random(51);
        double worst = 0;
        foreach (GeoPoint place in Places.Random(52, 50_000).Concat(Places.Corners))
        {
            ulong at = (ulong)random.NextInt64((long)Year2000, (long)Year2051);
            double expected = SolarReference.Elevation(place, at);
            double actual = Math.Asin(Math.Clamp(Sun.SineOfElevation(place, at) / 1e6, -1, 1)) * 180 / Math.PI;
            // At the zenith the sine says little of the angle: there the sines are compared.
            double error = Math.Abs(expected) < 85 ? Math.Abs(actual - expected)
                : Math.Abs((Sun.SineOfElevation(place, at) / 1e6) - Math.Sin(expected * Math.PI / 180)) * 180 / Math.PI;
            worst = Math.Max(worst, error);
            Assert.True(error < 0.015, $"{place} at {at}: {actual}° instead of {expected}°");
        }
        output.WriteLine($"worst: {worst:F4}°");
    }

    [Fact]
    public void SecondsOf_LatitudesBelow60AndAllDays_IsThatOfTheReferenceWithinTenSeconds()
    {
        double worst = 0;
        for (int latitude = -60; latitude <= 60; latitude += 4)
        {
            for (uint day = 18_262; day < 18_262 + 366; day++) // 2020
            {
                double expected = SolarReference.DaySeconds(latitude, day);
                worst = Math.Max(worst, Math.Abs(Daylight.SecondsOf(latitude * 10_000_000, day) - expected));
            }
        }
        output.WriteLine($"worst: {worst:F0} s");
        Assert.InRange(worst, 0, 10);
    }

    [Theory]
    [InlineData(80, 20_625, 86_400u)] // 2026-06-21
    [InlineData(80, 20_808, 0u)] // 2026-12-21
    [InlineData(-80, 20_625, 0u)]
    [InlineData(-80, 20_808, 86_400u)]
    [InlineData(90, 20_625, 86_400u)]
    [InlineData(-90, 20_625, 0u)]
    public void SecondsOf_BeyondThePolarCircles_IsAllOrNothing(int latitude, uint day, uint expected) =>
        Assert.Equal(expected, Daylight.SecondsOf(latitude * 10_000_000, day));

    [Fact]
    public void SecondsOf_Aberdeen_IsThePublishedDay()
    {
        // 57.15° N: 17 h 52 min on 2019-06-21, 6 h 41 min on 2019-12-22.
        Assert.InRange(Daylight.SecondsOf(571_500_000, 18_068), 64_320u - 240, 64_320u + 240);
        Assert.InRange(Daylight.SecondsOf(571_500_000, 18_252), 24_060u - 240, 24_060u + 240);
    }

    [Fact]
    public void IsDark_AroundSunrise_TurnsFalse()
    {
        GeoPoint greenwich = new(514_800_000, 0);
        ulong midnight = 20_533UL * 86_400; // 2026-03-21: the sun rises about 06:02
        Assert.True(Daylight.IsDark(greenwich, midnight, 5 * 3_600, -14_538));
        Assert.True(Daylight.IsDark(greenwich, midnight, 21_000, -14_538));
        Assert.False(Daylight.IsDark(greenwich, midnight, 22_500, -14_538));
        Assert.False(Daylight.IsDark(greenwich, midnight + 43_200, 300, -14_538));
        Assert.False(Daylight.IsDark(greenwich, midnight, 20_500, -104_528)); // twilight
    }

    [Fact]
    public void Questions_BeyondTheLimits_Throw()
    {
        Assert.Throws<LedgerInvariantException>(() => Daylight.IsDark(default, Year2000, ClearSky.SpanSecondsMax + 1, 0));
        Assert.Throws<LedgerInvariantException>(() => ClearSky.MostJoules(default, Year2000, ClearSky.SpanSecondsMax + 1));
        Assert.Throws<LedgerInvariantException>(() => Sun.SineOfElevation(new GeoPoint(Places.Pole + 1, 0), Year2000));
        Assert.Throws<LedgerInvariantException>(() => Sun.SineOfElevation(default, Sun.UnixSecondsMax + 1));
        Assert.InRange(Sun.SineOfElevation(default, Sun.UnixSecondsMax), -1_000_000, 1_000_000);
    }
}
