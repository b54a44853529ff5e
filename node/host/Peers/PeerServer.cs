using System.Net;
using AppChain.Crypto;
using AppChain.Grpc;
using AppChain.Node.Driver;
using AppChain.Node.Rpc;
using AppChain.Node.Sync;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace AppChain.Node.Peers;

/// <summary>
/// What other nodes call. Who calls is known by its certificate, and nothing else that it claims is believed: votes carry signatures, batches
/// are verified before they are kept, and answers are checked by whoever asked.
/// </summary>
public sealed class PeerServer(ChainIdentity identity, ChainStore store, BatchIntake intake, ConsensusInbox inbox, PeerDoor door, TimeProvider clock)
    : PeerService.PeerServiceBase
{
    public override Task<HelloResponse> Hello(HelloRequest request, ServerCallContext context)
    {
        if (identity.Mismatch(request, door.Callers.Of(context).Node) is { } mismatch)
            throw Refuse(context, StatusCode.FailedPrecondition, mismatch);
        return Task.FromResult(new HelloResponse
        {
            Validator = identity.Validator,
            Version = ChainIdentity.ProgramVersion,
            TimeMs = clock.UnixMs(),
            Height = store.Tip.Height,
        });
    }

    public override async Task<ConsensusSummary> Consensus(IAsyncStreamReader<ConsensusMessage> requests, ServerCallContext context)
    {
        await ReadAsync(requests, PeerStream.Consensus, context, (caller, message) =>
        {
            if (message.Message.Length > NodeLimits.ConsensusMessageBytesMax)
                return $"a consensus message has {message.Message.Length} bytes; at most {NodeLimits.ConsensusMessageBytesMax} are read";
            if (caller.Number is { } sender)
                inbox.Offer(sender, message.Message.Span);
            return null;
        });
        return new ConsensusSummary();
    }

    public override async Task<PushSummary> PushBatches(IAsyncStreamReader<BatchMessage> requests, ServerCallContext context)
    {
        await ReadAsync(requests, PeerStream.Batches, context, (caller, message) => intake.Offer(message, caller));
        return new PushSummary();
    }

    public override Task GetBatches(GetBatchesRequest request, IServerStreamWriter<BatchMessage> responses, ServerCallContext context) =>
        door.AnswerAsync(context, async stop =>
        {
            if (request.Ids.Count > NodeLimits.BatchesPerFetchMax)
                throw new RpcException(new Status(StatusCode.InvalidArgument, $"at most {NodeLimits.BatchesPerFetchMax} ids in one request"));
            foreach (ByteString idBytes in request.Ids)
            {
                if (idBytes.Length == Hash256.Size && intake.TryRead(new Hash256(idBytes.Span), out ReadOnlyMemory<byte> batch))
                    await responses.WriteAsync(new BatchMessage { Batch = UnsafeByteOperations.UnsafeWrap(batch) }, stop);
            }
        });

    public override Task GetBlocks(GetBlocksRequest request, IServerStreamWriter<Protos.V1.FinalizedBlock> responses, ServerCallContext context) =>
        door.AnswerAsync(context, async stop =>
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
                await responses.WriteAsync(block, stop);
                if (height >= last && !block.Finalization.IsEmpty)
                    return;
            }
        });

    /// <summary>Reads a stream to its end. What is provably wrong ends it, and is logged.</summary>
    /// <param name="take">Takes a message; answers what is wrong with it in one sentence, or null.</param>
    private async Task ReadAsync<T>(IAsyncStreamReader<T> requests, PeerStream kind, ServerCallContext context, Func<PeerCaller, T, string?> take)
    {
        PeerCaller caller = door.Callers.OnThisChain(context);
        using PeerPlaces.Place place = door.Places.Enter(caller, kind, context.CancellationToken);
        if (place.TakenFromAnotherNode)
            door.Refused.Say(AddressOf(context), $"{caller}: two nodes have called with its consensus key; if both still run, its operator must stop one at once");
        try
        {
            while (await requests.MoveNext(place.Token))
            {
                caller = door.Callers.AsOfNow(caller);
                if (take(caller, requests.Current) is { } problem)
                    throw Refuse(context, StatusCode.InvalidArgument, $"{caller}: {problem}");
            }
        }
        catch (OperationCanceledException) when (place.IsReplaced)
        {
            throw new RpcException(new Status(StatusCode.Aborted, "a newer stream of the same node took this one's place"));
        }
    }

    private RpcException Refuse(ServerCallContext context, StatusCode code, string problem)
    {
        door.Refused.Say(AddressOf(context), problem);
        return new RpcException(new Status(code, problem));
    }

    private static IPAddress AddressOf(ServerCallContext context) => context.GetHttpContext().Connection.RemoteIpAddress ?? IPAddress.None;
}
