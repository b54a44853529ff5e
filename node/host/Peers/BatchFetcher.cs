using System.Threading.Channels;
using AppChain.Crypto;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;
using Batch = AppChain.Ledger.Batch;

namespace AppChain.Node.Peers;

/// <summary>
/// Fetches batches that a block names and this node lacks: first from the peer that should have them, then from the others
/// in turn, until they are here or nobody wants them any more.
/// </summary>
public sealed class BatchFetcher(PeerNetwork network, BatchIntake intake, TimeProvider clock)
{
    // A pushed batch and the proposal that names it travel on separate streams: give the push a moment to arrive.
    private static readonly TimeSpan PushGrace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock gate = new();
    private IReadOnlyList<Hash256> wanted = [];
    private int firstPeer;

    /// <summary>Says which batches are missing now; this replaces what was wanted before.</summary>
    /// <param name="hint">The validator most likely to have them.</param>
    public void Want(IReadOnlyList<Hash256> missing, int hint)
    {
        lock (gate)
            (wanted, firstPeer) = (missing, hint);
        if (missing.Count > 0)
            wake.Writer.TryWrite(true);
    }

    /// <summary>Fetches until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await wake.Reader.ReadAsync(cancellation);
            await Task.Delay(PushGrace, clock, cancellation);
            while (Missing(out int hint) is { Count: > 0 } missing)
            {
                foreach (PeerLink link in network.ConnectedFrom(hint))
                {
                    await FetchAsync(link, missing, cancellation);
                    missing = Missing(out _);
                    if (missing.Count == 0)
                        break;
                }
                if (missing.Count > 0)
                    await Task.Delay(RetryDelay, clock, cancellation);
            }
        }
    }

    private List<Hash256> Missing(out int hint)
    {
        lock (gate)
        {
            hint = firstPeer;
            return [.. wanted.Where(id => !intake.Has(id)).Take(NodeLimits.BatchesPerFetchMax)];
        }
    }

    private async Task FetchAsync(PeerLink link, List<Hash256> ids, CancellationToken cancellation)
    {
        GetBatchesRequest request = new();
        request.Ids.AddRange(ids.Select(id => ByteString.CopyFrom(id.Bytes)));
        try
        {
            using AsyncServerStreamingCall<BatchMessage> call = link.Client.GetBatches(
                request, deadline: clock.GetUtcNow().UtcDateTime + AnswerTimeout, cancellationToken: cancellation);
            while (await call.ResponseStream.MoveNext(cancellation))
            {
                ReadOnlyMemory<byte> batch = call.ResponseStream.Current.Batch.Memory;
                if (!ids.Contains(Batch.IdOf(batch.Span)))
                    return; // not what was asked for: the next peer is asked
                _ = intake.AcceptNamed(batch); // a bad one stays missing: the next peer is asked
            }
        }
        catch (RpcException) when (!cancellation.IsCancellationRequested)
        {
            // This peer does not answer: the caller asks the next one.
        }
    }
}
