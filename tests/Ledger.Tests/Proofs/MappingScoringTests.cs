using System.Collections.Immutable;
using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Proofs;

public class MappingScoringTests
{
    private const ulong Week = 7 * 86_400_000UL;
    private static readonly MappingScoreRules Rules = new();
    private static readonly GeoPoint Start = new(451_900_000, 57_300_000);

    // 30 m each second is 108 km/h, 80 m is 288 km/h.
    [Theory]
    [InlineData(30, TrackOutcome.Valid)]
    [InlineData(69, TrackOutcome.Valid)]
    [InlineData(80, TrackOutcome.TooFast)]
    public void Drive_UpToSeventyMetresASecond_CanBe(int metresASecond, TrackOutcome outcome) =>
        Assert.Equal(outcome, MappingScoring.Judge(Drive(200, metresASecond), Rules).Outcome);

    [Theory]
    [InlineData(1, TrackOutcome.Valid)]
    [InlineData(3, TrackOutcome.TooFast)]
    public void SatellitesThatJump_AreForgivenInOneLegOfFifty(int jumps, TrackOutcome outcome)
    {
        Track drive = Drive(151, 10);
        for (int jump = 0; jump < jumps; jump++)
        {
            TrackPoint point = drive.Points[20 + (jump * 40)];
            drive = new Track(drive.Points.SetItem(20 + (jump * 40), point with { Place = North(point.Place, 5_000) }));
        }

        Assert.Equal(outcome, MappingScoring.Judge(drive, Rules).Outcome);
    }

    [Fact]
    public void Drive_WithoutOrderOrLength_IsNone()
    {
        Track drive = Drive(10, 10);

        Assert.Equal(new TrackVerdict(TrackOutcome.OutOfOrder, 5),
            MappingScoring.Judge(new Track(drive.Points.SetItem(5, drive.Points[4])), Rules));
        Assert.Equal(TrackOutcome.TooShort, MappingScoring.Judge(new Track([drive.Points[0]]), Rules).Outcome);
        Assert.Equal(TrackOutcome.TooShort, MappingScoring.Judge(new Track([]), Rules).Outcome);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Heading_WithinAnEighthOfACircle_IsItsOctant(int octant)
    {
        foreach (double off in new[] { -22, -10, 0, 10, 22 })
        {
            double angle = ((octant * 45) + off) * Math.PI / 180;
            GeoPoint to = North(East(Start, 500 * Math.Sin(angle)), 500 * Math.Cos(angle));

            Assert.Equal(octant, MappingScoring.OctantOf(Start, to, Rules));
        }
    }

    [Fact]
    public void Heading_OverTheAntimeridian_IsEast()
    {
        Assert.Equal(2, MappingScoring.OctantOf(new GeoPoint(0, 1_799_999_000), new GeoPoint(0, -1_799_999_000), Rules));
        Assert.Null(MappingScoring.OctantOf(Start, Start, Rules));
    }

    [Theory]
    [InlineData(Week, 0u, 1_000_000UL)]
    [InlineData(Week / 2, 0u, 500_000UL)]
    [InlineData(ulong.MaxValue, 0u, 2_000_000UL)]
    [InlineData(Week, 1u, 500_000UL)]
    [InlineData(Week, 3u, 250_000UL)]
    [InlineData(0UL, 0u, 0UL)]
    public void Image_IsWorthItsFreshnessAndHowFewThereAre(ulong ageMs, uint seen, ulong units) =>
        Assert.Equal(units, MappingScoring.UnitsOf(1_000_000, ageMs, seen, [1_000_000, 1_000_000, 1_000_000], Rules));

    [Theory]
    [InlineData(0u, 800_000u, 900_000u, 800_000UL)]
    [InlineData(1_000_000u, 200_000u, 300_000u, 300_000UL)]
    [InlineData(uint.MaxValue, uint.MaxValue, 0u, 1_000_000UL)]
    public void Quality_IsTheMedianOfThree(uint first, uint second, uint third, ulong units) =>
        Assert.Equal(units, MappingScoring.UnitsOf(1_000_000, Week, 0, [first, second, third], Rules));

    private static Track Drive(int points, int metresASecond) => new(
        [.. Enumerable.Range(0, points).Select(second =>
            new TrackPoint(1_700_000_000_000 + ((ulong)second * 1_000), North(Start, second * (double)metresASecond)))]);

    private static GeoPoint North(GeoPoint place, double metres) =>
        place with { LatitudeE7 = place.LatitudeE7 + (int)(metres * 1e7 / 111_139) };

    private static GeoPoint East(GeoPoint place, double metres) =>
        place with { LongitudeE7 = place.LongitudeE7 + (int)(metres * 1e7 / 78_600) };
}
