using System.CommandLine;

namespace AppChain.Devnet.Bench;

/// <summary>The options of <c>devnet/bench</c>.</summary>
internal static class BenchCommand
{
    public static Command Create(Func<BenchOptions, Task<int>> run)
    {
        Option<int> devices = new("--devices")
        {
            HelpName = "N",
            Description = "Number of devices that prove",
            DefaultValueFactory = _ => BenchLimits.DevicesDefault,
        };
        Option<int?> validators = new("--validators") { HelpName = "N", Description = $"Number of validators (default {DevnetLimits.ValidatorsDefault})" };
        Option<bool> quick = new("--quick") { Description = "Half a minute instead of two and a half: figures are rougher" };
        Option<string?> report = new("--report") { HelpName = "FILE", Description = "File to write the figures to, as JSON" };
        Option<string?> data = new("--data") { HelpName = "DIR", Description = "Directory of the chain (default: .devnet in the repository, anew each run)" };
        Option<int?> portBase = new("--port-base") { HelpName = "PORT", Description = $"First port (default {Processes.PortPlan.Default})" };
        Option<string?> node = new("--node") { Description = "The node's executable", Hidden = true };
        CommandLine.Within(devices, 16, DevnetLimits.DevicesMax);
        CommandLine.Within(validators, 1, DevnetLimits.ValidatorsMax);
        CommandLine.Within(portBase, 1_024, 65_000);

        Command command = new(
            "bench",
            "Starts a new chain of validator processes, finds how many final, fully verified proofs a second it carries on this machine, "
            + "and measures what each costs and how long it takes at half of that and when idle.")
        {
            devices, validators, quick, report, data, portBase, node,
        };
        command.SetAction((arguments, _) =>
        {
            string repository = CommandLine.FindRepository();
            DevnetOptions devnet = new(
                repository, arguments.GetValue(validators), arguments.GetValue(devices), Rate: null, For: null, arguments.GetValue(data),
                Genesis: null, arguments.GetValue(report), NoUi: true, arguments.GetValue(portBase), NoRestart: true,
                CommandLine.FindNode(repository, arguments.GetValue(node)));
            return run(new BenchOptions(devnet, devnet.Devices, arguments.GetValue(quick) ? BenchPhases.Quick : BenchPhases.Normal));
        });
        return command;
    }
}
