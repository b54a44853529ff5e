using System.Net;
using AppChain.Node.Admin;
using AppChain.Node.Did;
using AppChain.Node.Explain;
using AppChain.Node.Peers;
using AppChain.Node.Rpc;
using AppChain.Node.Snapshots;
using AppChain.Node.Sync;
using AppChain.Protos.V1;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace AppChain.Node;

/// <summary>The node's ports, for its peers, for whoever runs it and for anybody, with what only they need. Closed in the opposite
/// order.</summary>
internal sealed class NodePorts : IAsyncDisposable
{
    private readonly OpenHome open;
    private readonly ChainParts chain;
    private readonly ConsensusParts consensus;
    private readonly NodeRuntime.NodeServices services;
    private readonly Stack<IAsyncDisposable> toClose = new();
    private readonly PeerDoor door;
    private readonly SnapshotShelf shelf;
    private readonly LiveSnapshots snapshots;
    private readonly SnapshotKeeper keeper;
    private readonly HealthMonitor health;
    private readonly HistoryTurns history;

    private NodePorts(OpenHome open, ChainParts chain, ConsensusParts consensus, NodeRuntime.NodeServices services)
    {
        (this.open, this.chain, this.consensus, this.services) = (open, chain, consensus, services);
        (TimeProvider clock, ILoggerFactory logs, _) = services;
        door = new PeerDoor(new PeerCallers(chain.Identity), new PeerPlaces(), new RefusedCallers(clock, logs.CreateLogger("Peers")));
        shelf = new SnapshotShelf(open.Home);
        snapshots = new LiveSnapshots((height, stop) => SnapshotExport.OfRunning(open.Store, open.Genesis, shelf, height, stop));
        toClose.Push(snapshots);
        keeper = new SnapshotKeeper(chain.Reader, snapshots, shelf, chain.Heights, (uint)open.Config.Sync.SnapshotEpochs)
        {
            Log = logs.CreateLogger("Snapshots"),
        };
        history = new HistoryTurns(open.Config.Rpc.HistoryPercent, clock);
        health = new HealthMonitor(() => HealthMonitor.IsUpToDate(consensus.IsSyncing, chain.Reader.Tip.TimeMs, clock.UnixMs()), clock);
    }

    /// <summary>Where peers reach the node.</summary>
    public IPEndPoint PeerEndpoint { get; private set; } = null!;

    /// <summary>Where clients reach it.</summary>
    public IPEndPoint PublicEndpoint { get; private set; } = null!;

    /// <summary>What runs as long as the ports are open.</summary>
    public IEnumerable<Func<CancellationToken, Task>> Loops => [health.RunAsync, keeper.RunAsync, history.RunAsync];

    /// <summary>Opens them all.</summary>
    /// <exception cref="ConfigException">One cannot be listened on.</exception>
    public static async Task<NodePorts> StartAsync(
        OpenHome open, ChainParts chain, ConsensusParts consensus, NodeRuntime.NodeServices services)
    {
        NodePorts ports = new(open, chain, consensus, services);
        try
        {
            ports.PeerEndpoint = await ports.OpenPeerPortAsync();
            await ports.OpenAdminPortAsync();
            ports.PublicEndpoint = await ports.OpenPublicPortAsync();
            return ports;
        }
        catch
        {
            await ports.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (toClose.TryPop(out IAsyncDisposable? part))
            await part.DisposeAsync();
    }

    private async Task<IPEndPoint> OpenPeerPortAsync()
    {
        bool hasPast = open.Store.Tip.Height > 0 || open.Store.Journal.LastSequence > 0;
        PeerServer peers = new(chain.Identity, open.Store, chain.Intake, chain.Inbox, door, services.Clock);
        SyncServer sync = new(shelf, chain.Reader, door, () => consensus.Driver.View, hasPast);
        return await ListenAsync(
            "peer.listen", NodeConfig.ParseEndpoint("peer.listen", open.Config.Peer.Listen), NodeLimits.PeerMessageBytesMax,
            [PeerService.BindService(peers), SyncService.BindService(sync)], new PeerPort(open.Node, door.Refused.Say));
    }

    private async Task OpenAdminPortAsync()
    {
        if (open.Config.Admin.Listen.Length == 0)
            return;
        AdminRpc admin = new(chain.Reader, snapshots, open.AdminTls is null ? AdminAccess.RequireOwn : AdminAccess.RequireCertificate);
        await ListenAsync(
            "admin.listen", NodeConfig.ParseEndpoint("admin.listen", open.Config.Admin.Listen), NodeLimits.PublicMessageBytesMax,
            [AdminService.BindService(admin)], new AdminPort(open.AdminTls, services.Clock));
    }

    private Task<IPEndPoint> OpenPublicPortAsync()
    {
        IPEndPoint endpoint = NodeConfig.ParseEndpoint("rpc.listen", open.Config.Rpc.Listen);
        Subscribers subscribers = new();
        DidResolver dids = new(open.Genesis.ChainId, () => chain.Reader.State);
        PublicPort port = new(open.Config.Rpc.WebOriginList(), open.Tls)
        {
            MapMore = pages =>
            {
                pages.MapGet(DidResolver.Route, dids.AnswerAsync);
                HealthPages.Map(pages, health);
            },
        };
        return ListenAsync(
            "rpc.listen", endpoint, NodeLimits.PublicMessageBytesMax,
            StandardServices.AddTo([.. PublicServices(dids, subscribers), .. AdminServices(endpoint)], health, subscribers), port);
    }

    private (ServerServiceDefinition, ServiceDescriptor)[] PublicServices(DidResolver dids, Subscribers subscribers)
    {
        ChainReader reader = chain.Reader;
        NodeFacts facts = new(
            chain.Identity, open.Config.Moniker, open.GenesisFile.Bytes, open.Key.Address, () => consensus.Driver.View,
            () => chain.Tracker.Count, () => consensus.IsSyncing);
        Submissions submissions = new(
            open.Genesis.ChainId, consensus.Ingress, chain.Tracker, reader, () => chain.Peers.IsValidator(chain.Identity.Validator));
        Subscribers submitters = new(NodeLimits.SubmittersPerAddressMax, NodeLimits.SubmittersMax);
        StatusRpc status = new(facts, reader, chain.Network, door.Places, services.Clock);
        return
        [
            (TransactionService.BindService(new TransactionRpc(submissions, submitters)), TransactionService.Descriptor),
            (QueryService.BindService(new QueryRpc(reader, dids, new Explainer(reader))), QueryService.Descriptor),
            (GovernanceService.BindService(new GovernanceRpc(reader, services.Protocol)), GovernanceService.Descriptor),
            (BlockService.BindService(new BlockRpc(reader, chain.Heights, subscribers, history)), BlockService.Descriptor),
            (StatusService.BindService(status), StatusService.Descriptor),
        ];
    }

    // Admin calls are never answered on a port that strangers reach.
    private (ServerServiceDefinition, ServiceDescriptor)[] AdminServices(IPEndPoint publicEndpoint) =>
        open.Config.Admin.Listen.Length == 0 && IPAddress.IsLoopback(publicEndpoint.Address)
            ? [(AdminService.BindService(new AdminRpc(chain.Reader, snapshots, AdminAccess.RequireOwn)), AdminService.Descriptor)]
            : [];

    private async Task<IPEndPoint> ListenAsync(
        string setting, IPEndPoint endpoint, int messageBytesMax, IEnumerable<ServerServiceDefinition> definitions, PortUse use)
    {
        GrpcListener port = await GrpcListener.StartAsync(setting, endpoint, messageBytesMax, services.Logs, definitions, use);
        toClose.Push(port);
        return port.Endpoint;
    }
}
