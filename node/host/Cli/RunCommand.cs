using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace AppChain.Node.Cli;

/// <summary><c>appchain run</c>: runs a validator until it is told to stop.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> home = CommonOptions.Home();
        Option<string?> rpc = new("--rpc") { Description = "Where clients reach the node, HOST:PORT (overrides config.json)" };
        Option<string?> peer = new("--peer") { Description = "Where other nodes reach the node, HOST:PORT (overrides config.json)" };
        Option<string?> moniker = new("--moniker") { Description = "The node's name for people (overrides config.json)" };
        Option<string?> prune = CommonOptions.Prune();
        Option<LogLevel> level = new("--log") { Description = "How much to log to standard error", DefaultValueFactory = _ => LogLevel.Information };
        Command command = new("run", "Run a validator until Ctrl-C or SIGTERM") { home, rpc, peer, moniker, prune, level };
        command.SetAction(async (arguments, cancellation) =>
        {
            NodeHome target = new(arguments.GetValue(home)!.FullName);
            NodeConfig config = NodeConfig.Load(target, new Dictionary<string, string?>
            {
                ["Rpc:Listen"] = arguments.GetValue(rpc),
                ["Peer:Listen"] = arguments.GetValue(peer),
                ["Moniker"] = arguments.GetValue(moniker),
                ["Storage:Prune"] = arguments.GetValue(prune),
            });
            using ILoggerFactory logs = CreateLogs(arguments.GetValue(level));
            // The command line's cancellation covers Ctrl-C; service managers send SIGTERM.
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                stop.Cancel();
            });
            NodeEnd end;
            do
            {
                await using NodeRuntime node = NodeRuntime.Open(target, config, new NodeRuntime.NodeServices(TimeProvider.System, logs));
                end = await node.RunAsync(stop.Token);
            }
            while (end == NodeEnd.StateArrived && !stop.IsCancellationRequested);
        });
        return command;
    }

    private static ILoggerFactory CreateLogs(LogLevel level) => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(level)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddConsoleFormatter<LogLine, ConsoleFormatterOptions>()
        .AddConsole(console =>
        {
            console.FormatterName = LogLine.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        }));
}
