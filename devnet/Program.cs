using System.CommandLine;
using System.Runtime.InteropServices;
using AppChain.Crypto;
using AppChain.Devnet;
using AppChain.Devnet.Audit;
using AppChain.Devnet.Bench;
using AppChain.Devnet.Chaos;
using AppChain.Devnet.Siege;
using Grpc.Core;

// The first signal ends the replay and lets the checks follow; the second ends those too. The validators are stopped in any case.
using CancellationTokenSource stop = new();
using CancellationTokenSource abort = new();
void OnSignal(PosixSignalContext signal)
{
    signal.Cancel = true;
    (stop.IsCancellationRequested ? abort : stop).Cancel();
}
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);

async Task<int> Run(DevnetOptions options)
{
    return await Report(await new DevnetRun(options, Console.Out, TimeProvider.System, stop.Token, abort.Token).RunAsync());
}

async Task<int> RunBench(BenchOptions options) =>
    await Report(await new BenchRun(options, Console.Out, TimeProvider.System, stop.Token).RunAsync());

async Task<int> RunChaos(ChaosOptions options) =>
    await Report(await new ChaosRun(options, Console.Out, TimeProvider.System, stop.Token).RunAsync());

async Task<int> RunSiege(SiegeOptions options) =>
    await Report(await new SiegeRun(options, Console.Out, TimeProvider.System, stop.Token).RunAsync());

async Task<int> RunAudit(AuditOptions options) =>
    await Report(await new AuditRun(options, Console.Out, TimeProvider.System, stop.Token).RunAsync());

static async Task<int> Report(IReadOnlyList<string> failures)
{
    foreach (string failure in failures)
        await Console.Error.WriteLineAsync("FAILED: " + failure);
    return failures.Count == 0 ? 0 : 1;
}

try
{
    // Signals are the run's own affair, so the library handles none.
    InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    RootCommand command = CommandLine.Create(Run);
    command.Add(BenchCommand.Create(RunBench));
    command.Add(ChaosCommand.Create(RunChaos));
    command.Add(SiegeCommand.Create(RunSiege));
    command.Add(AuditCommand.Create(RunAudit));
    return await command.Parse(args).InvokeAsync(configuration);
}
catch (Exception e) when (e is DevnetException or NativeLibraryMissingException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync("devnet: " + e.Message);
    return 1;
}
catch (Exception e) when (e is OperationCanceledException or RpcException && stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("devnet: stopped before the run was complete");
    return 1;
}
catch (RpcException e)
{
    await Console.Error.WriteLineAsync($"devnet: a node answered {e.StatusCode}: {e.Status.Detail}");
    return 1;
}
