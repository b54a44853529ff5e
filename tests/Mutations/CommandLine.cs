using System.Globalization;

namespace AppChain.Mutations;

/// <summary>The options of <c>tests/mutate</c>.</summary>
sealed record CommandLine
{
    public const string Usage = """
        tests/mutate [--room ROOM] [--only ID[,ID…]] [--quick] [--list] [--seeds N] [--jobs N] [--report FILE]
          --room ROOM    whose: consensus (default), judged by the simulator; ledger, judged by its tests
          --only ID      these mutations only
          --quick        the few that continuous integration tries
          --list         say what there is, change nothing
          --seeds N      within so many seeds each must be caught (default 1000; consensus only)
          --jobs N       so many at once (default: the number of processors, 2 at most)
          --report FILE  write the table as Markdown
        """;

    public Room Room { get; private init; } = Room.Consensus;
    public IReadOnlyList<string> Only { get; private init; } = [];
    public bool Quick { get; private init; }
    public bool List { get; private init; }
    public int Seeds { get; private init; } = 1_000;
    public int Jobs { get; private init; } = int.Min(2, Environment.ProcessorCount);
    public string? Report { get; private init; }

    /// <summary>Null, with what is wrong in <paramref name="problem"/>.</summary>
    public static CommandLine? Parse(string[] args, out string problem)
    {
        problem = "";
        var line = new CommandLine();
        for (var i = 0; i < args.Length; i++)
        {
            var option = args[i];
            if (option is "--quick" or "--list")
            {
                line = option == "--quick" ? line with { Quick = true } : line with { List = true };
                continue;
            }

            var value = ++i < args.Length ? args[i] : "";
            var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
            var next = (option, number) switch
            {
                ("--room", _) when Room.All.FirstOrDefault(room => room.Name == value) is { } room => line with { Room = room },
                ("--only", _) when value != "" => line with { Only = value.Split(',') },
                ("--seeds", > 0) => line with { Seeds = number },
                ("--jobs", > 0) => line with { Jobs = number },
                ("--report", _) when value != "" => line with { Report = value },
                _ => null,
            };
            if (next is null)
            {
                problem = $"not understood: {option} {value}";
                return null;
            }

            line = next;
        }

        return line;
    }

    /// <summary>Null, with what is wrong, if an id of <see cref="Only"/> is not in the list.</summary>
    public IReadOnlyList<Mutation>? Select(IReadOnlyList<Mutation> all, out string problem)
    {
        var unknown = Only.Where(id => all.All(mutation => mutation.Id != id)).ToArray();
        problem = unknown.Length == 0 ? "" : $"no such mutation: {string.Join(", ", unknown)}";
        return unknown.Length > 0
            ? null
            : [.. all.Where(mutation => (Only.Count == 0 || Only.Contains(mutation.Id)) && (!Quick || mutation.Quick))];
    }
}
