using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Ledger.Proofs;

public class EnergyScoringTests
{
    // 2024-06-21 in Grenoble: the sun is at its highest about 11:40 UTC.
    private const ulong Midnight = 1_718_928_000, Hour = 3_600;
    private static readonly GeoPoint Grenoble = new(451_900_000, 57_300_000);
    private static readonly EnergyScoreRules Rules = new();
    private static readonly MeterSite Home = new(MeterKind.Load, Grenoble, 10_000);
    private static readonly MeterSite Roof = new(MeterKind.Solar, Grenoble, 4_000);

    [Theory]
    [InlineData(10_200UL, EnergyOutcome.Valid, 0)]
    [InlineData(10_201UL, EnergyOutcome.TooMuchPower, 1)]
    [InlineData(0UL, EnergyOutcome.Valid, 0)]
    public void Load_UpToItsConnectionAndTwoPercent_IsValid(ulong wh, EnergyOutcome outcome, long decisive) =>
        Is(outcome, outcome == EnergyOutcome.Valid ? wh : 0, decisive, Judge(Home, 12, wh));

    [Fact]
    public void FirstReading_BeginsTheRegister_AndEarnsNothing() =>
        Is(EnergyOutcome.Valid, 0, 0, MeterChecks.Judge(Home, null, new MeterReading(Midnight, Midnight + Hour, 5_000), Rules));

    [Fact]
    public void Register_ThatFalls_IsRefused() => Is(
        EnergyOutcome.RegisterFell, 0, 1, MeterChecks.Judge(Home, Last(12), new MeterReading(At(12), At(13), 999_999), Rules));

    [Theory]
    [InlineData(-1, EnergyOutcome.AlreadyUsed)]
    [InlineData(1, EnergyOutcome.Gap)]
    public void Interval_ThatDoesNotFollow_IsRefused(int seconds, EnergyOutcome outcome)
    {
        MeterReading now = new((ulong)((long)At(12) + seconds), At(13), 1_000_100);

        Is(outcome, 0, 1, MeterChecks.Judge(Home, Last(12), now, Rules));
    }

    [Fact]
    public void Reading_SentTwice_IsUsedOnce()
    {
        MeterReading now = new(At(12), At(13), 1_000_500);

        Is(EnergyOutcome.Valid, 500, 0, MeterChecks.Judge(Home, Last(12), now, Rules));
        Is(EnergyOutcome.AlreadyUsed, 0, 3_600, MeterChecks.Judge(Home, now, now, Rules));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(86_401)]
    public void Interval_EmptyBackwardsOrLongerThanADay_IsRefused(int seconds)
    {
        MeterReading now = new(At(12), (ulong)((long)At(12) + seconds), 1_000_500);

        Assert.Equal(EnergyOutcome.WrongInterval, MeterChecks.Judge(Home, Last(12), now, Rules).Outcome);
    }

    [Fact]
    public void Panels_ThatCountAtNight_OnlyWhatTheMeterItselfTakes_EarnNothingEitherWay()
    {
        Is(EnergyOutcome.Valid, 0, 0, Judge(Roof, 0, 30));
        Is(EnergyOutcome.SunIsDown, 0, 31, Judge(Roof, 0, 31));
    }

    // A clear midsummer noon gives 1 kW per m² at most: 4 kW peak make 4.0 kWh, with the margin of ten per cent 4.4.
    [Theory]
    [InlineData(12UL, 4_000UL, EnergyOutcome.Valid)]
    [InlineData(12UL, 4_081UL, EnergyOutcome.TooMuchPower)]
    [InlineData(5UL, 2_400UL, EnergyOutcome.Valid)]
    [InlineData(5UL, 3_200UL, EnergyOutcome.BeyondClearSky)]
    public void Panels_UpToAClearSky_AreBelieved(ulong hour, ulong wh, EnergyOutcome outcome) =>
        Assert.Equal(outcome, Judge(Roof, hour, wh).Outcome);

    [Fact]
    public void Feeder_ThatBalances_PaysEverybody()
    {
        FeederScores scores = EnergyScoring.Score(Street(export: 4_800), Rules);

        Assert.Equal(0UL, scores.MissingWh);
        Assert.All(scores.Scores, score => Assert.Equal((EnergyOutcome.Valid, true), (score.Outcome, score.Wh > 0)));
    }

    [Fact]
    public void Feeder_WithOneInflatedMeter_PaysAllOthers()
    {
        FeederGroup street = Street(export: 4_800);
        FeederGroup cheated = street with { Meters = street.Meters.SetItem(1, street.Meters[1] with { Wh = 5_000 }) };

        FeederScores scores = EnergyScoring.Score(cheated, Rules);

        Assert.Equal((EnergyOutcome.Inflated, 0UL, 3_000L), (scores.Scores[1].Outcome, scores.Scores[1].Wh, scores.Scores[1].Decisive));
        Assert.Equal(5, scores.Scores.Count(score => score.Outcome == EnergyOutcome.Valid));
        Assert.True(scores.MissingWh is > 2_000 and < 3_000);
    }

    [Fact]
    public void Roof_ThatUsuallyMakesLess_IsBelievedWhenItDoes_AndNotWhenItClaimsTheMedian()
    {
        FeederGroup street = Street(export: 3_400);
        FeederMeter shaded = street.Meters[3] with { UsualPpm = 300_000 };

        FeederGroup honest = street with { Meters = street.Meters.SetItem(3, shaded with { Wh = 600 }) };
        FeederGroup cheated = street with { Meters = street.Meters.SetItem(3, shaded) };

        Assert.Equal(0UL, EnergyScoring.Score(honest, Rules).MissingWh);
        Assert.Equal(EnergyOutcome.Inflated, EnergyScoring.Score(cheated, Rules).Scores[3].Outcome);
    }

    [Fact]
    public void Feeder_WhereManyCheat_PaysNobodyMoreThanUsual()
    {
        FeederGroup street = Street(export: 4_800);
        FeederGroup cheated = street with
        {
            Meters = street.Meters.SetItem(0, street.Meters[0] with { Wh = 3_500 }).SetItem(1, street.Meters[1] with { Wh = 3_500 }),
        };

        FeederScores scores = EnergyScoring.Score(cheated, Rules);

        Assert.All(scores.Scores.Take(4), score => Assert.Equal((EnergyOutcome.Unbalanced, 2_000UL), (score.Outcome, score.Wh)));
        Assert.All(scores.Scores.Skip(4), score => Assert.Equal(EnergyOutcome.Valid, score.Outcome));
    }

    [Fact]
    public void Roof_ThatIsNotThere_IsFoundFromItsFirstIntervalOn_AndNeverBecomesUsual()
    {
        FeederGroup street = Street(export: 4_800);
        FeederMeter invented = new(DeviceNames.Of(20), MeterKind.Solar, 2_000, 4_000, 0);
        FeederGroup cheated = street with { Meters = street.Meters.Add(invented) };

        FeederScores scores = EnergyScoring.Score(cheated, Rules);

        Assert.Equal((EnergyOutcome.Inflated, 0UL), (scores.Scores[^1].Outcome, scores.Scores[^1].Wh));
        Assert.All(scores.Scores.SkipLast(1), score => Assert.Equal(EnergyOutcome.Valid, score.Outcome));
        Assert.Equal(0UL, EnergyScoring.UsualAfter(0, invented, cheated, Rules));
    }

    [Fact]
    public void Feeder_WithTwoUnknownRoofsAndTooMuch_PaysNeither()
    {
        FeederGroup street = Street(export: 4_800);
        FeederMeter unknown = new(DeviceNames.Of(20), MeterKind.Solar, 2_000, 4_000, 0);
        FeederGroup cheated = street with { Meters = street.Meters.Add(unknown)
            .Add(unknown with { Meter = DeviceNames.Of(21), Wh = 2_400 }) };

        FeederScores scores = EnergyScoring.Score(cheated with { ExportWh = 7_000 }, Rules);

        Assert.Equal([0UL, 0UL], scores.Scores.TakeLast(2).Select(score => score.Wh));
        Assert.All(scores.Scores.Take(4), score => Assert.Equal(2_000UL, score.Wh));
    }

    [Fact]
    public void Usual_OfShadedPanels_ComesDownToWhatTheyMake()
    {
        FeederGroup street = Street(export: 3_400);
        FeederMeter shaded = street.Meters[3] with { Wh = 600 };
        FeederGroup feeder = street with { Meters = street.Meters.SetItem(3, shaded) };

        ulong usual = (ulong)Robust.Whole;
        for (int interval = 0; interval < 400; interval++)
            usual = EnergyScoring.UsualAfter(usual, shaded, feeder, Rules);

        Assert.InRange(usual, 300_000UL, 301_000UL);
        Assert.Equal(300_000UL, EnergyScoring.UsualAfter(0, shaded, feeder, Rules));
    }

    // Four roofs of 4 kW that make 2 kWh each, two homes that take 1.5 kWh each: 5 kWh are left over, less what the lines lose.
    private static FeederGroup Street(ulong export) => new(
        [
            .. Enumerable.Range(0, 4).Select(number =>
                new FeederMeter(DeviceNames.Of(number), MeterKind.Solar, 2_000, 4_000, (ulong)Robust.Whole)),
            .. Enumerable.Range(4, 2).Select(number => new FeederMeter(DeviceNames.Of(number), MeterKind.Load, 1_500, 10_000, 0)),
        ],
        0,
        export);

    private static void Is(EnergyOutcome outcome, ulong wh, long decisive, EnergyVerdict verdict) =>
        Assert.Equal((outcome, wh, decisive), (verdict.Outcome, verdict.Wh, verdict.Decisive));

    private static EnergyVerdict Judge(MeterSite site, ulong hour, ulong wh) =>
        MeterChecks.Judge(site, Last(hour), new MeterReading(At(hour), At(hour + 1), 1_000_000 + wh), Rules);

    private static MeterReading Last(ulong hour) => new(At(hour) - Hour, At(hour), 1_000_000);

    private static ulong At(ulong hour) => Midnight + (hour * Hour);
}
