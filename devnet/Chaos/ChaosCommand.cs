using System.CommandLine;
using System.CommandLine.Parsing;
using AppChain.Devnet.Chaos.Plan;

namespace AppChain.Devnet.Chaos;

/// <summary>The options of <c>devnet/chaos</c>.</summary>
internal static class ChaosCommand
{
    public static Command Create(Func<ChaosOptions, Task<int>> run)
    {
        Option<TimeSpan?> duration = CommandLine.Duration("--for", "How long faults begin, e.g. 120s; a run takes somewhat longer", required: true);
        Option<TimeSpan?> recovery = CommandLine.Duration(
            "--recover-within", $"How long the chain may take after faults (default {ChaosLimits.RecoveryDefault.TotalSeconds:0}s; more on a busy machine)", required: false);
        Option<int> seed = new("--seed") { HelpName = "N", Description = "Chooses the schedule of faults: the same seed, the same schedule", Required = true };
        Option<int?> validators = new("--validators") { HelpName = "N", Description = $"Number of validators (default {DevnetLimits.ValidatorsDefault})" };
        Option<double> rate = new("--rate")
        {
            HelpName = "R",
            Description = "Proofs per second of all devices together",
            DefaultValueFactory = _ => ChaosLimits.RateDefault,
        };
        Option<FaultKind[]> only = new("--faults")
        {
            HelpName = "KINDS",
            Description = $"Only these, separated by commas: {string.Join(", ", Enum.GetNames<FaultKind>())}",
            CustomParser = ParseKinds,
        };
        Option<string?> report = new("--report") { HelpName = "FILE", Description = "File to write the results to, as JSON" };
        Option<string?> data = new("--data") { HelpName = "DIR", Description = "Directory of the chain (default: .devnet in the repository, anew each run)" };
        Option<int?> portBase = new("--port-base") { HelpName = "PORT", Description = $"First port (default {Processes.PortPlan.Default})" };
        Option<string?> node = new("--node") { Description = "The node's executable", Hidden = true };
        CommandLine.Within(seed, 0, int.MaxValue);
        CommandLine.Within(validators, ChaosLimits.ValidatorsMin, ChaosLimits.ValidatorsMax);
        CommandLine.Within(portBase, 1_024, 65_000);

        Command command = new(
            "chaos",
            "Starts a new chain of validator processes under load, kills, pauses, cuts off and otherwise troubles them by a schedule, "
            + "and checks that they never disagree, never contradict themselves, lose nothing that was final, and recover.")
        {
            duration, seed, recovery, only, validators, rate, report, data, portBase, node,
        };
        command.SetAction((arguments, _) =>
        {
            string repository = CommandLine.FindRepository();
            TimeSpan length = arguments.GetValue(duration)!.Value;
            DevnetOptions devnet = new(
                repository, arguments.GetValue(validators), ChaosLimits.DevicesDefault, arguments.GetValue(rate), length, arguments.GetValue(data),
                Genesis: null, arguments.GetValue(report), NoUi: true, arguments.GetValue(portBase), NoRestart: true,
                CommandLine.FindNode(repository, arguments.GetValue(node)));
            return run(new ChaosOptions(devnet, arguments.GetValue(seed), length, arguments.GetValue(rate), arguments.GetValue(only) ?? [], arguments.GetValue(recovery) ?? ChaosLimits.RecoveryDefault));
        });
        return command;
    }

    private static FaultKind[] ParseKinds(ArgumentResult argument)
    {
        List<FaultKind> kinds = [];
        foreach (string name in string.Join(',', argument.Tokens.Select(token => token.Value)).Split(','))
        {
            if (Enum.TryParse(name, ignoreCase: true, out FaultKind kind) && Enum.IsDefined(kind))
                kinds.Add(kind);
            else
                argument.AddError($"\"{name}\" is no fault: choose from {string.Join(", ", Enum.GetNames<FaultKind>())}.");
        }
        return [.. kinds];
    }
}
