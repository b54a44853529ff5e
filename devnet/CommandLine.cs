using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace AppChain.Devnet;

/// <summary>The options of <c>devnet/up</c>.</summary>
internal static class CommandLine
{
    public static RootCommand Create(Func<DevnetOptions, Task<int>> run)
    {
        Option<int?> validators = new("--validators")
        {
            HelpName = "N",
            Description = $"Number of validators (default {DevnetLimits.ValidatorsDefault})",
        };
        Option<int> devices = new("--devices")
        {
            HelpName = "N",
            Description = "Number of devices; above the number of real sensors, series are reused",
            DefaultValueFactory = _ => DevnetLimits.DevicesDefault,
        };
        Option<double?> rate = new("--rate")
        {
            HelpName = "R",
            Description = "Proofs per second of all devices together; "
                + $"without it the sensors' own times, {DevnetLimits.ReplayFactor:0} times as fast",
        };
        Option<TimeSpan?> duration = Duration("--for", "Stop by itself after this time, e.g. 60s, 5m, 1h30m; without it, on Ctrl-C", required: false);
        Option<string?> data = new("--data")
        {
            HelpName = "DIR",
            Description = "Directory of the chain; one that holds a chain is continued (default: .devnet in the repository, anew each run)",
        };
        Option<string?> genesis = new("--genesis")
        {
            HelpName = "FILE",
            Description = "Genesis file to make a new chain from, its time set to now (default: genesis.json in the repository)",
        };
        Option<string?> report = new("--report") { HelpName = "FILE", Description = "File to write the results to, as JSON" };
        Option<bool> noUi = new("--no-ui") { Description = "One line every five seconds instead of the live view" };
        Option<int?> portBase = new("--port-base")
        {
            HelpName = "PORT",
            Description = $"First port: validator i takes this + 10·i and the next one (default {Processes.PortPlan.Default})",
        };
        Option<bool> noRestart = new("--no-restart")
        {
            Description = "Leave a validator that dies dead, instead of starting it again after two seconds",
        };
        Option<string?> node = new("--node") { Description = "The node's executable", Hidden = true };
        Within(validators, 1, DevnetLimits.ValidatorsMax);
        Within(devices, 1, DevnetLimits.DevicesMax);
        Within(rate, 0.001, DevnetLimits.RateMax);
        Within(portBase, 1_024, 65_000);

        RootCommand command = new(
            "Starts a chain of validator processes on this machine, registers real air sensors as its devices "
            + "and replays their readings as signed proofs.")
        {
            validators, devices, rate, duration, data, genesis, report, noUi, portBase, noRestart, node,
        };
        command.SetAction((arguments, _) =>
        {
            string repository = FindRepository();
            return run(new DevnetOptions(
                repository, arguments.GetValue(validators), arguments.GetValue(devices), arguments.GetValue(rate),
                arguments.GetValue(duration), arguments.GetValue(data), arguments.GetValue(genesis), arguments.GetValue(report), arguments.GetValue(noUi),
                arguments.GetValue(portBase), arguments.GetValue(noRestart),
                FindNode(repository, arguments.GetValue(node))));
        });
        return command;
    }

    /// <summary>Reads <c>90</c> (seconds), <c>60s</c>, <c>5m</c>, <c>1h30m</c>. False for anything else, and for nothing.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        bool isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds);
        if (isNumber && seconds is > 0 and < 1e7)
        {
            duration = TimeSpan.FromSeconds(seconds);
            return true;
        }
        ReadOnlySpan<char> rest = text;
        while (rest.Length > 0)
        {
            int digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 7)
                return false;
            int number = int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            int unitSeconds = rest[digits] switch { 's' => 1, 'm' => 60, 'h' => 3_600, _ => 0 };
            if (unitSeconds == 0)
                return false;
            duration += TimeSpan.FromSeconds((long)number * unitSeconds);
            rest = rest[(digits + 1)..];
        }
        return duration > TimeSpan.Zero;
    }

    /// <summary>An option that takes a time.</summary>
    public static Option<TimeSpan?> Duration(string name, string description, bool required) =>
        new(name) { HelpName = "TIME", Description = description, CustomParser = ParseDuration, Required = required };

    private static TimeSpan? ParseDuration(ArgumentResult result)
    {
        if (result.Tokens is [var token] && TryParseDuration(token.Value, out TimeSpan duration))
            return duration;
        result.AddError($"{result.Argument.Name} takes a time such as 60s, 5m or 1h30m.");
        return null;
    }

    /// <summary>Bounds a numeric option; the message names the bounds.</summary>
    public static void Within<T>(Option<T> option, double minimum, double maximum) => option.Validators.Add(result =>
    {
        // The text itself is judged: reading the value of one that is no number would throw.
        if (result.Tokens is not [{ Value: var text }])
            return;
        bool isWhole = typeof(T) != typeof(double?);
        bool isNumber = isWhole
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int whole) && whole >= minimum && whole <= maximum
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number >= minimum && number <= maximum;
        if (!isNumber)
            result.AddError(FormattableString.Invariant($"{option.Name} is {text}; expected a number from {minimum} to {maximum}."));
    });

    // The build puts the program somewhere below the repository's root.
    public static string FindRepository()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "AppChain.sln")))
                return directory.FullName;
        }
        throw new DevnetException($"{AppContext.BaseDirectory} is not inside the repository: start it with devnet/up.");
    }

    public static string FindNode(string repository, string? given)
    {
        string path = given ?? Path.Combine(repository, "artifacts", "appchain", "appchain");
        return File.Exists(path)
            ? Path.GetFullPath(path)
            : throw new DevnetException($"there is no {path}: start with devnet/up, which builds it.");
    }
}
