using System.CommandLine;
using System.Net;
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
        Option<int> clockOffset = new("--clock-offset") { Description = "Milliseconds by which the node's clock is wrong: for trials on loopback", Hidden = true };
        Command command = new("run", "Run a validator until Ctrl-C or SIGTERM") { home, rpc, peer, moniker, prune, level, clockOffset };
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
            TimeProvider clock = Clock(config, arguments.GetValue(clockOffset));
            NodeEnd end;
            do
            {
                await using NodeRuntime node = NodeRuntime.Open(target, config, new NodeRuntime.NodeServices(clock, logs));
                end = await node.RunAsync(cancellation); // Ctrl-C, or SIGTERM from a service manager
            }
            while (end == NodeEnd.StateArrived && !cancellation.IsCancellationRequested);
        });
        return command;
    }

    // A chain that others use must never meet a clock that is wrong on purpose.
    private static TimeProvider Clock(NodeConfig config, int offsetMs) =>
        offsetMs == 0 ? TimeProvider.System
        : IPAddress.IsLoopback(NodeConfig.ParseEndpoint("peer.listen", config.Peer.Listen).Address) ? new OffsetClock(TimeSpan.FromMilliseconds(offsetMs))
        : throw new CommandException($"--clock-offset is for trials on one machine, and peer.listen is {config.Peer.Listen}; expected a loopback address.");

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
