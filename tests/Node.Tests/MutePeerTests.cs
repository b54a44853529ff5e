using System.Diagnostics;
using System.Net;
using AppChain.Crypto;
using AppChain.Node;
using AppChain.Protos.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Node.Tests;

/// <summary>A validator that takes every question and answers none: it must not hold up a node that others bring up to date.</summary>
public sealed class MutePeerTests
{
    [Fact]
    public async Task Node_ThatIsBehind_CatchesUpPastAPeerThatDoesNotAnswer()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.MakeBlocksAsync(5);
        using TestPeer identity = TestPeer.Of(network, 0);
        MuteSync sync = new();
        await using GrpcListener mute = await GrpcListener.StartAsync(
            "test", new IPEndPoint(IPAddress.Loopback, 0), NodeLimits.PeerMessageBytesMax, NullLoggerFactory.Instance,
            [PeerService.BindService(new MutePeer()), SyncService.BindService(sync)],
            new PeerPort(identity.Identity, static (_, _) => { }));
        int follower = network.AddNode(PrivateKey.Generate(AppChain.Crypto.KeyScheme.Secp256k1));
        network.Configure(follower, config => config.Peer.Validators = new Dictionary<string, string>
        {
            ["0"] = $"127.0.0.1:{mute.Endpoint.Port}",
            ["1"] = network.PeerAddresses[1],
        });

        await network.StartAsync(follower);
        await sync.Asked.WaitAsync(Bounds.Start, TestContext.Current.CancellationToken);
        long asked = Stopwatch.GetTimestamp();
        await network.WaitForHeightAsync(follower, 5);

        // It was asked twice, for snapshots and for blocks; the rest is the machine's.
        TimeSpan patience = NodeLimits.StateSyncOfferTimeout + NodeLimits.SyncSilenceMax;
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, patience + TimeSpan.FromSeconds(10));
    }

    private static Task NeverAsync(ServerCallContext context) => Task.Delay(Timeout.Infinite, context.CancellationToken);

    private sealed class MuteSync : SyncService.SyncServiceBase
    {
        private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => asked.Task;

        public override async Task<SnapshotOffers> OfferSnapshots(OfferSnapshotsRequest request, ServerCallContext context)
        {
            asked.TrySetResult();
            await NeverAsync(context);
            return new SnapshotOffers();
        }
    }

    private sealed class MutePeer : PeerService.PeerServiceBase
    {
        public override Task<HelloResponse> Hello(HelloRequest request, ServerCallContext context) =>
            Task.FromResult(new HelloResponse { Validator = 0 });

        public override async Task<ConsensusSummary> Consensus(IAsyncStreamReader<ConsensusMessage> requests, ServerCallContext context)
        {
            await NeverAsync(context);
            return new ConsensusSummary();
        }

        public override async Task<PushSummary> PushBatches(IAsyncStreamReader<BatchMessage> requests, ServerCallContext context)
        {
            await NeverAsync(context);
            return new PushSummary();
        }

        public override Task GetBlocks(
            GetBlocksRequest request, IServerStreamWriter<FinalizedBlock> responses, ServerCallContext context) => NeverAsync(context);
    }
}
