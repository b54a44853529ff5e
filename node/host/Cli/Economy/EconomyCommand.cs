using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using AppChain.Ledger;

namespace AppChain.Node.Cli.Economy;

/// <summary><c>appchain economy simulate</c>: years of supply, burn and rewards under an assumed demand. Asks no node.</summary>
internal static class EconomyCommand
{
    private const int YearsMax = 100;
    private const ulong YearMs = 365UL * 86_400_000;
    private const ulong DayMs = 86_400_000;

    public static Command Create() => new("economy", "Look at what the parameters of a chain do to its tokens") { Simulate() };

    private static Command Simulate()
    {
        Option<int> years = new("--years") { Description = "How long, at most 100", DefaultValueFactory = static _ => 10 };
        Option<string> demand = new("--demand") { Description = "constant, growth, crash or a file of lines EPOCH,DOLLARS,PRICE", DefaultValueFactory = static _ => "growth" };
        Option<FileInfo> parameters = new("--parameters") { Description = "A genesis file: its parameters, services and tokens", DefaultValueFactory = static _ => new FileInfo("genesis.json") };
        Option<FileInfo?> csv = new("--csv") { Description = "Write every epoch into a file, too" };
        Command command = new("simulate", "Run the ledger's own functions, epoch by epoch, under an assumed demand") { years, demand, parameters, csv };
        command.SetAction(arguments =>
        {
            int span = arguments.GetValue(years);
            if (span is < 1 or > YearsMax)
                throw new CommandException($"--years is 1 to {YearsMax}.");
            Genesis genesis = Daily(GenesisFile.Load(arguments.GetValue(parameters)!.FullName));
            ulong epochs = (ulong)span * YearMs / genesis.Parameters.EpochMs;
            List<SimulatedEpoch> run = [.. EconomyRun.Of(genesis, DemandCurve.Parse(arguments.GetValue(demand)!), epochs)];
            foreach (string line in EconomyTable.Lines(run))
                Console.WriteLine(line);
            if (arguments.GetValue(csv) is { } file)
                File.WriteAllLines(file.FullName, EconomyTable.Csv(run));
        });
        return command;
    }

    // A chain for tests has epochs of seconds. So that years of it take moments, they are taken together as days that mint as much.
    private static Genesis Daily(GenesisFile file)
    {
        ParametersRecord parameters = file.Genesis.Parameters;
        ulong together = DayMs / parameters.EpochMs;
        if (together <= 1)
            return file.Genesis;
        JsonNode json = JsonNode.Parse(file.Bytes.Span)!;
        JsonNode changed = json["parameters"]!;
        changed["epochMs"] = DayMs;
        changed["rewardPerEpoch"] = checked(parameters.RewardPerEpoch.Grains * together);
        changed["epochsPerHalving"] = Math.Max(1, parameters.EpochsPerHalving / together);
        if (parameters[Parameter.FloorHalvingEpochs] is > 0 and var halving)
            changed["floorHalvingEpochs"] = Math.Max(1, halving / together);
        return Genesis.TryParse(Encoding.UTF8.GetBytes(json.ToJsonString()), out Genesis? genesis, out string? error) ? genesis : throw new CommandException(error);
    }
}
