using System.Globalization;

namespace AppChain.Simulation.Cli;

/// <summary>The options of <c>tests/simulate</c>.</summary>
sealed record CommandLine
{
    public const string Usage = """
        tests/simulate --seeds N [--from S] [--validators n] [--views V] [--profile NAME] [--failures F] [--report FILE]
                       [--transcript FILE] [--jobs N]
        tests/simulate world …   how fast it is between the regions of the world: tests/simulate world --help
          --seeds N        how many seeds to run (default 100)
          --from S         the first of them (default 0)
          --validators n   as many validators in each run, 1 to 128 (default: 1 to 10, by the seed)
          --views V        faults end at this view (default 40)
          --profile NAME   by-seed (default), calm, lossy, partitions, crashes, clocks, disks, narrow, epochs,
                           byzantine, everything, ledger
          --failures F     stop after so many failures (default: never)
          --jobs N         that many at a time, 1 to 64 (default 1); the outcome is the same
          --report FILE    write the summary as JSON
          --transcript FILE  write what happened in the last seed, failed or not
        """;

    const int JobsMax = 64;

    public ulong Seeds { get; private init; } = 100;
    public ulong From { get; private init; }
    public int? Validators { get; private init; }
    public ulong? Views { get; private init; }
    public string Profile { get; private init; } = Profiles.BySeed;
    public ulong FailuresMax { get; private init; } = ulong.MaxValue;
    public string? Report { get; private init; }
    public string? Transcript { get; private init; }
    public int Jobs { get; private init; } = 1;

    /// <summary>Null, with what is wrong in <paramref name="problem"/>.</summary>
    public static CommandLine? Parse(string[] args, out string problem)
    {
        problem = "";
        var line = new CommandLine();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var number = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : (ulong?)null;
            var next = (args[i], number) switch
            {
                ("--seeds", > 0) => line with { Seeds = parsed },
                ("--from", not null) => line with { From = parsed },
                ("--validators", >= 1 and <= Scenario.ValidatorsMax) => line with { Validators = (int)parsed },
                ("--views", > 0) => line with { Views = parsed },
                ("--failures", > 0) => line with { FailuresMax = parsed },
                ("--profile", _) when Profiles.Exists(value) => line with { Profile = value },
                ("--jobs", >= 1 and <= JobsMax) => line with { Jobs = (int)parsed },
                ("--report", _) when value != "" => line with { Report = value },
                ("--transcript", _) when value != "" => line with { Transcript = value },
                _ => null,
            };
            if (next is null)
            {
                problem = $"not understood: {args[i]} {value}";
                return null;
            }

            line = next;
        }

        if (line.From > ulong.MaxValue - line.Seeds)
        {
            problem = "--from and --seeds together go beyond the last seed";
            return null;
        }

        problem = OutputFile.Problem(line.Report) ?? OutputFile.Problem(line.Transcript) ?? "";
        return problem == "" ? line : null;
    }

    /// <summary>What runs one seed of this command again.</summary>
    public string Replay(ulong seed) =>
        string.Create(CultureInfo.InvariantCulture, $"tests/simulate --seeds 1 --from {seed}")
        + (Validators is { } n ? string.Create(CultureInfo.InvariantCulture, $" --validators {n}") : "")
        + (Views is { } v ? string.Create(CultureInfo.InvariantCulture, $" --views {v}") : "")
        + (Profile == Profiles.BySeed ? "" : $" --profile {Profile}");
}
