using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Location;

public class ClearSkyTests(ITestOutputHelper output)
{
    [Fact]
    public void OnGround_AnyElevation_IsHaurwitzWithinTwoWatts() =>
        AssertTable(ClearSky.OnGround, sine => 1098 * sine * Math.Exp(-0.057 / sine), 2);

    [Fact]
    public void OnPlaneFacingSun_AnyElevation_IsMeinelWithinFourWatts() =>
        AssertTable(ClearSky.OnPlaneFacingSun, SolarReference.FacingSun, 4);

    [Fact]
    public void Irradiance_SunBelowTheHorizon_IsZero()
    {
        Assert.Equal(0, ClearSky.OnGround(0));
        Assert.Equal(0, ClearSky.OnPlaneFacingSun(0));
        Assert.Equal(0, ClearSky.OnPlaneFacingSun(-1_000_000));
    }

    [Fact]
    public void GroundJoules_WholeDays_IsTheReferencesIntegralWithinOnePercent()
    {
        (int, uint)[] days = [(0, 20_533), (-34, 20_808), (57, 20_625), (45, 20_500), (-23, 20_700), (70, 20_625)];
        foreach ((int latitude, uint day) in days)
        {
            GeoPoint place = new(latitude * 10_000_000, 0);
            double expected = 0;
            for (int minute = 0; minute < 1_440; minute++)
            {
                double sine = Math.Sin(SolarReference.Elevation(place, (day * 86_400UL) + (ulong)(minute * 60) + 30) * Math.PI / 180);
                expected += sine > 0 ? 60 * 1098 * sine * Math.Exp(-0.057 / sine) : 0;
            }
            ulong actual = ClearSky.GroundJoules(place, day * 86_400UL, 86_400);
            output.WriteLine($"{latitude}°: {actual / 3.6e6:F2} kWh/m², reference {expected / 3.6e6:F2}");
            Assert.InRange(actual / expected, 0.99, 1.01);
        }
    }

    [Fact]
    public void MostJoules_AnySpan_IsAtLeastTheGroundsAndAddsUp()
    {
        ulong noon = (20_625UL * 86_400) + 36_000;
        GeoPoint place = new(-338_000_000, 1_512_000_000);
        for (ulong start = noon - 43_200; start < noon + 43_200; start += 1_800)
            Assert.True(ClearSky.MostJoules(place, start, 1_800) >= ClearSky.GroundJoules(place, start, 1_800));
        ulong whole = ClearSky.MostJoules(place, noon, 7_200);
        ulong parts = ClearSky.MostJoules(place, noon, 3_600) + ClearSky.MostJoules(place, noon + 3_600, 3_600);
        Assert.InRange((long)whole - (long)parts, 0, 1);
        Assert.Equal(0UL, ClearSky.MostJoules(place, noon, 0));
        Assert.True(ClearSky.MostJoules(place, noon, 1) <= 1_042);
    }

    private static void AssertTable(Func<int, int> table, Func<double, double> formula, double watts)
    {
        for (int sine = 15_625; sine <= 1_000_000; sine += 97) // from the first entry on; below it the formulas themselves are of no use
            Assert.InRange((table(sine) / 10.0) - formula(sine / 1e6), -watts, watts);
    }
}
