using System.CommandLine;
using System.Diagnostics;
using AppChain.Node.Verify;
using AppChain.Storage;

namespace AppChain.Node.Cli;

/// <summary><c>appchain verify</c>: checks all that a stopped node has on disk.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        Argument<DirectoryInfo> home = new("directory") { Description = "The node's home, with its genesis file and data; the node must not be running" };
        Command command = new("verify", "Check a stopped node's data from end to end; nothing is changed, and the exit code is 0 only if all is well") { home };
        command.SetAction(arguments =>
        {
            VerifyReport report = new(static (label, text) => Console.WriteLine($"{label,-14} {text}"));
            NodeHome node = new(arguments.GetValue(home)!.FullName);
            Stopwatch watch = Stopwatch.StartNew();
            using StoreRecords records = StoreRecords.Open(node.DataDirectory);
            ChainVerification.Run(records, GenesisFile.Load(node.GenesisFile).Genesis, report);
            report.Note("took", $"{watch.Elapsed.TotalSeconds:F1} s");
            report.Note("result", report.Problems == 0 ? "all is well" : $"problems: {report.Problems}. {StoreRecords.RepairAdvice}");
            return report.Problems == 0 ? 0 : 1;
        });
        return command;
    }
}
