using AppChain.Ledger;
using AppChain.Ledger.Location;

namespace AppChain.Tests.Calibration.Energy;

/// <summary>
/// Meters: bounds from four homes of CityLearn, judged on five others; and from half a year of Ausgrid's, judged on the other half. The
/// homes of CityLearn together make a feeder, which the data has no meter of: what it would have counted is reckoned from theirs, with
/// losses of 2.5 to 3.5 %.
/// </summary>
internal static class EnergyCalibration
{
    // The homes stand in Fontana and, as far as is known, in Sydney.
    private static readonly GeoPoint Fontana = new(340_920_000, -1_174_350_000), Sydney = new(-338_700_000, 1_512_100_000);
    private static readonly Lazy<Findings> Once = new(Run);

    public static Findings Findings => Once.Value;

    /// <summary>What a meter of panels claims for an interval.</summary>
    private delegate ulong Claim(Home home, int interval);

    private sealed record Part(Home Home, GeoPoint Place, int From, int To)
    {
        public EnergyVerdict Judge(int interval, ulong wh, MeterKind kind, EnergyScoreRules rules)
        {
            ulong start = Home.Starts[interval];
            MeterSite site = new(kind, Place, kind == MeterKind.Solar ? Home.PeakWatts : 10_000);
            MeterReading last = new(start - Home.IntervalSeconds, start, 1_000_000), now =
                new(start, start + Home.IntervalSeconds, 1_000_000 + wh);
            return MeterChecks.Judge(site, last, now, rules);
        }
    }

    private static Findings Run()
    {
        IReadOnlyList<Home> homes = Home.CityLearn();
        int year = homes[0].SolarWh.Length;
        Part[] learn = [.. homes.Take(4).Select(home => new Part(home, Fontana, 0, year))], judge =
            [.. homes.Skip(4).Select(home => new Part(home, Fontana, 0, year))];
        EnergyScoreRules city = Derive(learn);

        // The rating of the panels is not published: the most that half a year saw is taken for 85 % of it.
        Home unrated = Home.Ausgrid(1);
        int half = unrated.SolarWh.Length / 2;
        Home ausgrid = unrated with { PeakWatts = unrated.SolarWh.Take(half).Max() * 2 * 100 / 85 };
        EnergyScoreRules sydney = Derive([new Part(ausgrid, Sydney, 0, half)]);
        Part[] other = [new Part(ausgrid, Sydney, half, 2 * half)];

        List<Finding> honest = [Kept("Solar (CityLearn)", judge, city), Kept("Solar (Ausgrid)", other, sydney),
            Load("Load (CityLearn)", judge, city), Load("Load (Ausgrid)", other, sydney)];
        List<Finding> frauds =
        [
            Night("Solar (CityLearn)", judge, city), Night("Solar (Ausgrid)", other, sydney),
            Shifted("Solar (CityLearn)", judge, city), Shifted("Solar (Ausgrid)", other, sydney),
        ];
        Street street = new(homes, judge[0].Place, city);
        honest.Add(street.Kept());
        frauds.AddRange(street.Frauds());
        string bounds = "| Data | Learned from | judged on | In the dark | Of a clear sky |\n|---|---|---|---|---|\n";
        bounds += FormattableString.Invariant($"| CityLearn | {learn.Length} homes, a year | {judge.Length} homes, a year | {city.DarkWatts} W | {city.ClearSkyMargin / 1e6:0.00} |\n");
        bounds += FormattableString.Invariant($"| Ausgrid | half a year | the other half | {sydney.DarkWatts} W | {sydney.ClearSkyMargin / 1e6:0.00} |\n");
        return new Findings(honest, frauds, bounds);
    }

    private static EnergyScoreRules Derive(Part[] parts)
    {
        EnergyScoreRules rules = new() { ClearSkyMargin = 10_000_000, PeakMargin = 10_000_000 };
        int Refused(EnergyScoreRules tried, EnergyOutcome outcome) => parts.Sum(part => Enumerable.Range(part.From, part.To - part.From)
            .Count(interval => part.Home.SolarWh[interval] > 0
                && part.Judge(interval, part.Home.SolarWh[interval], MeterKind.Solar, tried).Outcome == outcome));

        // The least that 99.9 % of the intervals stay below, and a quarter more in the dark, a tenth in the light.
        int few = parts.Sum(part => part.To - part.From) / 1_000;
        ulong dark = new ulong[] { 1, 2, 5, 10, 20, 24, 30, 50, 100 }
            .First(watts => Refused(rules with { DarkWatts = watts }, EnergyOutcome.SunIsDown) <= few) * 5 / 4;
        uint margin = Enumerable.Range(6, 15).Select(tenth => (uint)tenth * 100_000)
            .First(ppm => Refused(rules with { DarkWatts = dark, ClearSkyMargin = ppm }, EnergyOutcome.BeyondClearSky) <= few) + 100_000;
        return new EnergyScoreRules { DarkWatts = dark, ClearSkyMargin = margin };
    }

    private static Finding Kept(string data, Part[] parts, EnergyScoreRules rules) =>
        Solar(data, "measures what its panels make", parts, rules, (home, interval) => home.SolarWh[interval], _ => true);

    private static Finding Load(string data, Part[] parts, EnergyScoreRules rules)
    {
        int cases = 0, refused = 0;
        ulong kept = 0, all = 0;
        foreach (Part part in parts)
        {
            for (int interval = part.From; interval < part.To; interval++)
            {
                EnergyVerdict verdict = part.Judge(interval, part.Home.LoadWh[interval], MeterKind.Load, rules);
                (cases, refused) = (cases + 1, refused + (verdict.Outcome == EnergyOutcome.Valid ? 0 : 1));
                (kept, all) = (kept + verdict.Wh, all + part.Home.LoadWh[interval]);
            }
        }
        return new Finding(data, "measures what the home takes", cases, refused / (double)cases, kept / (double)all);
    }

    private static Finding Night(string data, Part[] parts, EnergyScoreRules rules) =>
        Solar(data, "claims a quarter of its rating all night", parts, rules, (home, _) =>
            home.PeakWatts * home.IntervalSeconds / 4 / 3_600, hour => hour is >= 21 or < 4);

    private static Finding Shifted(string data, Part[] parts, EnergyScoreRules rules) => Solar(
        data, "claims at night what it made by day", parts, rules,
        (home, interval) => home.SolarWh[int.Max(0, interval - (int)(43_200 / home.IntervalSeconds))], hour => hour is >= 21 or < 4);

    // Of the local hours that are asked for; earned is relative to what the panels honestly made in all hours.
    private static Finding Solar(string data, string story, Part[] parts, EnergyScoreRules rules, Claim claim, Func<int, bool> hours)
    {
        int cases = 0, refused = 0;
        ulong paid = 0, made = 0;
        foreach (Part part in parts)
        {
            for (int interval = part.From; interval < part.To; interval++)
            {
                made += part.Home.SolarWh[interval];
                ulong wh = claim(part.Home, interval);
                if (wh == 0 || !hours(LocalHour(part, interval)))
                    continue;
                EnergyVerdict verdict = part.Judge(interval, wh, MeterKind.Solar, rules);
                (cases, refused, paid) = (cases + 1, refused + (verdict.Outcome == EnergyOutcome.Valid ? 0 : 1), paid + verdict.Wh);
            }
        }
        return new Finding(data, story, cases, refused / (double)cases, paid / (double)made);
    }

    private static int LocalHour(Part part, int interval) =>
        (int)((part.Home.Starts[interval] + 86_400 + (ulong)(part.Place.LongitudeE7 / 10_000_000 * 240)) % 86_400 / 3_600);

}
