using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Tests.Ledger.Proofs;

/// <summary>A street of five honest sensors under one sky, and one more sensor that is on trial. Values are in thousandths.</summary>
public class SensorScoringTests
{
    private const int Slots = 24;
    private static readonly SensorScoreRules Rules = new() { Tolerance = 500, BiasTolerance = 500 };

    [Fact]
    public void Sensor_ThatReadsTheSkyOfItsStreet_Agrees()
    {
        SensorScore score = Try(slot => Sky(slot) + 130 + Grain(slot, 99));

        Assert.Equal((SensorOutcome.Agrees, SensorEvidence.For, 1_000_000u, 5u),
            (score.Outcome, score.Evidence, score.Ppm, score.Witnesses));
    }

    [Fact]
    public void Sensor_FarOffInAFewSlots_LosesThese()
    {
        SensorScore score = Try(slot => slot % 6 == 0 ? Sky(slot) + 9_000 : Sky(slot) + Grain(slot, 99));

        Assert.Equal((SensorOutcome.Agrees, 833_333u), (score.Outcome, score.Ppm));
    }

    [Theory]
    [InlineData(16, SensorOutcome.TooFewReadings)]
    [InlineData(17, SensorOutcome.Agrees)]
    public void Sensor_WithFewSlots_IsJudgedFromTwoThirdsOn(int filled, SensorOutcome outcome)
    {
        SensorScore score = Try(slot => slot < filled ? Sky(slot) + Grain(slot, 99) : null);

        Assert.Equal(outcome, score.Outcome);
        Assert.Equal(outcome == SensorOutcome.Agrees, score.Ppm > 0);
    }

    [Fact]
    public void Sensor_Stuck_IsConstant() => Is(SensorOutcome.Constant, 0, Try(_ => 10_000));

    [Fact]
    public void Sensor_ThatRepeatsAnElderWithANoteOfNoise_IsCopied()
    {
        SensorScore score = Try(slot => Honest(2, slot) + 400 + (slot % 2 * 4));

        Assert.Equal(SensorOutcome.Copied, score.Outcome);
        Assert.Equal(0u, score.Ppm);
    }

    [Fact]
    public void Sensor_WhoseSeriesIsRepeatedByAYoungerOne_KeepsItsOwn()
    {
        SensorSeries copy = Series(7, 900, slot => Honest(2, slot) + 3);
        SensorGroup group = new([.. Street(), copy], []);

        ImmutableArray<SensorScore> scores = SensorScoring.Score(group, Rules);

        Assert.Equal(SensorOutcome.Agrees, scores[2].Outcome);
        Assert.Equal(SensorOutcome.Copied, scores[5].Outcome);
    }

    [Fact]
    public void Sensor_OfAnotherClimate_IsFarFromItsNeighbours() => Is(SensorOutcome.FarFromNeighbours, 0, Try(slot => Sky(slot) + 20_000));

    [Fact]
    public void Sensor_ThatStandsOffToOneSide_IsBiased()
    {
        SensorScoreRules wide = Rules with { Tolerance = 5_000 };

        Is(SensorOutcome.Biased, 0, Try(slot => Sky(slot) + 2_500 + Grain(slot, 99), rules: wide));
        Assert.InRange(Try(slot => Sky(slot) - 2_500 + Grain(slot, 99), rules: wide).Decisive, -2_700, -2_300);
    }

    [Fact]
    public void Sensor_AtTheRightHeightByChance_IsEvidenceAgainstIt()
    {
        SensorScoreRules wide = Rules with { Tolerance = 9_000, BiasTolerance = 9_000 };

        SensorScore score = Try(slot => 12_000 + (Grain(slot, 99) * 9), rules: wide);

        Assert.Equal((SensorOutcome.DoesNotFollow, SensorEvidence.Against), (score.Outcome, score.Evidence));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(26)]
    public void Sensor_ThatTellsOfAnEarlierTime_IsStaleBySoMuch(int slotsLate)
    {
        SensorScoreRules wide = Rules with { Tolerance = 9_000, BiasTolerance = 9_000, FollowMin = 0 };
        ImmutableArray<long?> past = [.. Enumerable.Range(-48, 48).Select(slot => (long?)Sky(slot))];

        SensorScore score = Try(slot => Sky(slot - slotsLate) + (Grain(slot, 99) / 4), past, wide);

        Assert.Equal((SensorOutcome.Stale, SensorEvidence.Against, slotsLate), (score.Outcome, score.Evidence, score.Decisive));
    }

    [Theory]
    [InlineData(0, 250_000u)]
    [InlineData(1, 400_000u)]
    [InlineData(2, 600_000u)]
    public void Sensor_WithFewWitnesses_CountsByTheStatedConfidence(int witnesses, uint ppm)
    {
        SensorGroup group = new([.. Street().Take(witnesses), Series(99, 1_000, slot => Sky(slot))], []);

        SensorScore score = SensorScoring.Score(group, Rules)[^1];

        Assert.Equal(
            (SensorOutcome.Unwitnessed, SensorEvidence.None, ppm, (uint)witnesses),
                (score.Outcome, score.Evidence, score.Ppm, score.Witnesses));
    }

    [Fact]
    public void Sensors_OfOneOwner_AreNoWitnessesForEachOther()
    {
        SensorGroup group = new([.. Street().Select(series => series with { Owner = Name(50) })], []);

        Assert.All(SensorScoring.Score(group, Rules), score =>
            Assert.Equal((SensorOutcome.Unwitnessed, 0u), (score.Outcome, score.Witnesses)));
    }

    [Fact]
    public void Newcomers_HoweverMany_DoNotMoveWhatTrustedSensorsSay()
    {
        IEnumerable<SensorSeries> fleet = Enumerable.Range(100, 40).Select(
            number => Series(number, 5_000, slot => 30_000 + (Grain(slot, number) * 3)) with { Trust = 0 });

        ImmutableArray<SensorScore> scores = SensorScoring.Score(new SensorGroup([.. Street(), .. fleet], []), Rules);

        Assert.All(scores.Take(5), score => Assert.Equal(SensorOutcome.Agrees, score.Outcome));
        Assert.All(scores.Skip(5), score => Assert.Equal((SensorEvidence.Against, 0u, 5u), (score.Evidence, score.Ppm, score.Witnesses)));
    }

    [Fact]
    public void Cell_WithMoreThanMayEarn_PaysTheTrustedThenTheBestThenTheElder()
    {
        SensorSeries[] street = Street();
        street[0] = street[0] with { Trust = 0 };

        ImmutableArray<SensorScore> scores = SensorScoring.Score(new SensorGroup([.. street], []), Rules with { CellMax = 3 });

        Assert.Equal([SensorOutcome.OverCap, SensorOutcome.Agrees, SensorOutcome.Agrees, SensorOutcome.Agrees, SensorOutcome.OverCap],
            scores.Select(score => score.Outcome));
        Assert.Equal([4L, 3L], [scores[0].Decisive, scores[4].Decisive]);
    }

    [Fact]
    public void SensorsOfTheRing_BearWitness_AndAreNotScored()
    {
        SensorGroup group =
            new([.. Street().Select(series => series with { InCell = false }), Series(99, 1_000, slot => Sky(slot) + Grain(slot, 99))], []);

        SensorScore score = Assert.Single(SensorScoring.Score(group, Rules));

        Assert.Equal((Name(99), SensorOutcome.Agrees, 5u), (score.Device, score.Outcome, score.Witnesses));
    }

    [Fact]
    public void StillWorld_TellsNothing()
    {
        SensorGroup group =
            new([.. Enumerable.Range(0, 5).Select(number => Series(number, (ulong)number, slot => 10_000 + Grain(slot, number)))], []);

        Assert.All(SensorScoring.Score(group, Rules), score =>
            Assert.Equal((SensorOutcome.Agrees, SensorEvidence.None), (score.Outcome, score.Evidence)));
    }

    [Fact]
    public void ValuesBeyondReason_AreNone_AndNothingOverflows()
    {
        SensorScore score = Try(slot => slot % 2 == 0 ? long.MinValue : long.MaxValue);
        SensorScore edge = Try(slot => slot % 2 == 0 ? -Robust.ValueMax : Robust.ValueMax);

        Assert.Equal(SensorOutcome.TooFewReadings, score.Outcome);
        Assert.Equal(SensorOutcome.FarFromNeighbours, edge.Outcome);
    }

    [Fact]
    public void Score_OfAnyOrder_IsTheSame()
    {
        SensorSeries[] series = [.. Street(), Series(99, 1_000, slot => Honest(1, slot) + 1)];

        IEnumerable<SensorScore> there = SensorScoring.Score(new SensorGroup([.. series], []), Rules);
        IEnumerable<SensorScore> back = SensorScoring.Score(new SensorGroup([.. series.Reverse()], []), Rules);

        Assert.Equal(there, back.Reverse());
    }

    [Fact]
    public void Trust_OfWhoPassesThreeOfFour_Climbs_OfWhoPassesHalf_DoesNot()
    {
        uint honest = 0, liar = SensorTrust.Max;
        for (int window = 0; window < 40; window++)
        {
            honest = SensorTrust.After(honest, window % 4 == 3 ? SensorEvidence.Against : SensorEvidence.For);
            liar = SensorTrust.After(liar, window % 2 == 0 ? SensorEvidence.Against : SensorEvidence.For);
        }

        Assert.True(SensorTrust.IsPaid(honest));
        Assert.False(SensorTrust.IsPaid(liar));
        Assert.Equal(honest, SensorTrust.After(honest, SensorEvidence.None));
    }

    private static void Is(SensorOutcome outcome, uint ppm, SensorScore score) => Assert.Equal((outcome, ppm), (score.Outcome, score.Ppm));

    private static SensorScore Try(Func<int, long?> values, ImmutableArray<long?> past = default, SensorScoreRules? rules = null) =>
        SensorScoring.Score(new SensorGroup([.. Street(), Series(99, 1_000, values)], past.IsDefault ? [] : past), rules ?? Rules)[^1];

    private static SensorSeries[] Street() => [.. Enumerable.Range(0, 5)
        .Select(number => Series(number, (ulong)number, slot => Honest(number, slot)))];

    private static SensorSeries Series(int number, ulong since, Func<int, long?> values) =>
        new(Name(number), Name(1_000 + number), SensorTrust.Max, since, true, [.. Enumerable.Range(0, Slots).Select(values)]);

    private static long Honest(int number, int slot) => Sky(slot) + (number * 40) + Grain(slot, number);

    // Rises and falls by 8 over a day and a bit, and is no other day's twin.
    private static long Sky(int slot) => 10_000 + (long)(4_000 * Math.Sin(slot / 4.1)) + (slot * 20);

    // ± 200, the same in every run.
    private static long Grain(int slot, int number)
    {
        ulong mixed = (((ulong)(slot + 100) * 1_000_003) + (ulong)number + 1) * 0x9E37_79B9_7F4A_7C15;
        return (long)((mixed >> 40) % 401) - 200;
    }

    private static Address Name(int number) => DeviceNames.Of(number);
}
