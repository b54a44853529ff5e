using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Node.Signer;
using Microsoft.Extensions.Logging;

namespace AppChain.Node;

/// <summary>Why a node has ended that did not fail.</summary>
public enum NodeEnd
{
    /// <summary>It was asked to.</summary>
    Stopped,

    /// <summary>A state has arrived from its peers: it is to be opened again, on that.</summary>
    StateArrived,
}

/// <summary>A running validator: the composition root. Makes every part, starts the loops, and stops them when one fails or when asked to.</summary>
public sealed class NodeRuntime : IAsyncDisposable
{
    private readonly OpenHome open;
    private readonly NodeServices services;
    private readonly ulong openedMs;

    private NodeRuntime(OpenHome open, NodeServices services)
    {
        (this.open, this.services) = (open, services);
        openedMs = services.Clock.UnixMs();
    }

    /// <summary>What a node needs of its surroundings.</summary>
    /// <param name="Protocol">The latest rules of the ledger that the program knows; another number than its own plays a program of another time.</param>
    public sealed record NodeServices(TimeProvider Clock, ILoggerFactory Logs, uint Protocol = ProtocolVersion.Supported);

    /// <summary>Called once all ports are open, with where clients reach the node.</summary>
    public Action<System.Net.IPEndPoint>? OnReady { get; init; }

    /// <summary>Opens the node's home: configuration, genesis, key and data are checked here, before anything starts.</summary>
    /// <exception cref="ConfigException">The home's parts do not fit together.</exception>
    /// <exception cref="UpgradeNeededException">The chain follows rules that this program does not know.</exception>
    /// <exception cref="SignerRecordException">The signer record is missing, damaged, in use or of another key or chain.</exception>
    public static NodeRuntime Open(NodeHome home, NodeConfig config, NodeServices services, Action<System.Net.IPEndPoint>? onReady = null) =>
        new(OpenHome.Open(home, config, services.Protocol), services) { OnReady = onReady };

    /// <summary>Runs until cancelled, or until a part fails: then that failure is thrown. Or until a state has arrived to start from.</summary>
    public async Task<NodeEnd> RunAsync(CancellationToken cancellation)
    {
        await using ChainParts chain = new(open, services);
        ConsensusParts consensus = new(open, chain, services, openedMs);
        await using NodePorts ports = await NodePorts.StartAsync(open, chain, consensus, services);
        ILogger log = services.Logs.CreateLogger("Node");
        NodeLog.Started(
            log, open.Genesis.ChainId.Text, chain.Identity.Validator, open.Store.Tip.Height, ports.PublicEndpoint, ports.PeerEndpoint);
        OnReady?.Invoke(ports.PublicEndpoint);
        await RunLoopsAsync(cancellation, [.. chain.Loops, .. consensus.Loops, .. ports.Loops], () => consensus.HasStateArrived);
        NodeLog.Stopped(log, open.Store.Tip.Height);
        return consensus.HasStateArrived ? NodeEnd.StateArrived : NodeEnd.Stopped;
    }

    public ValueTask DisposeAsync()
    {
        open.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs all loops until cancelled. When one fails, all stop and its failure is thrown: half a validator is worse than none.</summary>
    /// <param name="mayEnd">Whether one may end by itself.</param>
    private static async Task RunLoopsAsync(CancellationToken cancellation, Func<CancellationToken, Task>[] loops, Func<bool> mayEnd)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] running = [.. loops.Select(loop => Task.Run(() => loop(stop.Token), CancellationToken.None))];
        Task first = await Task.WhenAny(running);
        await stop.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellation.IsCancellationRequested)
            return;
        await first;
        if (!mayEnd())
            throw new InvalidOperationException("a part of the node ended by itself");
    }
}
