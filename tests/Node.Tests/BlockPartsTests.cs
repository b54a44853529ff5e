using System.Net;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Rpc;
using AppChain.Protos.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Tests.Explain;
using Block = AppChain.Protos.V1.Block;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Transfer = AppChain.Ledger.Transfer;

namespace Node.Tests;

/// <summary>A block that comes in parts: what they join to, and what a reader who takes none of them has the node hold.</summary>
public sealed class BlockPartsTests(BlockPartsTests.LargeBlock large) : IClassFixture<BlockPartsTests.LargeBlock>, IAsyncLifetime
{
    private const int Transactions = 2_000;

    private GrpcListener port = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => port = await GrpcListener.StartAsync(
        "test", new IPEndPoint(IPAddress.Loopback, 0), NodeLimits.PublicMessageBytesMax, NullLoggerFactory.Instance,
        [
            BlockService.BindService(new BlockRpc(
                large.Chain.Reader, new HeightSignal(large.Chain.Reader.Tip.Height), new Subscribers(),
                new HistoryTurns(100, TimeProvider.System))),
        ],
        new PublicPort([], null));

    public ValueTask DisposeAsync() => port.DisposeAsync();

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(0u, 64u)]
    [InlineData(63u, 100u)]
    [InlineData(Transactions - 1, 64u)]
    [InlineData(100u, 0u)]
    public async Task Parts_FromAnyTransactionOn_JoinToTheRestOfTheBlock(uint from, uint partMax)
    {
        await using NodeClient client = Connect();
        Block whole = await client.GetBlockAsync(1, withTransactions: true, Stop);
        Assert.InRange(whole.Transactions.Count, Transactions, int.MaxValue);

        ChainCursor cursor = new(1, from);
        List<TransactionRecord> seen = [];
        await foreach (Block part in client.SubscribeAsync(cursor, partMax, Stop))
        {
            Assert.Equal(cursor, new ChainCursor(part.Header.Height, part.FirstIndex));
            Assert.Equal(whole.HeaderBytes, part.HeaderBytes);
            Assert.InRange(part.Transactions.Count, 1, partMax == 0 ? int.MaxValue : (int)partMax);
            seen.AddRange(part.Transactions);
            cursor = new ChainCursor(part.Next.Height, part.Next.Index);
            if (cursor.Height > 1)
                break;
        }

        Assert.Equal(new ChainCursor(2), cursor);
        Assert.Equal(whole.Transactions.Skip((int)from), seen);
    }

    [Fact]
    public async Task Cursor_BehindTheLastTransaction_GoesOnWithTheNextBlock()
    {
        await using NodeClient client = Connect();
        uint count = (await client.GetBlockAsync(1, withTransactions: false, Stop)).TransactionCount;
        await using IAsyncEnumerator<Block> parts = client.SubscribeAsync(new ChainCursor(1, count), 64, Stop).GetAsyncEnumerator(Stop);
        Assert.True(await parts.MoveNextAsync());
        Assert.Equal((2ul, 0u), (parts.Current.Header.Height, parts.Current.FirstIndex));
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(NodeLimits.BlockPartMin - 1)]
    public async Task Parts_ThatAreTooSmall_AreRefused(uint partMax)
    {
        await using NodeClient client = Connect();
        await using IAsyncEnumerator<Block> parts = client.SubscribeAsync(ChainCursor.Beginning, partMax, Stop).GetAsyncEnumerator(Stop);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => parts.MoveNextAsync().AsTask());
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task Readers_WhoTakeOnePartAndNoMore_HoldAPartEachAndNotABlock()
    {
        const int readers = NodeLimits.SubscribersPerAddressMax;
        await using NodeClient client = Connect();
        long whole = Measured();
        Block block = await client.GetBlockAsync(1, withTransactions: true, Stop);
        whole = Measured() - whole;
        GC.KeepAlive(block);
        Assert.InRange(whole, 1 << 20, long.MaxValue);
        block = null!;

        long before = Measured();
        List<IAsyncEnumerator<Block>> reading = [];
        for (int i = 0; i < readers; i++)
        {
            reading.Add(client.SubscribeAsync(ChainCursor.Beginning, NodeLimits.BlockPartMin, Stop).GetAsyncEnumerator(Stop));
            Assert.True(await reading[i].MoveNextAsync());
        }
        // What a part of a block is, on both sides, and what the transport holds for each call; not the block.
        Assert.InRange(Measured() - before, 0, readers * (whole / 4));
        foreach (IAsyncEnumerator<Block> reader in reading)
            await reader.DisposeAsync();
    }

    private static long Measured() => GC.GetTotalMemory(forceFullCollection: true);

    private NodeClient Connect() => NodeClient.Connect($"http://{port.Endpoint}");

    /// <summary>A chain whose first block is large.</summary>
    public sealed class LargeBlock : IDisposable
    {
        public LargeBlock()
        {
            using PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
            Chain.NowMs += 1_000;
            Chain.Run([.. Enumerable.Range(0, Transactions).Select(_ => Chain.Sign(new Transfer(default, new Amount(1)), owner))]);
            Chain.NowMs += 1_000;
            Chain.Run([]);
        }

        internal StoredChain Chain { get; } = new(Repository.Read("genesis.json"));

        public void Dispose() => Chain.Dispose();
    }
}
