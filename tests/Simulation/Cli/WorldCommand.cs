using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AppChain.Simulation.Geography;

namespace AppChain.Simulation.Cli;

/// <summary><c>tests/simulate world</c>: how fast the core is between the regions of the world, by number of validators and rate of
/// their links, without faults and with f silent validators.</summary>
static class WorldCommand
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>0: all worlds ran. 1: one was not safe or stood still. 2: the command was not understood.</summary>
    public static int Main(string[] args)
    {
        if (WorldCommandLine.Parse(args, out var problem) is not { } line)
        {
            Console.Error.WriteLine(problem);
            Console.Error.WriteLine(WorldCommandLine.Usage);
            return 2;
        }

        var table = LatencyTable.Load(line.LatencyFolder);
        if (line.RegionsOf(table, out problem) is not { } regions)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }

        Console.WriteLine($"latencies: {table.Source}");
        Console.WriteLine($"regions:   {string.Join(' ', regions)}");
        Console.WriteLine(Header);
        var results = new List<WideResult>();
        var clock = Stopwatch.StartNew();
        try
        {
            foreach (var world in line.Worlds(table, regions))
            {
                results.Add(world.Run());
                Console.WriteLine(Row(results[^1]));
            }
        }
        catch (Violation violation)
        {
            Console.WriteLine($"FAILED {violation.Message}");
            return 1;
        }

        var trace = results.Aggregate(0UL, (hash, result) => Mix.Fold(hash, result.TraceHash));
        Console.WriteLine($"trace {trace:x16}, {clock.Elapsed.TotalSeconds:0} s");
        if (line.Report is { } file)
        {
            File.WriteAllText(file, Json(table, regions, results));
        }

        return 0;
    }

    const string Header =
        "|   n | silent | MB/s  | finality p50 / p95 | at all p50 / p95 | interval p50 / p95 | bound p50 | measured/bound "
        + "| skipped views | kB per block |\n"
        + "|----:|-------:|------:|-------------------:|-----------------:|-------------------:|----------:|---------------:"
        + "|--------------:|-------------:|";

    static string Row(WideResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {result.World.Validators,3} | {result.Silent,6} | {result.World.RateName,5} | {Pair(result.FinalityUs),18} | "
        + $"{Pair(result.FinalityOfAllUs),16} | {Pair(result.IntervalUs),18} | {result.BoundUs(50) / 1000,9} | "
        + $"{(double)result.FinalityUs(50) / result.BoundUs(50),14:0.00} | {result.SkippedViews,13} | {result.BytesPerBlock / 1000,12} |");

    static string Pair(Func<int, long> us) => $"{us(50) / 1000} / {us(95) / 1000} ms";

    static string Json(LatencyTable table, IReadOnlyList<string> regions, IEnumerable<WideResult> results) => JsonSerializer.Serialize(
        new
        {
            latencies = table.Source,
            regions,
            rows = results.Select(result => new
            {
                validators = result.World.Validators,
                silent = result.Silent,
                megabytesPerSecond = result.World.RateName,
                seed = result.World.Seed,
                blocks = result.World.Blocks,
                certificatesLast = result.World.CertificatesLast,
                finalityMs = Ms(result.FinalityUs),
                finalityAtAllMs = Ms(result.FinalityOfAllUs),
                intervalMs = Ms(result.IntervalUs),
                boundMs = Ms(result.BoundUs),
                boundAtAllMs = Ms(result.BoundOfAllUs),
                intervalBoundMs = Ms(result.IntervalBoundUs),
                skippedViews = result.SkippedViews,
                bytesPerBlockAndValidator = result.BytesPerBlock,
                messagesDropped = result.Dropped,
                trace = $"{result.TraceHash:x16}",
            }),
        },
        Indented);

    static object Ms(Func<int, long> us) => new { p50 = us(50) / 1000.0, p95 = us(95) / 1000.0 };
}
