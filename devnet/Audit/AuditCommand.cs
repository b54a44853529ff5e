using System.CommandLine;

namespace AppChain.Devnet.Audit;

/// <summary>The options of <c>devnet/audit</c>.</summary>
internal static class AuditCommand
{
    public static Command Create(Func<AuditOptions, Task<int>> run)
    {
        Option<TimeSpan?> duration = CommandLine.Duration(
            "--for", $"How long devices work and users pay (default {AuditLimits.ForDefault.TotalMinutes:0}m)", required: false);
        Option<TimeSpan?> epoch = CommandLine.Duration(
            "--epoch", $"Length of a reward epoch (default {AuditLimits.EpochDefault.TotalSeconds:0}s)", required: false);
        Option<int> pairs = Whole("--pairs", "Random pairs of a device and an epoch, each explained by a random node", AuditLimits.PairsDefault);
        Option<int> seed = Whole("--seed", "Draws the pairs, who pays whom, and how much", 1);
        Option<int> devices = Whole("--devices", $"Devices that work; {AuditLimits.SilentDevices} more never do", AuditLimits.DevicesDefault);
        Option<string?> report = new("--report") { HelpName = "FILE", Description = "File to write the results to, as JSON" };
        Option<string?> data = new("--data") { HelpName = "DIR", Description = "Directory of the chain (default: .devnet in the repository, anew each run)" };
        Option<int?> portBase = new("--port-base") { HelpName = "PORT", Description = $"First port (default {Processes.PortPlan.Default})" };
        Option<string?> node = new("--node") { Description = "The node's executable", Hidden = true };
        CommandLine.Within(pairs, 1, AuditLimits.PairsMax);
        CommandLine.Within(seed, 0, int.MaxValue);
        CommandLine.Within(devices, 1, AuditLimits.DevicesMax);
        CommandLine.Within(portBase, 1_024, 65_000);

        Command command = new(
            "audit",
            "Starts a new chain with short reward epochs, whose devices replay real data while users burn tokens and pay them; then has every epoch of "
            + "every device explained, verifies each answer by the validators' signatures, and checks that all of it adds up to what was paid, to the last unit.")
        {
            duration, epoch, pairs, seed, devices, report, data, portBase, node,
        };
        epoch.Validators.Add(result =>
        {
            if (result.GetValue(epoch) is { } length && (length < AuditLimits.EpochMin || length > AuditLimits.EpochMax))
                result.AddError("--epoch takes a time from 1s to 1h.");
        });
        command.SetAction((arguments, _) =>
        {
            string repository = CommandLine.FindRepository();
            DevnetOptions devnet = new(
                repository, DevnetLimits.ValidatorsDefault, arguments.GetValue(devices), Rate: null, For: null, arguments.GetValue(data), Genesis: null,
                arguments.GetValue(report), NoUi: true, arguments.GetValue(portBase), NoRestart: true, CommandLine.FindNode(repository, arguments.GetValue(node)));
            return run(new AuditOptions(
                devnet, arguments.GetValue(duration) ?? AuditLimits.ForDefault, arguments.GetValue(epoch) ?? AuditLimits.EpochDefault,
                arguments.GetValue(pairs), arguments.GetValue(seed)));
        });
        return command;
    }

    private static Option<int> Whole(string name, string description, int byDefault) =>
        new(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => byDefault };
}
