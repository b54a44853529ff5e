using System.Globalization;
using System.Text.Json;

namespace AppChain.Tests.Calibration.Energy;

/// <summary>What the two meters of a home counted in each interval.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Starts">When each interval began, in Unix seconds.</param>
/// <param name="IntervalSeconds">How long each is.</param>
/// <param name="PeakWatts">What its panels are rated at.</param>
/// <param name="LoadWh">What it took.</param>
/// <param name="SolarWh">What its panels made.</param>
internal sealed record Home(string Name, ulong[] Starts, ulong IntervalSeconds, ulong PeakWatts, ulong[] LoadWh, ulong[] SolarWh)
{
    /// <summary>
    /// CityLearn 2022: homes in Fontana, California, a year from 2016-08-01 by the clock on the wall; an hour's row has the number with
    /// which it begins.
    /// </summary>
    public static IReadOnlyList<Home> CityLearn()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(RealData.Path("energy", "schema.json")));
        List<Home> homes = [];
        foreach (int number in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 14 })
        {
            string name = $"Building_{number}";
            double kilowatts = schema.RootElement.GetProperty("buildings").GetProperty(name).GetProperty("pv").GetProperty("attributes")
                .GetProperty("nominal_power").GetDouble();
            string[][] rows = [.. File.ReadLines(RealData.Path("energy", name + ".csv")).Skip(1).Select(line => line.Split(','))];
            homes.Add(new Home(
                name, [.. rows.Select((_, index) => Fontana(Unix("2016-08-01 00:00Z") + ((ulong)index * 3_600)))], 3_600,
                    (ulong)(kilowatts * 1_000), [.. rows.Select(row => (ulong)(Number(row[7]) * 1_000))],
                [.. rows.Select(row => (ulong)(Number(row[11]) * kilowatts))]));
        }
        return homes;
    }

    /// <summary>Ausgrid's customer 12: near Sydney, half-hours from 2011-07-01, summer time from October to March.</summary>
    /// <param name="peakWatts">What its panels are rated at: not published.</param>
    public static Home Ausgrid(ulong peakWatts)
    {
        string[][] rows = [.. File.ReadLines(RealData.Path("energy", "ausgrid_customer12_2011-2012.csv")).Skip(1)
            .Select(line => line.Split(','))];
        return new Home(
            "Ausgrid customer 12", [.. rows.Select(row => Sydney(row[0]))], 1_800, peakWatts,
                [.. rows.Select(row => (ulong)(Number(row[1]) * 1_000))],
            [.. rows.Select(row => (ulong)Math.Round(Number(row[2]) * 1_000))]);
    }

    private static ulong Sydney(string local)
    {
        ulong clock = Unix(local + "Z");
        return clock - (clock >= Unix("2011-10-02 02:00Z") && clock < Unix("2012-04-01 03:00Z") ? 39_600UL : 36_000UL);
    }

    private static ulong Fontana(ulong clock) => clock + (clock >= Unix("2016-11-06 02:00Z") && clock < Unix("2017-03-12 02:00Z") ? 28_800UL
        : 25_200UL);

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

    private static ulong Unix(string time) => (ulong)DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}
