using AppChain.Ledger;

namespace AppChain.Tests.Calibration.Sensors;

/// <summary>Sensors: bounds from every second sensor (air) or the first week (temperature), judged on the rest.</summary>
internal static class SensorCalibration
{
    private static readonly Lazy<Findings> Once = new(Run);

    public static Findings Findings => Once.Value;

    private sealed record Split(SensorTrial Trial, int[] LearnSensors, int[] LearnDays, int[] Sensors, int[] Days, SensorScoreRules Rules)
    {
        /// <summary>What two honest sensors differ by, roughly: noise is told in it.</summary>
        public double Spread { get; init; }

        public string Name => Trial.Recording.Name;
    }

    private static Findings Run()
    {
        Split[] splits =
        [
            ByDevice(SensorRecording.Air("PM2.5 (Aberdeen)", 9), 300), ByDevice(SensorRecording.Air("PM10 (Aberdeen)", 6), 800),
            ByTime(SensorRecording.Temperature("clean", out _), 600),
        ];
        List<Finding> honest = [], frauds = [];
        foreach (Split split in splits)
        {
            (Finding finding, double kept) = Judge(split, "reads", SensorTrial.Honest, true, 1);
            honest.Add(finding);
            frauds.AddRange(StoriesOf(split).Select(story => Judge(split, story.Name, story.Tell, story.Told, kept).Finding));
        }
        frauds.Add(LabelledFaults.Judge(splits[^1].Trial, splits[^1].Days, splits[^1].Rules));
        return new Findings(honest, frauds, BoundsOf(splits));
    }

    private static IEnumerable<(string Name, Story Tell, bool Told)> StoriesOf(Split split)
    {
        int NeighbourOf(int sensor) => split.Trial.NearestTo(sensor);
        double spread = split.Spread;
        yield return ("replays yesterday", SensorStories.Earlier(24), true);
        yield return ("replays yesterday with noise", SensorStories.Earlier(24, spread), true);
        yield return ("replays the day before yesterday", SensorStories.Earlier(48), true);
        yield return ("is 12 h late", SensorStories.Earlier(12), true);
        yield return ("is 6 h late", SensorStories.Earlier(6), true);
        yield return ("is 3 h late", SensorStories.Earlier(3), false);
        yield return ("is 1 h late", SensorStories.Earlier(1), false);
        yield return ("copies a neighbour", SensorStories.Neighbour(0, 0, NeighbourOf), true);
        yield return ("copies a neighbour, noise of a tenth of the spread", SensorStories.Neighbour(spread / 10, 0, NeighbourOf), true);
        yield return ("is told a neighbour's readings at once, noise of half the spread",
            SensorStories.Neighbour(spread / 2, 0, NeighbourOf), false);
        yield return ("copies what a neighbour revealed 3 h later, noise of half the spread",
            SensorStories.Neighbour(spread / 2, 3, NeighbourOf), false);
        yield return ("copies what a neighbour revealed 6 h later, noise of half the spread",
            SensorStories.Neighbour(spread / 2, 6, NeighbourOf), true);
        yield return ("is constant", SensorStories.Constant(), true);
        yield return ("is constant, noise of the spread", SensorStories.Constant(spread), true);
        yield return ("invents a walk", SensorStories.Invented(spread), true);
        yield return ("is off by four tolerances", SensorStories.Biased(4 * (long)split.Rules.Tolerance), true);
        yield return ("is off by half a tolerance", SensorStories.Biased((long)split.Rules.Tolerance / 2), false);
    }

    private static (Finding Finding, double Kept) Judge(Split split, string name, Story story, bool told, double honest)
    {
        SensorScore[] scores = [.. split.Trial.Play(split.Sensors, split.Days, story, split.Rules)
            .Where(score => score.Outcome != SensorOutcome.TooFewReadings)];
        double passing = scores.Count(score => score.Evidence == SensorEvidence.For) / (double)scores.Length;
        double failing = scores.Count(score => score.Evidence == SensorEvidence.Against) / (double)scores.Length;
        // Who turns to this has all the trust there is: that is the most it can earn.
        double earned = TrustWalk.PaidShare(passing, failing, SensorTrust.Max) * scores.Average(score => score.Ppm / 1e6);
        return (new Finding(split.Name, name, scores.Length, failing, earned / honest, told), earned);
    }

    private static Split ByDevice(SensorRecording recording, double spread)
    {
        SensorTrial trial = new(recording);
        int[] days = [.. Enumerable.Range(0, recording.Days)];
        int[] sensors = [.. Enumerable.Range(0, recording.Sensors.Count).Where(trial.IsWitnessed)];
        int[] learn = [.. sensors.Where((_, index) => index % 2 == 0)], judge = [.. sensors.Where((_, index) => index % 2 == 1)];
        return new Split(trial, learn, days, judge, days, SensorBounds.Derive(trial, learn, days)) { Spread = spread };
    }

    private static Split ByTime(SensorRecording recording, double spread)
    {
        SensorTrial trial = new(recording);
        int[] sensors = [.. Enumerable.Range(0, recording.Sensors.Count)];
        int[] learn = [.. Enumerable.Range(0, recording.Days / 2)], judge = [.. Enumerable.Range(0, recording.Days).Except(learn)];
        return new Split(trial, sensors, learn, sensors, judge, SensorBounds.Derive(trial, sensors, learn)) { Spread = spread };
    }

    private static string BoundsOf(Split[] splits)
    {
        string page =
            "| Metric | Sensors and days learned from | judged on | Tolerance | Offset | Follows | Stale | Copy | Spread |\n|---|---|---|---|---|---|---|---|---|\n";
        foreach (Split split in splits)
        {
            SensorScoreRules rules = split.Rules;
            page += FormattableString.Invariant($"| {split.Name} | {split.LearnSensors.Length} × {split.LearnDays.Length} | {split.Sensors.Length} × {split.Days.Length} ")
                + FormattableString.Invariant($"| {rules.Tolerance / 1e3:0.##} | {rules.BiasTolerance / 1e3:0.##} | {rules.FollowMin / 1e6:0.00} | {rules.StaleRatio / 1e6:0.00} | {rules.CopyRatio / 1e6:0.00} | {split.Spread / 1e3:0.0} |\n");
        }
        return page;
    }
}
