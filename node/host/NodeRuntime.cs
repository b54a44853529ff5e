using System.Net;
using AppChain.Client;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Admin;
using AppChain.Node.Did;
using AppChain.Node.Driver;
using AppChain.Node.Explain;
using AppChain.Node.Peers;
using AppChain.Node.Pool;
using AppChain.Node.Rpc;
using AppChain.Node.Signer;
using AppChain.Node.Snapshots;
using AppChain.Node.Sync;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
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
    private readonly NodeHome home;
    private readonly NodeConfig config;
    private readonly GenesisFile genesisFile;
    private readonly Genesis genesis;
    private readonly TimeProvider clock;
    private readonly ILoggerFactory logs;
    private readonly PrivateKey key;
    private readonly NodeIdentity node;
    private readonly PrivateKey? operatorKey;
    private readonly ChainStore store;
    private readonly SignerRecord signed;
    private readonly TlsCertificate? tls;
    private readonly AdminPort.Certificates? adminTls;
    private readonly uint protocol;
    private readonly ulong openedMs;

    private NodeRuntime(NodeConfig config, GenesisFile genesisFile, PrivateKey key, OpenFiles files, NodeServices services)
    {
        (this.config, this.genesisFile, this.key, home) = (config, genesisFile, key, files.Home);
        (store, signed, tls, adminTls, node, operatorKey) = (files.Store, files.Signed, files.Tls, files.AdminTls, files.Node, files.Operator);
        genesis = genesisFile.Genesis;
        (clock, logs, protocol) = (services.Clock, services.Logs, services.Protocol);
        openedMs = clock.UnixMs();
    }

    /// <summary>What a node needs of its surroundings.</summary>
    /// <param name="Protocol">The latest rules of the ledger that the program knows; another number than its own plays a program of another time.</param>
    public sealed record NodeServices(TimeProvider Clock, ILoggerFactory Logs, uint Protocol = ProtocolVersion.Supported);

    private sealed record OpenFiles(NodeHome Home, ChainStore Store, SignerRecord Signed, TlsCertificate? Tls, AdminPort.Certificates? AdminTls, NodeIdentity Node, PrivateKey? Operator);

    /// <summary>Called once both ports are open, with where clients reach the node.</summary>
    public Action<System.Net.IPEndPoint>? OnReady { get; init; }

    /// <summary>Opens the node's home: configuration, genesis, key and data are checked here, before anything starts.</summary>
    /// <exception cref="ConfigException">The home's parts do not fit together.</exception>
    /// <exception cref="UpgradeNeededException">The chain follows rules that this program does not know.</exception>
    /// <exception cref="SignerRecordException">The signer record is missing, damaged, in use or of another key or chain.</exception>
    public static NodeRuntime Open(NodeHome home, NodeConfig config, NodeServices services, Action<System.Net.IPEndPoint>? onReady = null)
    {
        GenesisFile file = GenesisFile.Load(home.GenesisFile);
        Genesis genesis = file.Genesis;
        PrivateKey key = KeyFile.Load(home.ValidatorKeyFile);
        PrivateKey? operatorKey = null;
        ChainStore? store = null;
        SignerRecord? signed = null;
        TlsCertificate? tls = null;
        AdminPort.Certificates? adminTls = null;
        NodeIdentity? node = null;
        try
        {
            if (key.Scheme != Crypto.KeyScheme.Secp256k1)
                throw new ConfigException($"The key in {home.ValidatorKeyFile} is of scheme {key.Scheme}; validators sign with secp256k1.");
            if (file.IndexOf(key) is { } index && config.Peer.Validators.ContainsKey($"{index}"))
                throw new ConfigException($"peer.validators has \"{index}\", which is this node itself; name the others only.");
            node = NodeKey.Open(home, genesis.Hash, key);
            operatorKey = home.OperatorKeyFile(config) is { } operatorFile ? KeyFile.Load(operatorFile) : null;
            tls = TlsCertificate.Load(home, config.Rpc);
            adminTls = AdminPort.Certificates.Load(home, config.Admin);
            NextData.Take(home);
            store = ChainStore.Open(home.DataDirectory, new StoreOptions());
            store.InitializeGenesis(
                genesis.ChainId.Text, genesis.Hash, LedgerState.ToStored(genesis.InitialState()), genesis.TimeMs);
            if (UpgradeGate.ProblemOf(new LedgerState(store.Finalised), store.Tip.Height + 1, services.Protocol) is { } problem)
                throw problem;
            signed = OpenSigned(home.SignerRecordFile(config), new SignerIdentity(genesis.Hash, new Hash256(key.PublicKey.Span)), store);
            return new NodeRuntime(config, file, key, new OpenFiles(home, store, signed, tls, adminTls, node, operatorKey), services) { OnReady = onReady };
        }
        catch
        {
            tls?.Dispose();
            adminTls?.Dispose();
            signed?.Dispose();
            store?.Dispose();
            operatorKey?.Dispose();
            node?.Dispose();
            key.Dispose();
            throw;
        }
    }

    /// <summary>Runs until cancelled, or until a part fails: then that failure is thrown. Or until a state has arrived to start from.</summary>
    public async Task<NodeEnd> RunAsync(CancellationToken cancellation)
    {
        ChainReader reader = new(store);
        PeerBook peers = new(key.PublicKey, config.Peer.Validators.ToDictionary(peer => int.Parse(peer.Key), peer => peer.Value), () => reader.State);
        peers.Refresh(always: true);
        ChainIdentity identity = new(genesis.ChainId.Text, node, peers);
        ILogger peerLog = logs.CreateLogger("Peers");
        await using PeerNetwork network = new(identity, clock, peerLog);
        BatchShelf shelf = new();
        FinalityTracker tracker = new();
        ConsensusInbox inbox = new(peers.IsValidator);
        HeightSignal heights = new(store.Tip.Height);

        // The chain hears of batches, and batches are made by parts that the chain uses: it is handed over once it exists.
        Chain? chain = null;
        BatchIntake intake = new(genesis.ChainId, store, shelf, () => chain!.OnBatchArrived());
        BatchFetcher fetcher = new(network, intake, clock);
        (TimeSpan batchDelay, TimeSpan batchInterval) = (TimeSpan.FromMilliseconds(config.Pool.BatchDelayMs), TimeSpan.FromMilliseconds(config.Pool.BatchIntervalMs));
        BatchCutter cutter = new(() => identity.Validator, clock.UnixMs(), batchDelay, batchInterval, clock, batch =>
        {
            intake.Keep(batch, own: true);
            network.Push(batch);
        });
        BatchSource batches = new(genesis.ChainId, store, intake, shelf, cutter, fetcher);
        KnownBlocks known = new(shelf);
        UpgradeGate gate = new(protocol, clock);
        BlockExecutor executor = new(new TurnsTaken(genesis.ChainId, genesis.Hash.ToDigest()), batches, known, reader.TipExecuted()) { Gate = gate };
        ILogger chainLog = logs.CreateLogger("Chain");
        FinalityFanOut fanOut = new(shelf, tracker, reader, heights, chainLog);
        ChainListeners listeners = new(
            inbox.Post,
            block =>
            {
                fanOut.OnFinal(block);
                if (peers.Refresh(always: block.EndsEpoch))
                    network.OnPeersChanged();
            },
            () => inbox.Post(reader.EpochStart),
            (block, problem) => DriverLog.Invalid(chainLog, block.View.Value, block.Header.Leader, problem));
        chain = new Chain(store, executor, new PayloadRules(batches, clock), batches, reader, listeners);
        Pruner pruner = new(store, PruneSetting.Parse("storage.prune", config.Storage.Prune), known, heights, clock);

        VoteCrypto crypto = new(key);
        StateSync states = new(network, reader, genesis, home, config.Sync) { Clock = clock, Log = logs.CreateLogger("Sync") };
        SyncChecks checks = new(Consensus.ChainId.Parse(genesis.ChainId.Text), crypto, reader);
        BlockSync sync = new(network, reader, () => new BlockPipeline(chain, checks, intake), checks, clock, logs.CreateLogger("Sync"))
        {
            TakeState = states.TryAsync,
        };
        Follower follower = new(start => start.Epoch.SeatOf(key.PublicKey.Span) is not null, reader, sync, clock);
        Consensus.ChainId chainId = Consensus.ChainId.Parse(genesis.ChainId.Text);
        Vote Sign(ushort seat, VoteBody body) => new(body, seat, crypto.Sign(body.SigningDigest(chainId)));
        VoteGuard guard = new(signed, Sign, logs.CreateLogger("Signer"));
        JournalKeeper journal = new(store.Journal, () => store.Tip.Height, guard);
        SignerRates rates = new(
            new SignerRate(config.Pool.DevicePerSecond, config.Pool.DeviceBurst), new SignerRate(config.Pool.AccountPerSecond, config.Pool.AccountBurst), clock);
        Ingress ingress = new(() => reader.State, clock, tracker, cutter) { Rates = rates };
        ILogger consensusLog = logs.CreateLogger("Consensus");
        EvidenceReporter evidence = new(genesis.ChainId, operatorKey, ingress, reader, clock, consensusLog);
        DriverTargets targets = new(network, chain, sync, evidence, clock, consensusLog);
        ConsensusDriver driver = new(start => NewCore(start, crypto), journal, inbox, reader, targets);

        bool IsSyncing() => sync.IsRunning || states.IsFetching;
        bool hasPast = store.Tip.Height > 0 || store.Journal.LastSequence > 0;
        BlankRecord blank = new(signed, network, key.PublicKey, clock, logs.CreateLogger("Signer"));
        async Task RunConsensusAsync(CancellationToken stop)
        {
            await blank.BeginAsync(() => reader.EpochStart.Epoch, sync.RequestNew, stop);
            await driver.RunAsync(stop);
        }

        NodeFacts facts = new(identity, config.Moniker, genesisFile.Bytes, key.Address, () => driver.View, () => tracker.Count, IsSyncing);
        HealthMonitor health = new(() => HealthMonitor.IsUpToDate(IsSyncing(), reader.Tip.TimeMs, clock.UnixMs()), clock);
        PeerDoor door = new(new PeerCallers(identity), new PeerPlaces(), new RefusedCallers(clock, peerLog));
        PeerServer peerServer = new(identity, store, intake, inbox, door, clock);
        SnapshotShelf snapshotShelf = new(home);
        SyncServer syncServer = new(snapshotShelf, reader, door, () => driver.View, hasPast);
        await using LiveSnapshots snapshots = new((height, stop) => SnapshotExport.OfRunning(store, genesis, snapshotShelf, height, stop));
        SnapshotKeeper keeper = new(reader, snapshots, snapshotShelf, heights, (uint)config.Sync.SnapshotEpochs) { Log = logs.CreateLogger("Snapshots") };
        await using GrpcListener peerPort = await GrpcListener.StartAsync(
            "peer.listen", NodeConfig.ParseEndpoint("peer.listen", config.Peer.Listen), NodeLimits.PeerMessageBytesMax, logs,
            [PeerService.BindService(peerServer), SyncService.BindService(syncServer)], new PeerPort(node, door.Refused.Say));
        Subscribers subscribers = new();
        HistoryTurns history = new(config.Rpc.HistoryPercent, clock);
        DidResolver dids = new(genesis.ChainId, () => reader.State);
        // Admin calls are never answered on a port that strangers reach.
        IPEndPoint publicEndpoint = NodeConfig.ParseEndpoint("rpc.listen", config.Rpc.Listen);
        List<(ServerServiceDefinition, ServiceDescriptor)> own = config.Admin.Listen.Length == 0 && IPAddress.IsLoopback(publicEndpoint.Address)
            ? [(AdminService.BindService(new AdminRpc(reader, snapshots, AdminAccess.RequireOwn)), AdminService.Descriptor)]
            : [];
        await using GrpcListener? adminPort = config.Admin.Listen.Length == 0 ? null : await GrpcListener.StartAsync(
            "admin.listen", NodeConfig.ParseEndpoint("admin.listen", config.Admin.Listen), NodeLimits.PublicMessageBytesMax, logs,
            [AdminService.BindService(new AdminRpc(reader, snapshots, adminTls is null ? AdminAccess.RequireOwn : AdminAccess.RequireCertificate))],
            new AdminPort(adminTls, clock));
        await using GrpcListener publicPort = await GrpcListener.StartAsync(
            "rpc.listen", publicEndpoint, NodeLimits.PublicMessageBytesMax, logs,
            StandardServices.AddTo(
                [
                    (TransactionService.BindService(new TransactionRpc(new Submissions(genesis.ChainId, ingress, tracker, reader, () => peers.IsValidator(identity.Validator)))), TransactionService.Descriptor),
                    (QueryService.BindService(new QueryRpc(reader, dids, new Explainer(reader))), QueryService.Descriptor),
                    (GovernanceService.BindService(new GovernanceRpc(reader, protocol)), GovernanceService.Descriptor),
                    (BlockService.BindService(new BlockRpc(reader, heights, subscribers, history)), BlockService.Descriptor),
                    (StatusService.BindService(new StatusRpc(facts, reader, network, door.Places, clock)), StatusService.Descriptor),
                    .. own,
                ],
                health, subscribers),
            new PublicPort(config.Rpc.WebOriginList(), tls)
            {
                MapMore = port =>
                {
                    port.MapGet(DidResolver.Route, dids.AnswerAsync);
                    HealthPages.Map(port, health);
                },
            });
        ILogger log = logs.CreateLogger("Node");
        NodeLog.Started(log, genesis.ChainId.Text, identity.Validator, store.Tip.Height, publicPort.Endpoint, peerPort.Endpoint);
        OnReady?.Invoke(publicPort.Endpoint);
        await RunLoopsAsync(
            cancellation,
            [gate.RunAsync, ingress.RunAsync, cutter.RunAsync, chain.RunAsync, RunConsensusAsync, fetcher.RunAsync, sync.RunAsync, pruner.RunAsync, health.RunAsync, network.RunAsync, follower.RunAsync, evidence.RunAsync, keeper.RunAsync, history.RunAsync],
            () => states.HasArrived);
        NodeLog.Stopped(log, store.Tip.Height);
        return states.HasArrived ? NodeEnd.StateArrived : NodeEnd.Stopped;
    }

    public ValueTask DisposeAsync()
    {
        try
        {
            store.KeepProvenState();
        }
        finally
        {
            tls?.Dispose();
            adminTls?.Dispose();
            signed.Dispose();
            store.Dispose();
            operatorKey?.Dispose();
            node.Dispose();
            key.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    // Only a data directory that never held anything is a new validator's. Anywhere else a missing record was lost.
    private static SignerRecord OpenSigned(string path, SignerIdentity identity, ChainStore store) =>
        File.Exists(path) ? SignerRecord.Open(path, identity)
        : store.Tip.Height == 0 && store.Journal.LastSequence == 0 ? SignerRecord.Create(path, identity, new SignedVotes(default, View.Genesis))
        : throw new SignerRecordException(
            $"The signer record {path} is missing, though this validator has run before: what its key signed is not known for certain. {SignerAdvice.Reset}");

    private Core NewCore(EpochStart start, VoteCrypto crypto)
    {
        View above = BlankRecord.SignAbove(signed.Votes, start, openedMs);
        if (above > signed.Votes.SignAbove(start.Epoch.Number) && start.Epoch.SeatOf(key.PublicKey.Span) is not null)
            SignerLog.BlankEpoch(logs.CreateLogger("Signer"), start.Epoch.Number.Value);
        return new Core(CoreOptionsOf(start.Epoch, above), crypto, start.Point, start.Finalization);
    }

    private CoreOptions CoreOptionsOf(ConsensusEpoch epoch, View signAbove) => new()
    {
        ChainId = Consensus.ChainId.Parse(genesis.ChainId.Text),
        Validators = epoch.Validators,
        Epoch = epoch.Number,
        LeaderSeed = genesis.Hash.ToDigest(),
        Signer = epoch.SeatOf(key.PublicKey.Span),
        SignAbove = signAbove,
        Timeouts = new TimeoutOptions
        {
            LeaderMs = (ulong)config.Consensus.LeaderTimeoutMs,
            AdvanceMs = (ulong)config.Consensus.AdvanceTimeoutMs,
            SkipMs = (ulong)config.Consensus.AdvanceTimeoutMs * 4,
            RetryMs = (ulong)config.Consensus.LeaderTimeoutMs, // both are estimates of 2δ
            CapMs = Math.Max(10_000, (ulong)config.Consensus.AdvanceTimeoutMs),
            IdleIntervalMs = (ulong)config.Consensus.IdleIntervalMs,
            ProposalIntervalMs = (ulong)config.Consensus.ProposalIntervalMs,
        },
    };

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
