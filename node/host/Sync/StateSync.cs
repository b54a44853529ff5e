using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Peers;
using AppChain.Node.Snapshots;
using AppChain.Protos.V1;
using AppChain.Storage;
using Microsoft.Extensions.Logging;

namespace AppChain.Node.Sync;

/// <summary>
/// Takes the state at a finalised root from several peers, when this node is behind by much, or when nobody has the blocks any more that it
/// needs next. The state grows beside the node's own data; when it is whole the node starts anew on it, and goes on by blocks.
/// </summary>
internal sealed class StateSync(PeerNetwork network, ChainReader reader, Genesis genesis, NodeHome home, NodeConfig.SyncConfig settings)
{
    private readonly HashSet<int> liars = [];
    private readonly SnapshotFolder incoming = new(home.IncomingDirectory);
    private long? asked;
    private volatile bool fetching;

    public required TimeProvider Clock { get; init; }

    public required ILogger Log { get; init; }

    /// <summary>True while a state is being fetched.</summary>
    public bool IsFetching => fetching;

    /// <summary>A state lies beside the data: this node is to start anew on it.</summary>
    public bool HasArrived { get; private set; }

    /// <summary>Asks the peers, and takes a state if that is the way. True if one has arrived.</summary>
    public async Task<bool> TryAsync(CancellationToken cancellation)
    {
        if (asked is { } before && Clock.GetElapsedTime(before) < NodeLimits.StateSyncInterval)
            return false;
        SnapshotPeer[] peers = await AskAsync(cancellation);
        asked = Clock.GetTimestamp();
        foreach (OfferedState state in Wanted(peers))
        {
            SnapshotDownload download = new(genesis, incoming, state, Clock, Log);
            fetching = true;
            bool whole = await download.RunAsync([.. peers.Where(peer => peer.Offers.Contains(state))], cancellation);
            liars.UnionWith(download.Liars);
            if (whole && await ImportAsync(state, cancellation))
                return HasArrived = true;
        }
        fetching = false;
        return false;
    }

    // A node that has just started waits a little for its links, so that chunks come from several.
    private async Task<SnapshotPeer[]> AskAsync(CancellationToken cancellation)
    {
        long since = Clock.GetTimestamp();
        while (asked is null && network.Links.Any(static link => link.Problem is not null) && Clock.GetElapsedTime(since) < NodeLimits.StateSyncGatherTime)
            await Task.Delay(NodeLimits.StateSyncGatherStep, Clock, cancellation);
        SnapshotPeer?[] answers = await Task.WhenAll(
            network.Links.Where(link => link.Problem is null && !liars.Contains(link.Index)).Select(link => SnapshotPeer.AskAsync(link, Clock, cancellation)));
        return [.. answers.OfType<SnapshotPeer>()];
    }

    /// <summary>What is worth taking, best first: what an earlier run began with, then the newest. What a peer claims here only costs a look at its proof.</summary>
    private OfferedState[] Wanted(SnapshotPeer[] peers)
    {
        ulong height = reader.Tip.Height;
        bool blocksAreGone = peers.Length > 0 && peers.All(peer => peer.BlocksFrom > height + 1);
        ulong above = blocksAreGone ? height : height + (ulong)settings.StateAboveBlocks;
        OfferedState? begun = Begun();
        return [.. peers.SelectMany(static peer => peer.Offers).Distinct().Where(state => state.Height > above)
            .OrderByDescending(state => state == begun).ThenByDescending(static state => state.Height)];
    }

    private OfferedState? Begun()
    {
        try
        {
            return incoming.Exists ? OfferedState.Of(incoming.ReadManifest(out _))
                : incoming.ReadDraft() is { } draft ? OfferedState.Of(SnapshotManifest.Parser.ParseFrom(draft))
                : null;
        }
        catch (Exception e) when (e is CommandException or Google.Protobuf.InvalidProtocolBufferException)
        {
            SyncLog.Damaged(Log, e.Message);
            return null;
        }
    }

    private async Task<bool> ImportAsync(OfferedState state, CancellationToken cancellation)
    {
        try
        {
            // Away from the threads that serve calls: it takes as long as writing the whole state does.
            await Task.Factory.StartNew(() => Import(cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            new SnapshotShelf(home).Add(incoming, state.Height).MarkAutomatic();
            SyncLog.StateArrived(Log, state.Height);
            return true;
        }
        catch (AggregateException e) when (cancellation.IsCancellationRequested && e.InnerExceptions.All(static inner => inner is OperationCanceledException))
        {
            throw new OperationCanceledException("the node stops", e, cancellation);
        }
        catch (CommandException refused)
        {
            // What was checked when it came is wrong now: the disk has changed it. All of it is fetched again.
            SyncLog.Damaged(Log, refused.Message);
            Directory.Delete(incoming.Path, recursive: true);
            return false;
        }
    }

    private void Import(CancellationToken cancellation)
    {
        SnapshotManifest manifest = incoming.ReadManifest(out byte[] bytes);
        byte[] block = incoming.ReadBlock();
        SnapshotImport import = new(genesis, home.NextDataDirectory, incoming.ReadValidators(genesis));
        byte[] Read(int chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            return incoming.ReadChunk(chunk);
        }
        try
        {
            import.Run(manifest, bytes, block, Read, static (_, _) => { });
        }
        catch (StorageException other) when (other.Fault == StorageFault.OtherChain)
        {
            // The unfinished import of a snapshot that nobody offers any more.
            Directory.Delete(home.NextDataDirectory + ".import", recursive: true);
            import.Run(manifest, bytes, block, Read, static (_, _) => { });
        }
    }
}
