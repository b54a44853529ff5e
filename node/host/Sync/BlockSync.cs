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
public sealed class BlockSync(PeerNetwork network, ChainReader reader, Func<BlockPipeline> newPipeline, SyncChecks checks, TimeProvider clock, ILogger log)
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
        ulong start = reader.Tip.Height;
        foreach (PeerLink link in network.ConnectedFrom(first))
        {
            ulong before = reader.Tip.Height;
            if (await FetchAsync(link, cancellation) is { } problem)
                SyncLog.Refused(log, link.Index, problem);
            if (reader.Tip.Height > before)
                SyncLog.Progress(log, before, reader.Tip.Height, link.Index);
            if (checks.IsKnown(block))
                break;
        }
        return reader.Tip.Height > start;
    }

    /// <summary>Fetches blocks from one peer, once. Returns what was wrong with its answer; null if nothing.</summary>
    private async Task<string?> FetchAsync(PeerLink link, CancellationToken cancellation)
    {
        try
        {
            ChainTip tip = reader.Tip;
            using AsyncServerStreamingCall<Protos.V1.FinalizedBlock> call = link.Client.GetBlocks(
                new GetBlocksRequest { FromHeight = tip.Height + 1, Count = NodeLimits.BlocksPerSyncMax },
                deadline: clock.GetUtcNow().UtcDateTime + AnswerTimeout,
                cancellationToken: cancellation);
            // One that says nothing at all would hold up those that have the blocks for as long as an answer may take.
            await call.ResponseHeadersAsync.WaitAsync(NodeLimits.SyncSilenceMax, clock, cancellation);
            return await newPipeline().RunAsync(tip.HeaderHash, tip.Height, call.ResponseStream, cancellation);
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            return e.Status.ToString();
        }
        catch (TimeoutException)
        {
            return $"it did not begin to answer within {NodeLimits.SyncSilenceMax.TotalSeconds:0} s";
        }
    }
}
