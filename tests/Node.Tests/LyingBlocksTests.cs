using System.Net;
using AppChain.Client;
using AppChain.Node;
using AppChain.Node.Rpc;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Tests.Explain;
using Block = AppChain.Protos.V1.Block;
using Status = Grpc.Core.Status;

namespace Node.Tests;

/// <summary>A follower of blocks among nodes that lie: what it believes, whom it leaves, and when it says that nobody goes on.</summary>
public sealed class LyingBlocksTests : IAsyncLifetime
{
    private const ulong Blocks = 6;
    private static readonly BlockFollowerOptions Options = new() { SilenceMax = TimeSpan.FromSeconds(20) };

    private readonly StoredChain chain = new(Repository.Read("genesis.json"));
    private readonly List<IAsyncDisposable> nodes = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        for (ulong i = 0; i < Blocks; i++)
        {
            chain.NowMs += 1_000;
            chain.Run([]);
        }
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable node in Enumerable.Reverse(nodes))
            await node.DisposeAsync();
        chain.Dispose();
    }

    public static TheoryData<string, Action<Block>> Lies => new()
    {
        { "another block with the hash that is expected", static block => block.HeaderBytes = Changed(block.HeaderBytes) },
        { "another parent, and hashes to fit", static block => block.Header.ParentHash = Changed(block.Header.ParentHash) },
        { "another time than the header's", static block => block.Header.TimeMs++ },
        { "another hash", static block => block.Hash = Changed(block.Hash) },
        { "no header", static block => block.HeaderBytes = ByteString.Empty },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Follower_OfALiarAlone_SaysSo(string lie, Action<Block> change)
    {
        BlockFollower follower = new([await LiarAsync(from: 3, change)], ChainCursor.Beginning, Options);
        List<ulong> seen = [];
        Exception? said = await Record.ExceptionAsync(() => ReadAsync(follower, seen));
        Assert.True(said is BrokenChainException, $"{lie}: {said}");
        Assert.Equal([1, 2], seen);
    }

    [Fact]
    public async Task Follower_OfALiarAndAnHonestNode_ReadsTheChain()
    {
        NodeClient liar = await LiarAsync(from: 3, static block => block.HeaderBytes = Changed(block.HeaderBytes));
        BlockFollower follower = new([liar, await LiarAsync(from: ulong.MaxValue, static _ => { })], ChainCursor.Beginning, Options);
        List<ulong> seen = [];
        await Assert.ThrowsAsync<DoneException>(() => ReadAsync(follower, seen));
        Assert.Equal([1, 2, 3, 4, 5, 6], seen);
    }

    [Fact]
    public async Task Follower_WhoseFirstNodeRefusesTheCursor_GoesOnWithTheOther()
    {
        NodeClient strange = await LiarAsync(from: 1, static _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "what?")));
        BlockFollower follower = new([strange, await LiarAsync(from: ulong.MaxValue, static _ => { })], ChainCursor.Beginning, Options);
        List<ulong> seen = [];
        await Assert.ThrowsAsync<DoneException>(() => ReadAsync(follower, seen));
        Assert.Equal([1, 2, 3, 4, 5, 6], seen);
    }

    [Fact]
    public async Task Follower_ThatAllNodesRefuse_SaysWhyAndWhatIsWorst()
    {
        NodeClient strange = await LiarAsync(from: 3, static _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "what?")));
        NodeClient liar = await LiarAsync(from: 3, static block => block.HeaderBytes = Changed(block.HeaderBytes));
        BlockFollower among = new([liar, strange], ChainCursor.Beginning, Options);
        BlockFollower refusedByAll = new([strange, strange], new ChainCursor(3), Options);
        await Assert.ThrowsAsync<BrokenChainException>(() => ReadAsync(among, []));
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(refusedByAll, []));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public void Follower_FromNowhereOrOfNobody_IsRefused()
    {
        NodeClient node = NodeClient.Connect("http://127.0.0.1:1");
        nodes.Add(node);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockFollower([node], default));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockFollower([], ChainCursor.Beginning));
    }

    private static ByteString Changed(ByteString bytes)
    {
        byte[] changed = bytes.ToByteArray();
        changed[^1] ^= 1;
        return ByteString.CopyFrom(changed);
    }

    private static Task ReadAsync(BlockFollower follower, List<ulong> seen) => follower.RunAsync((block, _) =>
    {
        seen.Add(block.Header.Height);
        return block.Header.Height == Blocks ? throw new DoneException() : ValueTask.CompletedTask;
    }, Stop).WaitAsync(Bounds.Finality, Stop);

    private async Task<NodeClient> LiarAsync(ulong from, Action<Block> change)
    {
        GrpcListener port = await GrpcListener.StartAsync(
            "test", new IPEndPoint(IPAddress.Loopback, 0), NodeLimits.PublicMessageBytesMax, NullLoggerFactory.Instance,
            [BlockService.BindService(new Liar(new BlockParts(chain.Reader), from, change))], new PublicPort([], null));
        nodes.Add(port);
        NodeClient client = NodeClient.Connect($"http://{port.Endpoint}");
        nodes.Add(client);
        return client;
    }

    private sealed class DoneException : Exception;

    private sealed class Liar(BlockParts blocks, ulong from, Action<Block> change) : BlockService.BlockServiceBase
    {
        public override async Task Subscribe(SubscribeRequest request, IServerStreamWriter<Block> responses, ServerCallContext context)
        {
            for (ulong height = request.FromHeight; height <= Blocks; height++)
            {
                Block block = blocks.From(new BlockCursor { Height = height }, request.WithTransactions, request.PartMax);
                if (height >= from)
                    change(block);
                await responses.WriteAsync(block, context.CancellationToken);
            }
        }
    }
}
