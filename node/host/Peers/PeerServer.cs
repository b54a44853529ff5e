using AppChain.Crypto;
using AppChain.Node.Driver;
using AppChain.Node.Pool;
using AppChain.Node.Rpc;
using AppChain.Node.Sync;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Status = Grpc.Core.Status;

namespace AppChain.Node.Peers;

/// <summary>
/// What other nodes call. Nothing that a caller claims is believed: votes carry signatures, batches are verified before
/// they are kept, and answers are checked by whoever asked.
/// </summary>
public sealed class PeerServer(ChainIdentity identity, ChainStore store, BatchIntake intake, ConsensusInbox inbox, ILogger log)
    : PeerService.PeerServiceBase
{
    public override Task<HelloResponse> Hello(HelloRequest request, ServerCallContext context) =>
        identity.Mismatch(request) is { } mismatch
            ? throw new RpcException(new Status(StatusCode.FailedPrecondition, mismatch))
            : Task.FromResult(new HelloResponse { Validator = identity.Validator });

    public override async Task<ConsensusSummary> Consensus(IAsyncStreamReader<ConsensusMessage> requests, ServerCallContext context)
    {
        while (await requests.MoveNext(context.CancellationToken))
            inbox.Offer(requests.Current.Sender, requests.Current.Message.Span);
        return new ConsensusSummary();
    }

    public override async Task<PushSummary> PushBatches(IAsyncStreamReader<BatchMessage> requests, ServerCallContext context)
    {
        while (await requests.MoveNext(context.CancellationToken))
        {
            if (intake.Accept(requests.Current.Batch.Memory, wanted: false) is not { } problem)
                continue;
            // Provable misbehaviour ends the stream, and with it this line of the log.
            PeerLog.BatchRefused(log, context.Peer, problem);
            throw new RpcException(new Status(StatusCode.InvalidArgument, problem));
        }
        return new PushSummary();
    }

    public override async Task GetBatches(GetBatchesRequest request, IServerStreamWriter<BatchMessage> responses, ServerCallContext context)
    {
        if (request.Ids.Count > NodeLimits.BatchesPerFetchMax)
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"at most {NodeLimits.BatchesPerFetchMax} ids in one request"));
        foreach (ByteString idBytes in request.Ids)
        {
            if (idBytes.Length == Hash256.Size && intake.TryRead(new Hash256(idBytes.Span), out ReadOnlyMemory<byte> batch))
                await responses.WriteAsync(new BatchMessage { Batch = UnsafeByteOperations.UnsafeWrap(batch) }, context.CancellationToken);
        }
    }

    public override async Task GetBlocks(GetBlocksRequest request, IServerStreamWriter<Protos.V1.FinalizedBlock> responses, ServerCallContext context)
    {
        ulong first = Math.Max(request.FromHeight, 1);
        if (first > store.Tip.Height)
            return;
        ulong last = first + Math.Clamp(request.Count, 1u, (uint)NodeLimits.BlocksPerSyncMax) - 1;
        // The last one sent must prove the others: go on to the next block that carries its own finalization.
        for (ulong height = first; height <= store.Tip.Height; height++)
        {
            // NOT_FOUND if it is pruned: the caller asks another peer.
            Protos.V1.FinalizedBlock block = await Answer.With(() => StoredBlocks.Read(store, height));
            await responses.WriteAsync(block, context.CancellationToken);
            if (height >= last && !block.Finalization.IsEmpty)
                return;
        }
    }
}
