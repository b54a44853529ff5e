using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Node.Peers;
using AppChain.Node.Pool;
using AppChain.Node.Rpc;
using AppChain.Storage;
using Microsoft.Extensions.Logging;

namespace AppChain.Node;

/// <summary>The parts that hold the chain and the batches that it is made of, and the peers that have both: no consensus yet, and nobody
/// who calls.</summary>
internal sealed class ChainParts : IAsyncDisposable
{
    public ChainParts(OpenHome open, NodeRuntime.NodeServices services)
    {
        (TimeProvider clock, ILoggerFactory logs, uint protocol) = services;
        Genesis genesis = open.Genesis;
        ChainStore store = open.Store;
        Reader = new ChainReader(store);
        Dictionary<int, string> addresses = open.Config.Peer.Validators.ToDictionary(peer => int.Parse(peer.Key), peer => peer.Value);
        Peers = new PeerBook(open.Key.PublicKey, addresses, () => Reader.State);
        Peers.Refresh(always: true);
        Identity = new ChainIdentity(genesis.ChainId.Text, open.Node, Peers);
        Network = new PeerNetwork(Identity, clock, logs.CreateLogger("Peers"));
        BatchShelf shelf = new();
        Inbox = new ConsensusInbox(Peers.IsValidator);
        Heights = new HeightSignal(store.Tip.Height);

        // The chain hears of batches, and batches are made by parts that the chain uses: nothing arrives before it exists.
        Intake = new BatchIntake(genesis.ChainId, store, shelf, () => Chain!.OnBatchArrived());
        Fetcher = new BatchFetcher(Network, Intake, clock);
        NodeConfig.PoolConfig pool = open.Config.Pool;
        TimeSpan batchDelay = TimeSpan.FromMilliseconds(pool.BatchDelayMs), batchInterval = TimeSpan.FromMilliseconds(pool.BatchIntervalMs);
        Cutter = new BatchCutter(() => Identity.Validator, clock.UnixMs(), batchDelay, batchInterval, clock, batch =>
        {
            Intake.Keep(batch, own: true);
            Network.Push(batch);
        });
        BatchSource batches = new(genesis.ChainId, store, Intake, shelf, Cutter, Fetcher);
        KnownBlocks known = new(shelf);
        Gate = new UpgradeGate(protocol, clock);
        TurnsTaken turns = new(genesis.ChainId, genesis.Hash.ToDigest());
        BlockExecutor executor = new(turns, batches, known, Reader.TipExecuted()) { Gate = Gate };
        ILogger log = logs.CreateLogger("Chain");
        FinalityFanOut fanOut = new(shelf, Tracker, Reader, Heights, log);
        ChainListeners listeners = new(
            Inbox.Post,
            block =>
            {
                fanOut.OnFinal(block);
                if (Peers.Refresh(always: block.EndsEpoch))
                    Network.OnPeersChanged();
            },
            () => Inbox.Post(Reader.EpochStart),
            (block, problem) => DriverLog.Invalid(log, block.View.Value, block.Header.Leader, problem));
        Chain = new Chain(store, executor, new PayloadRules(batches, clock), batches, Reader, listeners);
        Pruner = new Pruner(store, PruneSetting.Parse("storage.prune", open.Config.Storage.Prune), known, Heights, clock);
    }

    public ChainReader Reader { get; }

    public PeerBook Peers { get; }

    public ChainIdentity Identity { get; }

    public PeerNetwork Network { get; }

    public ConsensusInbox Inbox { get; }

    public HeightSignal Heights { get; }

    public FinalityTracker Tracker { get; } = new();

    public BatchIntake Intake { get; }

    public BatchCutter Cutter { get; }

    public Chain Chain { get; }

    public UpgradeGate Gate { get; }

    private BatchFetcher Fetcher { get; }

    private Pruner Pruner { get; }

    /// <summary>What runs as long as the node does.</summary>
    public IEnumerable<Func<CancellationToken, Task>> Loops =>
        [Gate.RunAsync, Cutter.RunAsync, Chain.RunAsync, Fetcher.RunAsync, Pruner.RunAsync, Network.RunAsync];

    public ValueTask DisposeAsync() => Network.DisposeAsync();
}
