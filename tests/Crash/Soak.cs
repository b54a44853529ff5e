using System.Diagnostics;
using System.Globalization;
using AppChain.Crash.World;

namespace AppChain.Crash;

/// <summary>Many crash points, and what was found.</summary>
internal static class Soak
{
    private const int PointsPerHistory = 30;
    private const int PrintedMax = 20;
    private const int ProgressEvery = 1_000;

    /// <summary>Counts of one fault.</summary>
    public sealed record Tally(int Points, int Refused, int Problems);

    /// <summary>Runs them.</summary>
    /// <param name="print">Told of every problem, and of progress. One caller at a time.</param>
    public static IReadOnlyDictionary<Fault, Tally> Run(CommandLine options, Worlds worlds, Action<string> print)
    {
        Dictionary<Fault, Tally> tallies = options.Faults.ToDictionary(static fault => fault, static _ => new Tally(0, 0, 0));
        int done = 0, problems = 0;
        Lock gate = new();
        int histories = (options.Points + PointsPerHistory - 1) / PointsPerHistory;
        Parallel.For(0, histories, new ParallelOptions { MaxDegreeOfParallelism = options.Jobs }, index =>
        {
            int points = Math.Min(PointsPerHistory, options.Points - (index * PointsPerHistory));
            foreach (CrashPoint point in new History(options.Seed + index, worlds).Run(points, options.Faults))
            {
                lock (gate)
                {
                    bool isProblem = point.Verdict.Problem is not null && !MayRefuse(point);
                    Tally tally = tallies[point.Fault];
                    tallies[point.Fault] = new Tally(tally.Points + 1, tally.Refused + (MayRefuse(point) ? 1 : 0), tally.Problems + (isProblem ? 1 : 0));
                    if (isProblem && problems++ < PrintedMax)
                        print(Describe(point));
                    if (++done % ProgressEvery == 0)
                        print($"{done} of {options.Points} points");
                }
            }
        });
        return tallies;
    }

    /// <summary>The tool.</summary>
    /// <returns>Exit code: 0 if nothing is lost; of the control, if something is.</returns>
    public static int Main(ReadOnlySpan<string> args)
    {
        if (!CommandLine.TryParse(args, out CommandLine options))
        {
            Console.Error.WriteLine(CommandLine.Usage);
            return 2;
        }
        using Worlds worlds = new(options.Keep);
        if (options.Again is { } folder)
        {
            (Evidence evidence, Verdict verdict) = worlds.Again(folder);
            Console.WriteLine($"seed {evidence.Seed}, point {evidence.Number}, {CommandLine.NameOf(evidence.Fault)}: {verdict.Problem ?? "all is as it must be"}");
            return verdict.Problem is null ? 0 : 1;
        }
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyDictionary<Fault, Tally> tallies = Run(options, worlds, Console.WriteLine);
        foreach ((Fault fault, Tally tally) in tallies)
            Console.WriteLine($"{CommandLine.NameOf(fault),-16} {tally.Points} points, {tally.Problems} with a problem" + (MayRefuse(fault) ? $", {tally.Refused} refused as damaged" : ""));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"took",-16} {watch.Elapsed.TotalSeconds:F0} s, {options.Points / watch.Elapsed.TotalSeconds:F1} points a second"));
        bool isFound = tallies.Values.Any(static tally => tally.Problems > 0);
        return isFound == options.Faults.Contains(Fault.LogNotSynced) ? 0 : 1;
    }

    // RocksDB cannot tell zeros in a page that nobody was promised from damage: to refuse is right, to lose is not.
    private static bool MayRefuse(Fault fault) => fault == Fault.PowerCutAnyPages;

    private static bool MayRefuse(CrashPoint point) => MayRefuse(point.Fault) && point.Verdict.IsRefusal;

    private static string Describe(CrashPoint point) =>
        $"seed {point.Seed}, point {point.Number}, {CommandLine.NameOf(point.Fault)}: {point.Verdict.Problem}"
        + (point.Kept is { } kept ? $"\n  again: tests/crash --again {kept}" : "");
}
