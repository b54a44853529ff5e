using System.Globalization;
using AppChain.Crash.World;

namespace AppChain.Crash;

/// <summary>What the command line says.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        usage: tests/crash --points N [--seed S] [--jobs J] [--faults NAME,…] [--keep FOLDER]
               tests/crash --again FOLDER
          --points N      moments at which a run is cut
          --seed S        of the first history (0); others follow
          --jobs J        histories at a time (1)
          --faults …      killed, power-cut, any-pages (power is cut, pages are lost in any order); killed,power-cut unless given
                          log-not-synced is the control: exit code 0 only if what that loses is found
          --keep FOLDER   where the disks of failed points stay (artifacts/crash)
          --again FOLDER  judges a kept point again
        """;

    private static readonly Dictionary<string, Fault> FaultOfName = new()
    {
        ["killed"] = Fault.Killed,
        ["power-cut"] = Fault.PowerCut,
        ["any-pages"] = Fault.PowerCutAnyPages,
        ["log-not-synced"] = Fault.LogNotSynced,
    };

    public int Points { get; init; }

    public int Seed { get; init; }

    public int Jobs { get; init; } = 1;

    public IReadOnlyList<Fault> Faults { get; init; } = [Fault.Killed, Fault.PowerCut];

    public string Keep { get; init; } = Path.Combine("artifacts", "crash");

    public string? Again { get; init; }

    public static string NameOf(Fault fault) => FaultOfName.First(entry => entry.Value == fault).Key;

    public static bool TryParse(ReadOnlySpan<string> args, out CommandLine options)
    {
        options = new CommandLine();
        if (args.Length % 2 != 0)
            return false;
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = args[i + 1];
            CommandLine? next = args[i] switch
            {
                "--points" when TryNumber(value, out int number) && number > 0 => options with { Points = number },
                "--seed" when TryNumber(value, out int number) => options with { Seed = number },
                "--jobs" when TryNumber(value, out int number) && number > 0 => options with { Jobs = number },
                "--faults" when value.Split(',').All(FaultOfName.ContainsKey) => options with { Faults = [.. value.Split(',').Select(static name => FaultOfName[name])] },
                "--keep" => options with { Keep = value },
                "--again" => options with { Again = value },
                _ => null,
            };
            if (next is null)
                return false;
            options = next;
        }
        // Exactly one of the two, and a control is a run of its own.
        return options.Points > 0 != options.Again is not null && (options.Faults.Count == 1 || !options.Faults.Contains(Fault.LogNotSynced));
    }

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
