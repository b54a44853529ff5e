using System.Threading.Channels;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Node.Peers;
using AppChain.Protos.V1;
using AppChain.Storage;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Block = AppChain.Consensus.Block;

namespace AppChain.Node.Sync;

/// <summary>
/// Brings finalised blocks from peers when consensus has moved on without this node. Nothing is believed: links are checked hash
/// by hash up to a finalization, every batch is verified, and the chain compares each root with its own execution.
/// </summary>
public sealed class BlockSync(PeerNetwork network, ChainStore store, Chain chain, SyncChecks checks, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    private readonly Channel<(Digest Block, int Peer)> requests = Channel.CreateBounded<(Digest Block, int Peer)>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private volatile bool running;

    /// <summary>True while blocks are being fetched.</summary>
    public bool IsRunning => running;

    /// <summary>Asks to catch up to this final block; the core asks again while it is behind.</summary>
    /// <param name="peer">Whom to ask first.</param>
    public void Request(Digest block, int peer) => requests.Writer.TryWrite((block, peer));

    /// <summary>Asks for whatever is new.</summary>
    public void RequestNew() => requests.Writer.TryWrite((Digest.Zero, 0)); // no block has that hash: it goes on until nobody has more

    /// <summary>What to do first when the node is behind: true if the node is to start anew on a state that has arrived.</summary>
    public required Func<CancellationToken, Task<bool>> TakeState { get; init; }

    /// <summary>Runs until cancelled, or until a state has arrived.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach ((Digest block, int peer) in requests.Reader.ReadAllAsync(cancellation))
        {
            if (checks.IsKnown(block))
                continue;
            running = block != Digest.Zero; // else nobody has said that there is anything new
            if (await TakeState(cancellation))
                return;
            // One call each: a peer that gives a block now and then holds nobody up for longer than its turn.
            while (!checks.IsKnown(block) && await RoundAsync(block, peer, cancellation))
                running = true;
            running = false;
        }
    }

    /// <summary>Asks the peers one after the other. False if none had anything new.</summary>
    private async Task<bool> RoundAsync(Digest block, int first, CancellationToken cancellation)
    {
        ulong start = store.Tip.Height;
        foreach (PeerLink link in network.ConnectedFrom(first))
        {
            ulong before = store.Tip.Height;
            if (await FetchAsync(link, cancellation) is { } problem)
                SyncLog.Refused(log, link.Index, problem);
            if (store.Tip.Height > before)
                SyncLog.Progress(log, before, store.Tip.Height, link.Index);
            if (checks.IsKnown(block))
                break;
        }
        return store.Tip.Height > start;
    }

    /// <summary>Fetches blocks from one peer, once. Returns what was wrong with its answer; null if nothing.</summary>
    private async Task<string?> FetchAsync(PeerLink link, CancellationToken cancellation)
    {
        try
        {
            ChainTip tip = store.Tip;
            using AsyncServerStreamingCall<Protos.V1.FinalizedBlock> call = link.Client.GetBlocks(
                new GetBlocksRequest { FromHeight = tip.Height + 1, Count = NodeLimits.BlocksPerSyncMax },
                deadline: clock.GetUtcNow().UtcDateTime + AnswerTimeout,
                cancellationToken: cancellation);
            return await ApplyAsync(tip, call.ResponseStream, cancellation);
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            return e.Status.ToString();
        }
    }

    private async Task<string?> ApplyAsync(ChainTip tip, IAsyncStreamReader<Protos.V1.FinalizedBlock> answers, CancellationToken cancellation)
    {
        List<SyncedBlock> waiting = [];
        (Hash256 parent, ulong height) = (tip.HeaderHash, tip.Height);
        while (await answers.MoveNext(cancellation))
        {
            if (waiting.Count == NodeLimits.BlocksPerSyncMax * 2)
                return $"{waiting.Count} blocks without a finalization";
            if (checks.TryOpen(answers.Current, parent, ++height, out SyncedBlock? synced) is { } problem)
                return problem;
            waiting.Add(synced!);
            parent = synced!.Block.Hash.ToHash();
            if (synced.Finalization is not { } finalization)
                continue;
            if (!await chain.ApplyAsync(new SyncedBlocks([.. waiting], finalization)).WaitAsync(cancellation))
                return "a batch of its blocks was dropped while they were checked; they are asked for again";
            waiting.Clear();
        }
        return null;
    }
}
