using System.CommandLine;
using System.Diagnostics;
using AppChain.Node.Rollback;

namespace AppChain.Node.Cli;

/// <summary><c>appchain rollback</c>: takes a stopped node back to an earlier height.</summary>
internal static class RollbackCommand
{
    public static Command Create()
    {
        Argument<DirectoryInfo> home = new("directory") { Description = "The node's home; the node must not be running" };
        Option<ulong> to = new("--to") { Description = "The height to go back to", Required = true };
        Option<bool> yes = new("--yes") { Description = "Do it. Without this the command only says what it would do" };
        Command command = new("rollback", "Take a stopped node back to an earlier height: the blocks above are removed, and fetched again from peers when it runs") { home, to, yes };
        command.SetAction(arguments =>
        {
            TextWriter output = arguments.InvocationConfiguration.Output;
            Stopwatch watch = Stopwatch.StartNew();
            NodeRollback.Run(
                new NodeHome(arguments.GetValue(home)!.FullName), arguments.GetValue(to), arguments.GetValue(yes), (label, text) => output.WriteLine($"{label,-14} {text}"));
            output.WriteLine($"{"took",-14} {watch.Elapsed.TotalSeconds:F1} s");
        });
        return command;
    }
}
