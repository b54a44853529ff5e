using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.Node.Cli;

/// <summary><c>appchain genesis</c>: makes and checks genesis files.</summary>
internal static class GenesisCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create() => new("genesis", "Make and check genesis files") { New(), Check(), Hash() };

    private static Command New()
    {
        Option<FileInfo> from = new("--from") { Description = "Genesis file to start from (services, parameters, accounts), e.g. genesis.json", Required = true };
        Option<string> chainId = new("--chain-id") { Description = "The new chain's name: a–z, 0–9 and -", Required = true };
        Option<string[]> validators = new("--validator") { Description = "PUBLICKEY[=MONIKER], hex as `appchain keygen` prints it; once for each validator", Required = true };
        Option<FileInfo> output = new("--out") { Description = "File to write; it must not exist", Required = true };
        Command command = new("new", "Make a genesis for a new chain from another one: with its own name, start time and validators") { from, chainId, validators, output };
        command.SetAction(arguments =>
        {
            GenesisFile template = GenesisFile.Load(arguments.GetValue(from)!.FullName);
            JsonNode json = JsonNode.Parse(template.Bytes.Span)!;
            json["chainId"] = arguments.GetValue(chainId);
            json["timeMs"] = TimeProvider.System.UnixMs();
            json["validators"] = new JsonArray([.. arguments.GetValue(validators)!.Select((text, index) => ParseValidator(text, index))]);
            byte[] bytes = Encoding.UTF8.GetBytes(json.ToJsonString(Indented) + "\n");
            if (!Genesis.TryParse(bytes, out Genesis? genesis, out string? error))
                throw new CommandException(error);
            string path = arguments.GetValue(output)!.FullName;
            using (FileStream file = new(path, FileMode.CreateNew))
                file.Write(bytes);
            Print(path, genesis);
        });
        return command;
    }

    private static Command Check()
    {
        Argument<FileInfo> file = new("file") { Description = "The genesis file" };
        Command command = new("check", "Validate a genesis file and say what is in it") { file };
        command.SetAction(arguments =>
        {
            string path = arguments.GetValue(file)!.FullName;
            Print(path, GenesisFile.Load(path).Genesis);
        });
        return command;
    }

    private static Command Hash()
    {
        Argument<FileInfo> file = new("file") { Description = "The genesis file" };
        Command command = new("hash", "Print the genesis hash: nodes of one chain agree on it") { file };
        command.SetAction(arguments => Console.WriteLine(GenesisFile.Load(arguments.GetValue(file)!.FullName).Genesis.Hash));
        return command;
    }

    private static JsonObject ParseValidator(string text, int index)
    {
        string[] parts = text.Split('=', 2);
        return new JsonObject
        {
            ["publicKey"] = parts[0],
            ["power"] = 1,
            ["moniker"] = parts.Length == 2 ? parts[1] : string.Create(CultureInfo.InvariantCulture, $"v{index}"),
        };
    }

    private static void Print(string path, Genesis genesis)
    {
        Console.WriteLine($"{"file",-14} {path}");
        Console.WriteLine($"{"chain",-14} {genesis.ChainId}, from {Output.Time(genesis.TimeMs)}");
        Console.WriteLine($"{"hash",-14} {genesis.Hash}");
        foreach (GenesisValidator validator in genesis.Validators)
            Console.WriteLine($"{"validator",-14} {AddressText.Format(validator.Address, AddressKind.Validator)}, power {validator.Power}, {validator.Moniker}");
        Console.WriteLine($"{"accounts",-14} {genesis.Accounts.Length}, {Output.Tokens((ulong)genesis.Accounts.Sum(account => (decimal)account.Balance.Grains))} in all");
        Console.WriteLine($"{"manufacturers",-14} {genesis.Manufacturers.Length}");
        foreach (ServiceRecord service in genesis.Services)
            Console.WriteLine($"{"service",-14} {service.Id}, {service.Name}, {service.Metrics.Length} metrics");
    }
}
