using System.Globalization;
using AppChain.Simulation.Geography;

namespace AppChain.Simulation.Cli;

/// <summary>The options of <c>tests/simulate world</c>.</summary>
sealed record WorldCommandLine
{
    public const string Usage = """
        tests/simulate world [--validators LIST] [--rates LIST] [--regions ten|all|LIST] [--faults none|silent|both]
                             [--lanes one|two] [--blocks N] [--seed S] [--latency FOLDER] [--report FILE]
          --validators LIST  numbers of validators, 1 to 128 (default 4,7,10,16,25,50,100)
          --rates LIST       links in MB/s, up and down alike; "mixed" deals out 5, 12.5, 25, 50 and 125 (default 5,25,125,mixed)
          --regions …        where they are (default ten: the ten of docs/consensus-figures.md)
          --faults …         without faults, with f silent validators, or both (default)
          --lanes …          one queue per link (default), or two: certificates wait for everything else
          --blocks N         blocks measured in each world (default 100)
          --seed S           draws jitter, and who is silent (default 1)
          --latency FOLDER   the measured round trips: p50.json and p90.json (default ../shared/data/latency)
          --report FILE      write the figures as JSON
        """;

    static readonly long[] Mixed = [5_000_000, 12_500_000, 25_000_000, 50_000_000, 125_000_000];

    public IReadOnlyList<int> Validators { get; private init; } = [4, 7, 10, 16, 25, 50, 100];
    public IReadOnlyList<string> Rates { get; private init; } = ["5", "25", "125", "mixed"];
    public string Regions { get; private init; } = "ten";
    public IReadOnlyList<bool> Silent { get; private init; } = [false, true];
    public bool CertificatesLast { get; private init; }
    public int Blocks { get; private init; } = 100;
    public ulong Seed { get; private init; } = 1;
    public string LatencyFolder { get; private init; } = Path.Combine("..", "shared", "data", "latency");
    public string? Report { get; private init; }

    /// <summary>Null, with what is wrong in <paramref name="problem"/>.</summary>
    public static WorldCommandLine? Parse(string[] args, out string problem)
    {
        problem = "";
        var line = new WorldCommandLine();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            if (line.With(args[i], value) is not { } next)
            {
                problem = $"not understood: {args[i]} {value}";
                return null;
            }

            line = next;
        }

        problem = OutputFile.Problem(line.Report) ?? "";
        if (args.Contains("--latency") && !Directory.Exists(line.LatencyFolder))
        {
            problem = $"there is no folder {line.LatencyFolder}";
        }

        return problem == "" ? line : null;
    }

    /// <summary>The chosen regions; null if the table lacks one. Without the measurements "ten" means all that are embedded.</summary>
    public IReadOnlyList<string>? RegionsOf(LatencyTable table, out string problem)
    {
        var chosen = Regions switch
        {
            "all" => table.Regions,
            "ten" when !LatencyTable.TenRegions.All(table.Regions.Contains) => table.Regions,
            "ten" => LatencyTable.TenRegions,
            _ => Regions.Split(','),
        };
        var unknown = chosen.FirstOrDefault(region => !table.Regions.Contains(region));
        problem = unknown is null ? "" : $"no latencies of {unknown}; there are {string.Join(' ', table.Regions)}";
        return unknown is null ? chosen : null;
    }

    public IEnumerable<WideWorld> Worlds(LatencyTable table, IReadOnlyList<string> regions) =>
        from validators in Validators
        from silent in Silent
        where !silent || validators >= 4
        from rate in Rates
        select new WideWorld
        {
            Latencies = table,
            Regions = regions,
            Validators = validators,
            Rates = TryRate(rate)!,
            RateName = rate,
            WithSilent = silent,
            Blocks = Blocks,
            Seed = Seed,
            CertificatesLast = CertificatesLast,
        };

    WorldCommandLine? With(string option, string value)
    {
        var number = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        string[] list = value.Split(',');
        return option switch
        {
            "--validators" when list.All(item => TryCount(item) is not null) =>
                this with { Validators = [.. list.Select(item => TryCount(item)!.Value)] },
            "--rates" when list.All(item => TryRate(item) is not null) => this with { Rates = list },
            "--regions" when value != "" => this with { Regions = value },
            "--faults" when value is "none" or "silent" or "both" =>
                this with { Silent = value == "both" ? [false, true] : [value == "silent"] },
            "--lanes" when value is "one" or "two" => this with { CertificatesLast = value == "two" },
            "--blocks" when number is > 0 and <= int.MaxValue => this with { Blocks = (int)number },
            "--seed" when number > 0 || value == "0" => this with { Seed = number },
            "--latency" when value != "" => this with { LatencyFolder = value },
            "--report" when value != "" => this with { Report = value },
            _ => null,
        };
    }

    static int? TryCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= Scenario.ValidatorsMax
            ? count
            : null;

    static IReadOnlyList<long>? TryRate(string text) =>
        text == "mixed" ? Mixed
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var megabytes)
            && megabytes is > 0 and <= 100_000
            ? [(long)(megabytes * 1_000_000)]
            : null;
}
