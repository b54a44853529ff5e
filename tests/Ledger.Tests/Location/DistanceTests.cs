using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Location;

public class DistanceTests(ITestOutputHelper output)
{
    [Fact]
    public void BetweenCm_RandomPairsUpTo100Km_IsWithinTwoThousandthsOfAPercentAndTwoCentimetres() =>
        AssertClose([.. Places.Random(1, 20_000)], 1, 100_000);

    [Fact]
    public void BetweenCm_PairsUpTo1000Km_IsWithinTwoThousandthsOfAPercentAndTwoCentimetres() =>
        AssertClose([.. Places.Random(2, 5_000)], 100_000, 1_000_000);

    [Fact]
    public void BetweenCm_AtPolesEquatorAndAntimeridian_IsAsExactAsElsewhere() => AssertClose([.. Places.Corners], 1, 100_000);

    [Fact]
    public void BetweenCm_PairsUpTo15000Km_IsWithinSevenTenthsOfAPercent()
    {
        double worst = 0;
        GeoPoint[] points = [.. Places.Random(3, 2_000)];
        for (int i = 0; i + 1 < points.Length; i += 2)
        {
            double metres = Distance.BetweenCm(points[i], points[i + 1]) / 100.0;
            if (metres < 15_000_000)
                worst = Math.Max(worst, Math.Abs((metres / Vincenty.Metres(points[i], points[i + 1])) - 1));
        }
        output.WriteLine($"worst: {worst:P4}");
        Assert.InRange(worst, 0, 0.007);
    }

    // Vincenty 1975 and Geoscience Australia's worked example: Flinders Peak to Buninyong, 54,972.271 m (GRS 80, the same to a millimetre).
    [Fact]
    public void BetweenCm_FlindersPeakToBuninyong_IsTheSurveyedDistance() =>
        Assert.InRange(
            Distance.BetweenCm(new GeoPoint(-379_510_334, 1_444_248_679), new GeoPoint(-376_528_211, 1_439_264_955)),
            5_497_227 - 50, 5_497_227 + 50);

    [Fact]
    public void BetweenCm_SamePlaceUnderTwoNames_IsZero()
    {
        GeoPoint east = new(512_000_000, Places.Antimeridian), west = new(512_000_000, -Places.Antimeridian);
        Assert.Equal(0, Distance.BetweenCm(east, west));
        Assert.Equal(0, Distance.BetweenCm(new GeoPoint(Places.Pole, 1), new GeoPoint(Places.Pole, 1_234_567_890)));
        Assert.Equal(0, Distance.BetweenCm(new GeoPoint(1, 2), new GeoPoint(1, 2)));
    }

    [Fact]
    public void BetweenCm_OppositePlaces_IsHalfTheGirthWithinFivePercent()
    {
        Assert.InRange(Distance.BetweenCm(new GeoPoint(Places.Pole, 0), new GeoPoint(-Places.Pole, 0)), 1_901_000_000, 2_101_000_000);
        Assert.InRange(Distance.BetweenCm(new GeoPoint(0, 0), new GeoPoint(0, Places.Antimeridian)), 1_901_000_000, 2_101_000_000);
    }

    [Fact]
    public void BetweenCm_AnyPair_IsTheSameBothWays()
    {
        GeoPoint[] points = [.. Places.Random(4, 500), .. Places.Corners];
        for (int i = 0; i + 1 < points.Length; i++)
            Assert.Equal(Distance.BetweenCm(points[i], points[i + 1]), Distance.BetweenCm(points[i + 1], points[i]));
    }

    [Theory]
    [InlineData(Places.Pole + 1, 0)]
    [InlineData(0, -Places.Antimeridian - 1)]
    [InlineData(int.MinValue, int.MaxValue)]
    public void BetweenCm_PlaceNotOnEarth_Throws(int latitude, int longitude)
    {
        Assert.False(new GeoPoint(latitude, longitude).IsOnEarth);
        Assert.Throws<LedgerInvariantException>(() => Distance.BetweenCm(default, new GeoPoint(latitude, longitude)));
    }

    private void AssertClose(GeoPoint[] points, double metresMin, double metresMax)
    {
        var random = new Random(7);
        double worst = 0;
        foreach (GeoPoint from in points)
        {
            // Even in the logarithm: as many short ways as long ones.
            double metres = metresMin * Math.Pow(metresMax / metresMin, random.NextDouble());
            GeoPoint to = Places.Away(from, metres, random.NextDouble() * 2 * Math.PI);
            double expected = Vincenty.Metres(from, to);
            double error = Math.Abs((Distance.BetweenCm(from, to) / 100.0) - expected);
            worst = Math.Max(worst, (error - 0.02) / expected);
            Assert.True(error <= (expected * 0.00002) + 0.02, $"{from} to {to}: {error} m of {expected}");
        }
        output.WriteLine($"worst beyond 2 cm: {worst:P6}");
    }
}
