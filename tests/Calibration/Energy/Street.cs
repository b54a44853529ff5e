using System.Collections.Immutable;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Calibration.Energy;

/// <summary>
/// Homes behind one transformer. What is usual is learned in the first half of the year, frauds are judged in the second.
/// </summary>
internal sealed class Street
{
    private const string Data = "Feeder (CityLearn)";
    private readonly IReadOnlyList<Home> homes;
    private readonly GeoPoint place;
    private readonly EnergyScoreRules rules;
    private readonly ulong[] usual;
    private readonly int half;

    public Street(IReadOnlyList<Home> homes, GeoPoint place, EnergyScoreRules rules)
    {
        (this.homes, this.place, this.rules) = (homes, place, rules);
        half = homes[0].SolarWh.Length / 2;
        usual = new ulong[homes.Count];
        for (int interval = 0; interval < half; interval++)
        {
            FeederGroup feeder = FeederAt(interval, []);
            for (int home = 0; home < homes.Count; home++)
                usual[home] = EnergyScoring.UsualAfter(usual[home], feeder.Meters[home], feeder, rules);
        }
    }

    public Finding Kept()
    {
        ulong paid = 0, made = 0;
        int cases = 0, refused = 0;
        foreach (int interval in Judged())
        {
            FeederGroup feeder = FeederAt(interval, []);
            FeederScores scores = EnergyScoring.Score(feeder, rules);
            for (int home = 0; home < homes.Count; home++)
                (paid, made) = (paid + scores.Scores[home].Wh, made + feeder.Meters[home].Wh);
            (cases, refused) = (cases + 1, refused + (scores.MissingWh > 0 ? 1 : 0));
        }
        return new Finding(Data, "has meters that add up", cases, refused / (double)cases, paid / (double)made);
    }

    public IEnumerable<Finding> Frauds()
    {
        foreach (int percent in new[] { 110, 120, 150, 200, 300 })
            yield return Inflated(percent);
        yield return Invented(1);
        yield return Invented(5);
    }

    // What one roof gains beyond what it made, and whether the feeder noticed: each home in turn. Twilight counts little and is left out of
    // the cases.
    private Finding Inflated(int percent)
    {
        double gained = 0, made = 0;
        int cases = 0, caught = 0;
        for (int home = 0; home < homes.Count; home++)
        {
            foreach (int interval in Judged())
            {
                ulong real = homes[home].SolarWh[interval], claimed = real * (ulong)percent / 100;
                if (real < homes[home].PeakWatts / 20)
                    continue;
                FeederGroup feeder = FeederAt(interval, []);
                FeederMeter liar = feeder.Meters[home] with { Wh = Believed(homes[home], interval, claimed) };
                EnergyScore score = EnergyScoring.Score(feeder with { Meters = feeder.Meters.SetItem(home, liar) }, rules).Scores[home];
                (cases, caught) = (cases + 1, caught + (score.Wh <= real ? 1 : 0));
                (gained, made) = (gained + score.Wh - real, made + real);
            }
        }
        return new Finding(Data, FormattableString.Invariant($"inflates its meter to {percent} %"), cases, caught / (double)cases,
            Math.Max(0, gained / made));
    }

    // Roofs that are not there claim what the median of the street makes.
    private Finding Invented(int roofs)
    {
        double paid = 0, honest = 0;
        int cases = 0, caught = 0;
        ulong[] known = new ulong[roofs];
        foreach (int interval in Judged())
        {
            ulong median = homes.Select(home => home.SolarWh[interval] * 4_000 / home.PeakWatts).Order().ElementAt(homes.Count / 2);
            if (median < 200)
                continue;
            FeederMeter[] fakes = [.. Enumerable.Range(0, roofs).Select(number =>
                new FeederMeter(DeviceNames.Of(100 + number), MeterKind.Solar, median + (ulong)number, 4_000, known[number]))];
            FeederGroup feeder = FeederAt(interval, fakes);
            FeederScores scores = EnergyScoring.Score(feeder, rules);
            for (int number = 0; number < roofs; number++)
            {
                EnergyScore score = scores.Scores[^(roofs - number)];
                (cases, caught, paid) = (cases + 1, caught + (score.Wh == 0 ? 1 : 0), paid + score.Wh);
                known[number] = EnergyScoring.UsualAfter(known[number], fakes[number], feeder, rules);
            }
            honest += median * (double)roofs;
        }
        return new Finding(Data, roofs == 1 ? "has no panels, and claims the street's median"
            : $"is a fleet of {roofs} roofs that are not there", cases, caught / (double)cases, paid / honest);
    }

    private IEnumerable<int> Judged() => Enumerable.Range(half, half);

    private ulong Believed(Home home, int interval, ulong claimed)
    {
        ulong start = home.Starts[interval];
        MeterReading last = new(start - home.IntervalSeconds, start, 0), now = new(start, start + home.IntervalSeconds, claimed);
        return MeterChecks.Judge(new MeterSite(MeterKind.Solar, place, home.PeakWatts), last, now, rules).Wh;
    }

    // The transformer's meter counts what the homes really take and make, and losses between 2.5 and 3.5 %.
    private FeederGroup FeederAt(int interval, FeederMeter[] fakes)
    {
        ImmutableArray<FeederMeter> meters =
        [
            .. homes.Select((home, index) => new FeederMeter(DeviceNames.Of(index), MeterKind.Solar, home.SolarWh[interval], home.PeakWatts,
                usual[index])),
            .. homes.Select((home, index) => new FeederMeter(DeviceNames.Of(50 + index), MeterKind.Load, home.LoadWh[interval], 10_000, 0)),
            .. fakes,
        ];
        long taken = homes.Sum(home => (long)home.LoadWh[interval]), made = homes.Sum(home => (long)home.SolarWh[interval]);
        long lost = long.Max(taken, made) * (25 + (interval * 7 % 11)) / 1_000, net = taken + lost - made;
        return new FeederGroup(meters, (ulong)long.Max(net, 0), (ulong)long.Max(-net, 0));
    }
}
