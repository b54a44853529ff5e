using System.CommandLine;
using System.Globalization;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Replay;
using AppChain.Node.Rules;
using AppChain.Node.Snapshots;
using AppChain.Storage;

namespace AppChain.Node.Cli;

/// <summary><c>appchain rules</c>: what other rules of a service would have paid.</summary>
internal static class RulesCommand
{
    public static Command Create() => new("rules", "What other rules of a service would have paid (docs/rules.md)") { Replay() };

    private static Command Replay()
    {
        Argument<DirectoryInfo> home = new("directory") { Description = "The home of a node that is not running; nothing in it is changed" };
        Option<uint> service = new("--service") { Description = "The service's number", Required = true };
        Option<FileInfo> rules = new("--rules") { Description = "JSON file: the other definition of the service, as in a genesis file", Required = true };
        Option<ulong> from = new("--from") { Description = "The first reward epoch", Required = true };
        Option<ulong> to = new("--to") { Description = "The last one; it must have ended", Required = true };
        Option<bool> csv = new("--csv") { Description = "Print comma-separated values, amounts in grains" };
        Command command = new("replay", "Execute past reward epochs once more with other rules beside a service's own, and say which devices would have earned more or less")
        {
            home, service, rules, from, to, csv,
        };
        command.SetAction(arguments =>
        {
            TextWriter output = arguments.InvocationConfiguration.Output, log = arguments.InvocationConfiguration.Error;
            ServiceDefinition candidate = CommonOptions.ReadDefinition(arguments.GetValue(rules)!);
            IReadOnlyList<DeviceDifference> devices = Run(
                new NodeHome(arguments.GetValue(home)!.FullName), arguments.GetValue(service), candidate, arguments.GetValue(from), arguments.GetValue(to),
                (label, text) => log.WriteLine($"{label,-14} {text}"));
            if (arguments.GetValue(csv))
                PrintCsv(output, devices);
            else
                Print(output, devices);
        });
        return command;
    }

    private static IReadOnlyList<DeviceDifference> Run(
        NodeHome home, uint service, ServiceDefinition candidate, ulong from, ulong to, Action<string, string> note)
    {
        Genesis genesis = GenesisFile.Load(home.GenesisFile).Genesis;
        string scratch = home.DataDirectory + ".rules";
        try
        {
            using StoreRecords records = StoreRecords.Open(home.DataDirectory);
            return new RulesReplay(records, genesis, scratch).Run(ReplayBase.All(records, genesis, new SnapshotShelf(home), note), service, candidate, from, to, note);
        }
        finally
        {
            StateReplay.Delete(scratch);
        }
    }

    private static void Print(TextWriter output, IReadOnlyList<DeviceDifference> devices)
    {
        output.WriteLine($"{"device",-44} {"units",14} {"earned",20} {"other units",14} {"would earn",20} {"difference",20}");
        foreach (DeviceDifference device in devices)
            output.WriteLine($"{AddressText.Format(device.Device, AddressKind.Device),-44} {device.Units,14} {device.Earned,20} {device.OtherUnits,14} {device.WouldEarn,20} {Signed(device.Difference),20}");
        DeviceDifference total = Total(devices);
        output.WriteLine($"{"total",-44} {total.Units,14} {total.Earned,20} {total.OtherUnits,14} {total.WouldEarn,20} {Signed(total.Difference),20}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{devices.Count} devices: {devices.Count(static device => device.Difference > 0)} would have earned more, {devices.Count(static device => device.Difference < 0)} less"));
    }

    private static void PrintCsv(TextWriter output, IReadOnlyList<DeviceDifference> devices)
    {
        output.WriteLine("device,units,earned,other_units,would_earn,difference");
        foreach (DeviceDifference device in devices)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{AddressText.Format(device.Device, AddressKind.Device)},{device.Units},{device.Earned.Grains},{device.OtherUnits},{device.WouldEarn.Grains},{device.Difference}"));
    }

    private static DeviceDifference Total(IReadOnlyList<DeviceDifference> devices) => devices.Aggregate(
        new DeviceDifference(default, 0, Amount.Zero, 0, Amount.Zero), static (sum, one) => sum.Plus(one.Units, one.Earned, one.OtherUnits, one.WouldEarn));

    private static string Signed(Int128 grains) => (grains < 0 ? "-" : grains > 0 ? "+" : "") + new Amount((ulong)Int128.Abs(grains));
}
