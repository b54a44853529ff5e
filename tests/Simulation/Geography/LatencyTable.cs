using System.Text.Json;

namespace AppChain.Simulation.Geography;

/// <summary>Measured round trips between regions, in microseconds: the median and the 90th percentile over a long time.</summary>
sealed class LatencyTable
{
    /// <summary>The regions that the figures of docs/consensus-figures.md are about: five continents, the large population centres of
    /// each, none near another.</summary>
    public static readonly IReadOnlyList<string> TenRegions =
    [
        "us-west-1", "us-east-1", "sa-east-1", "eu-west-1", "eu-central-1",
        "eu-north-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-southeast-2",
    ];

    readonly Dictionary<(string From, string To), (long MedianUs, long NinetiethUs)> roundTrips;

    LatencyTable(string source, Dictionary<(string From, string To), (long MedianUs, long NinetiethUs)> roundTrips)
    {
        Source = source;
        this.roundTrips = roundTrips;
        Regions = [.. roundTrips.Keys.Select(pair => pair.From).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Where the figures come from, for the report.</summary>
    public string Source { get; }

    /// <summary>In alphabetical order.</summary>
    public IReadOnlyList<string> Regions { get; }

    public (long MedianUs, long NinetiethUs) RoundTrip(string from, string to) => roundTrips[(from, to)];

    /// <summary>Reads <c>p50.json</c> and <c>p90.json</c> of a folder; the embedded five regions if the folder is not there.</summary>
    /// <exception cref="FormatException">A pair of regions is missing in one of the files.</exception>
    public static LatencyTable Load(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return Embedded();
        }

        var (medians, ninetieths) = (Read(Path.Combine(folder, "p50.json")), Read(Path.Combine(folder, "p90.json")));
        var regions = medians.Keys.Select(pair => pair.From).Distinct().ToArray();
        var table = new Dictionary<(string From, string To), (long MedianUs, long NinetiethUs)>();
        foreach (var pair in from a in regions from b in regions select (From: a, To: b))
        {
            if (!medians.TryGetValue(pair, out var median) || !ninetieths.TryGetValue(pair, out var ninetieth))
            {
                throw new FormatException($"{folder} has no round trip from {pair.From} to {pair.To}");
            }

            table[pair] = (median, long.Max(median, ninetieth));
        }

        return new LatencyTable($"measured, {regions.Length} regions", table);
    }

    /// <summary>Round figures, good enough to try the command without the measurements.</summary>
    public static LatencyTable Embedded()
    {
        string[] regions = ["ap-northeast-1", "eu-central-1", "sa-east-1", "us-east-1", "us-west-1"];
        int[,] medianMs =
        {
            { 3, 225, 255, 145, 107 },
            { 225, 3, 203, 92, 151 },
            { 255, 203, 3, 115, 173 },
            { 145, 92, 115, 3, 62 },
            { 107, 151, 173, 62, 3 },
        };
        var table = new Dictionary<(string From, string To), (long MedianUs, long NinetiethUs)>();
        foreach (var (a, b) in from a in Enumerable.Range(0, regions.Length) from b in Enumerable.Range(0, regions.Length) select (a, b))
        {
            // A twentieth is what the measured 90th percentiles typically lie above the medians.
            var us = medianMs[a, b] * 1_000L;
            table[(regions[a], regions[b])] = (us, us + (us / 20));
        }

        return new LatencyTable("EMBEDDED round figures of five regions, as the measurements are not there", table);
    }

    // { "data": { "from": { "to": milliseconds } } }
    static Dictionary<(string From, string To), long> Read(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return json.RootElement.GetProperty("data").EnumerateObject()
            .SelectMany(from => from.Value.EnumerateObject()
                .Select(to => (Pair: (from.Name, to.Name), Us: (long)(to.Value.GetDouble() * 1_000))))
            .ToDictionary(entry => entry.Pair, entry => entry.Us);
    }
}
