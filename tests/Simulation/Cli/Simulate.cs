using System.Diagnostics;

namespace AppChain.Simulation.Cli;

/// <summary>Runs seeds one after the other and says what came of them.</summary>
static class Simulate
{
    static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);

    /// <summary>0: every run was safe and live. 1: some was not. 2: the command was not understood.</summary>
    public static int Main(string[] args)
    {
        if (CommandLine.Parse(args, out var problem) is not { } line)
        {
            Console.Error.WriteLine(problem);
            Console.Error.WriteLine(CommandLine.Usage);
            return 2;
        }

        var summary = new Summary(line);
        var clock = Stopwatch.StartNew();
        var shown = clock.Elapsed;
        foreach (var outcome in Outcomes(line))
        {
            summary.Add(outcome, outcome.Failure is null ? null : Explain(line, outcome.Scenario, outcome));
            if (outcome.Transcript is { } transcript)
            {
                File.WriteAllText(line.Transcript!, transcript);
            }

            if (clock.Elapsed - shown > ProgressEvery)
            {
                shown = clock.Elapsed;
                Console.WriteLine(summary.Progress(clock.Elapsed));
            }

            if (summary.Failures >= line.FailuresMax)
            {
                break;
            }
        }

        Console.WriteLine(summary.Text(clock.Elapsed));
        if (line.Report is { } report)
        {
            File.WriteAllText(report, summary.Json(clock.Elapsed));
        }

        return summary.Failures > 0 ? 1 : 0;
    }

    // In the order of the seeds, however many threads there are: each run is a world of its own.
    static IEnumerable<Outcome> Outcomes(CommandLine line)
    {
        var last = line.From + line.Seeds - 1;
        Outcome Of(ulong seed) =>
            Run.Of(Profiles.Make(seed, line.Profile, line.Validators, line.Views), transcribe: seed == last && line.Transcript is not null);

        return line.Jobs == 1
            ? Seeds(line.From, last).Select(Of)
            : Seeds(line.From, last).AsParallel().AsOrdered().WithDegreeOfParallelism(line.Jobs)
                .WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(Of);
    }

    static IEnumerable<ulong> Seeds(ulong from, ulong last)
    {
        for (var seed = from; seed <= last; seed++)
        {
            yield return seed;
        }
    }

    /// <summary>Runs a failed seed again, writing its transcript; says how to replay it.</summary>
    static string Explain(CommandLine line, Scenario scenario, Outcome outcome)
    {
        var again = Run.Of(scenario, transcribe: true);
        var directory = Directory.CreateDirectory(Path.Combine("artifacts", "simulation"));
        var file = Path.Combine(directory.FullName, $"seed-{scenario.Seed}.txt");
        File.WriteAllText(file, again.Transcript);
        var same = again.TraceHash == outcome.TraceHash ? "" : " (and it was NOT the same run twice)";
        Console.WriteLine($"FAILED {scenario}{same}");
        Console.WriteLine($"  {outcome.Failure}");
        Console.WriteLine($"  transcript: {file}");
        Console.WriteLine($"  again:      {line.Replay(scenario.Seed)}");
        return file;
    }
}
