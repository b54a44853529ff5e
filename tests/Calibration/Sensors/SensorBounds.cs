using AppChain.Ledger;

namespace AppChain.Tests.Calibration.Sensors;

/// <summary>
/// Derives the rules of a metric from honest recordings: each number is the tightest that leaves honest sensors what it must.
/// </summary>
internal static class SensorBounds
{
    private static readonly long[] Steps = [0, 50, 100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000, 15_000,
        20_000, 30_000, 50_000];

    public static SensorScoreRules Derive(SensorTrial trial, IReadOnlyList<int> sensors, IReadOnlyList<int> days)
    {
        SensorScoreRules open = new()
        {
            Tolerance = 1_000_000_000, BiasTolerance = 1_000_000_000, CopyRatio = 0, FollowMin = 0, StaleRatio = uint.MaxValue,
                ConstantRatio = 0,
        };
        SensorScore[] Play(SensorScoreRules rules) => [.. trial.Play(sensors, days, SensorTrial.Honest, rules).Where(IsJudged)];

        // Near enough: 99 % of the slots are; and half as much again.
        ulong tolerance = (ulong)Steps.First(step => Play(open with { Tolerance = (ulong)step, BandShareMin = 0 })
            .Average(score => (double)score.Ppm) >= 990_000) * 3 / 2;
        // An offset that no honest sensor has for a whole window; and a quarter more.
        ulong bias = (ulong)Steps.First(step => Play(open with { BiasTolerance = (ulong)step })
            .All(score => score.Outcome != SensorOutcome.Biased)) * 5 / 4;
        // Half of what the two most alike honest sensors differ by.
        long alike = Play(open with { CopyRatio = uint.MaxValue }).Where(score => score.Outcome == SensorOutcome.Copied)
            .Min(score => score.Decisive);
        // Three quarters of the correlation that 49 of 50 windows reach that tell.
        long[] follow = [.. Play(open with { FollowMin = uint.MaxValue }).Where(score => score.Outcome == SensorOutcome.DoesNotFollow)
            .Select(score => score.Decisive).Order()];
        // The ratio that 24 of 25 windows stay below, and a fifth more.
        uint stale = new uint[] { 1_200_000, 1_300_000, 1_400_000, 1_500_000, 1_750_000, 2_000_000, 2_500_000 }.First(
            ratio => Play(open with { StaleRatio = ratio }) is var scores && scores
                .Count(score => score.Outcome == SensorOutcome.Stale) <= 0.04 * scores.Length);
        return open with
        {
            Tolerance = tolerance,
            BiasTolerance = bias,
            CopyRatio = (uint)(alike / 2 / 10_000 * 10_000),
            FollowMin = (uint)long.Clamp(follow[follow.Length / 50] * 3 / 4 / 50_000 * 50_000, 200_000, 800_000),
            StaleRatio = stale + 200_000,
            ConstantRatio = new SensorScoreRules { Tolerance = 0, BiasTolerance = 0 }.ConstantRatio,
        };
    }

    public static bool IsJudged(SensorScore score) => score.Outcome is not (SensorOutcome.Unwitnessed or SensorOutcome.TooFewReadings);
}
