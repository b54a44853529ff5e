using AppChain.Crypto;
using AppChain.Grpc;
using AppChain.Node;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;
using Grpc.Core;

namespace Node.Tests;

/// <summary>A peer that gives real blocks, and takes from them what proves them.</summary>
public sealed class LyingPeerTests
{
    [Fact]
    public async Task Blocks_WithoutAFinalization_LeaveNothingInTheStore()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.MakeBlocksAsync(5);
        await using LyingPeer liar = await LyingPeer.StartAsync(network);
        int follower = network.AddNode(PrivateKey.Generate(AppChain.Crypto.KeyScheme.Secp256k1));
        network.Configure(follower, config => config.Peer.Validators = new Dictionary<string, string> { ["0"] = liar.Address });
        await network.StartAsync(follower);

        // The second question comes after the first answer was judged.
        await liar.Asked(2).WaitAsync(Bounds.Finality, TestContext.Current.CancellationToken);
        await network.StopAsync(follower);

        Assert.True(liar.BatchesGiven > 0, "there was nothing to store");
        using StoreRecords records = StoreRecords.Open(network.Home(follower).DataDirectory);
        Assert.Equal(0UL, records.Meta().Tip.Height);
        Assert.Empty(records.Batches());
    }

    private sealed class LyingPeer : PeerService.PeerServiceBase, IAsyncDisposable
    {
        private readonly TestPeer identity;
        private readonly GrpcChannel honest;
        private readonly SemaphoreSlim questions = new(0);
        private GrpcListener? listener;
        private int batchesGiven;

        private LyingPeer(LocalNetwork network)
        {
            identity = TestPeer.Of(network, 0);
            honest = identity.Connect(network.PeerAddresses[1]);
        }

        public string Address => $"127.0.0.1:{listener!.Endpoint.Port}";

        public int BatchesGiven => Volatile.Read(ref batchesGiven);

        public static async Task<LyingPeer> StartAsync(LocalNetwork network)
        {
            LyingPeer liar = new(network);
            liar.listener = await liar.identity.ListenAsync(liar);
            return liar;
        }

        public async Task Asked(int times)
        {
            for (int i = 0; i < times; i++)
                await questions.WaitAsync(TestContext.Current.CancellationToken);
        }

        public override Task<HelloResponse> Hello(HelloRequest request, ServerCallContext context) => Task.FromResult(new HelloResponse { Validator = 0 });

        public override async Task<ConsensusSummary> Consensus(IAsyncStreamReader<ConsensusMessage> requests, ServerCallContext context)
        {
            while (await requests.MoveNext(context.CancellationToken))
                Assert.False(requests.Current.Message.IsEmpty);
            return new ConsensusSummary();
        }

        public override async Task<PushSummary> PushBatches(IAsyncStreamReader<BatchMessage> requests, ServerCallContext context)
        {
            while (await requests.MoveNext(context.CancellationToken))
                Assert.False(requests.Current.Batch.IsEmpty);
            return new PushSummary();
        }

        public override async Task GetBlocks(GetBlocksRequest request, IServerStreamWriter<AppChain.Protos.V1.FinalizedBlock> responses, ServerCallContext context)
        {
            questions.Release();
            using AsyncServerStreamingCall<AppChain.Protos.V1.FinalizedBlock> call =
                new PeerService.PeerServiceClient(honest).GetBlocks(request, cancellationToken: context.CancellationToken);
            while (await call.ResponseStream.MoveNext(context.CancellationToken))
            {
                AppChain.Protos.V1.FinalizedBlock block = call.ResponseStream.Current;
                block.Finalization = ByteString.Empty;
                Interlocked.Add(ref batchesGiven, block.Batches.Count);
                await responses.WriteAsync(block, context.CancellationToken);
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (listener is not null)
                await listener.DisposeAsync();
            identity.Dispose();
            questions.Dispose();
        }
    }
}
