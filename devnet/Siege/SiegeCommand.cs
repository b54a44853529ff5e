using System.CommandLine;

namespace AppChain.Devnet.Siege;

/// <summary>The options of <c>devnet/siege</c>.</summary>
internal static class SiegeCommand
{
    public static Command Create(Func<SiegeOptions, Task<int>> run)
    {
        Option<int> connections = Whole("--connections", "Hostile connections, held open together as far as the nodes let them", SiegeLimits.ConnectionsDefault);
        Option<int> frames = Whole("--frames", "Random and mutated HTTP/2 frames", SiegeLimits.FramesDefault);
        Option<TimeSpan?> duration = CommandLine.Duration("--for", $"How long it lasts (default {SiegeLimits.ForDefault.TotalSeconds:0}s); the quiet before is as long", required: false);
        Option<double> rate = Number("--rate", "Honest proofs per second of all devices together", SiegeLimits.RateDefault);
        Option<double> slower = Number("--slower-max", "How many times as long an honest proof may take, at the median and at the 95th percentile", SiegeLimits.SlowerDefault);
        Option<string?> report = new("--report") { HelpName = "FILE", Description = "File to write the results to, as JSON" };
        Option<string?> data = new("--data") { HelpName = "DIR", Description = "Directory of the chain (default: .devnet in the repository, anew each run)" };
        Option<int?> portBase = new("--port-base") { HelpName = "PORT", Description = $"First port (default {Processes.PortPlan.Default})" };
        Option<string?> node = new("--node") { Description = "The node's executable", Hidden = true };
        CommandLine.Within(connections, 0, SiegeLimits.ConnectionsMax);
        CommandLine.Within(frames, 0, SiegeLimits.FramesMax);
        CommandLine.Within(portBase, 1_024, 65_000);

        Command command = new(
            "siege",
            "Starts a new chain of validator processes under honest load, throws hostile connections and frames at every port of theirs, "
            + "and checks that none ends, that their memory stays bounded, that honest proofs stay quick, and that all become final.")
        {
            connections, frames, duration, rate, slower, report, data, portBase, node,
        };
        command.SetAction((arguments, _) =>
        {
            string repository = CommandLine.FindRepository();
            DevnetOptions devnet = new(
                repository, DevnetLimits.ValidatorsDefault, SiegeLimits.DevicesDefault, arguments.GetValue(rate), For: null, arguments.GetValue(data),
                Genesis: null, arguments.GetValue(report), NoUi: true, arguments.GetValue(portBase), NoRestart: true,
                CommandLine.FindNode(repository, arguments.GetValue(node)));
            return run(new SiegeOptions(
                devnet, arguments.GetValue(connections), arguments.GetValue(frames), arguments.GetValue(duration) ?? SiegeLimits.ForDefault, arguments.GetValue(slower)));
        });
        return command;
    }

    private static Option<int> Whole(string name, string description, int byDefault) =>
        new(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => byDefault };

    private static Option<double> Number(string name, string description, double byDefault) =>
        new(name) { HelpName = "X", Description = description, DefaultValueFactory = _ => byDefault };
}
