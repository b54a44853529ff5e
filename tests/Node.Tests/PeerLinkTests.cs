using System.Collections.Concurrent;
using AppChain.Crypto;
using AppChain.Grpc;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Peers;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using KeyScheme = AppChain.Crypto.KeyScheme;

namespace Node.Tests;

/// <summary>A link's two classes: a peer that takes no batches still hears every vote at once.</summary>
public sealed class PeerLinkTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Votes_WhileThePeerTakesNoBatches_ArriveOverAConnectionOfTheirOwn()
    {
        Genesis genesis = Genesis.TryParse(Repository.Read("genesis.json"), out Genesis? parsed, out string? error) ? parsed : throw new InvalidOperationException(error);
        using PrivateKey ownKey = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/validator/0");
        using PrivateKey peerKey = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/validator/1");
        using TestPeer own = new(genesis.Hash, ownKey), peer = new(genesis.Hash, peerKey);
        GenesisState state = new(genesis);
        PeerBook book = new(ownKey.PublicKey, new Dictionary<int, string>(), () => state);
        book.Refresh(always: true);
        ChainIdentity identity = new(genesis.ChainId.Text, own.Identity, book);
        DeafToBatches service = new();
        await using GrpcListener listener = await peer.ListenAsync(service);
        await using PeerLink link = new(1, listener.Endpoint.ToString(), identity, TimeProvider.System, NullLogger.Instance);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task running = link.RunAsync(ending.Token);

        // More than all windows of a connection hold, so that the batch stream stands still; then votes.
        ByteString bulk = ByteString.CopyFrom(new byte[400 << 10]);
        for (int i = 0; i < 40; i++)
            link.Push(new BatchMessage { Batch = bulk });
        await service.Pushing.Task.WaitAsync(Bounds.Start, Stop);
        for (int i = 0; i < 200; i++)
            link.Send(new ConsensusMessage { Message = ByteString.CopyFrom(new byte[1_000]) });
        await service.Heard200.Task.WaitAsync(Bounds.Start, Stop);

        Assert.Null(link.Problem);
        Assert.Equal(2, service.Connections.Distinct().Count());
        await ending.CancelAsync();
        await running;
    }

    private sealed class DeafToBatches : PeerService.PeerServiceBase
    {
        public TaskCompletionSource Pushing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Heard200 { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<string> Connections { get; } = new();

        public override Task<HelloResponse> Hello(HelloRequest request, ServerCallContext context) => Task.FromResult(new HelloResponse { Validator = 1 });

        public override async Task<ConsensusSummary> Consensus(IAsyncStreamReader<ConsensusMessage> requests, ServerCallContext context)
        {
            Connections.Enqueue(context.GetHttpContext().Connection.Id);
            for (int heard = 1; await requests.MoveNext(context.CancellationToken); heard++)
            {
                if (heard == 200)
                    Heard200.TrySetResult();
            }
            return new ConsensusSummary();
        }

        public override async Task<PushSummary> PushBatches(IAsyncStreamReader<BatchMessage> requests, ServerCallContext context)
        {
            Connections.Enqueue(context.GetHttpContext().Connection.Id);
            await requests.MoveNext(context.CancellationToken);
            Pushing.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new PushSummary();
        }
    }
}
