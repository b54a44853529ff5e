using System.Text;
using System.Text.Json.Nodes;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;
using Block = AppChain.Protos.V1.Block;
using Body = AppChain.Ledger.Body;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Transfer = AppChain.Ledger.Transfer;

namespace Node.Tests;

/// <summary>Readers of the chain whose cursor is a transaction: killed, with their nodes, wherever it hurts.</summary>
public sealed class BlockFollowerTests
{
    private const int Senders = 3, Sent = 1_800;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follower_ThatIsKilledWithItsNodeAgainAndAgain_ReadsEveryTransactionOnceAndInOrder()
    {
        await using LocalNetwork network = await StartAsync();
        NodeClient[] nodes = [network.Connect(3), network.Connect(2)];
        Random random = new(5);
        List<(ulong Height, uint Index, ByteString Id)> stored = [];
        ChainCursor cursor = ChainCursor.Beginning;
        Task<ulong> load = LoadAsync(network);
        using CancellationTokenSource enough = new();
        Task<int> kills = KillAsync(network, random.Next(), enough.Token);

        int lives = 0, middles = 0;
        for (ulong? last = null; last is null || cursor.Height <= last;)
        {
            lives++;
            middles += cursor.Index > 0 ? 1 : 0;
            BlockFollowerOptions options = new() { PartMax = NodeLimits.BlockPartMin, SilenceMax = TimeSpan.FromSeconds(3) };
            BlockFollower follower = new(nodes, cursor, options);
            int left = random.Next(1, 6);
            await Assert.ThrowsAsync<KilledException>(() => follower.RunAsync((part, _) =>
            {
                bool isLast = load.IsCompletedSuccessfully && part.Header.Height > load.Result;
                // Dead before anything of the part was stored, or after all of it was; the store is one write.
                if (--left == 0 && random.Next(2) == 0)
                    throw new KilledException();
                stored.AddRange(part.Transactions.Select(static (record, _) => (record.Height, record.Index, record.Receipt.TransactionId)));
                cursor = new ChainCursor(part.Next.Height, part.Next.Index);
                return left <= 0 || isLast ? throw new KilledException() : ValueTask.CompletedTask;
            }, Stop).WaitAsync(Bounds.Finality, Stop));
            if (load.IsCompleted)
                last = await load;
        }
        await enough.CancelAsync();
        Assert.InRange(await kills, 2, int.MaxValue);
        Assert.InRange(middles, 1, lives);

        List<(ulong, uint, ByteString)> whole = [];
        await using NodeClient client = network.Connect(0);
        for (ulong height = 1; height < cursor.Height; height++)
        {
            Block block = await client.GetBlockAsync(height, withTransactions: true, Stop);
            whole.AddRange(block.Transactions.Select(static record => (record.Height, record.Index, record.Receipt.TransactionId)));
        }
        Assert.InRange(whole.Count, Sent, int.MaxValue);
        Assert.Equal(whole, stored.Where(entry => entry.Height < cursor.Height).ToList());
        foreach (NodeClient node in nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Follower_WhoseHandlerThrows_EndsWithThatAndGoesOnWithTheSamePart()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.MakeBlocksAsync(3);
        await using NodeClient client = network.Connect(1);
        BlockFollower follower = new([client], ChainCursor.Beginning);
        List<ulong> seen = [];

        // Of the same type as a node's failure: it is not taken for one.
        RpcException thrown = new(new global::Grpc.Core.Status(StatusCode.Unavailable, "the handler's own"));
        Assert.Same(thrown, await Assert.ThrowsAsync<RpcException>(() => follower.RunAsync((part, _) =>
        {
            seen.Add(part.Header.Height);
            return part.Header.Height == 2 ? throw thrown : ValueTask.CompletedTask;
        }, Stop)));
        Assert.Equal(new ChainCursor(2), follower.Cursor);

        await Assert.ThrowsAsync<KilledException>(() => follower.RunAsync((part, _) =>
        {
            seen.Add(part.Header.Height);
            return part.Header.Height == 3 ? throw new KilledException() : ValueTask.CompletedTask;
        }, Stop));
        Assert.Equal([1, 2, 2, 3], seen);
        Assert.Equal(new ChainCursor(3), follower.Cursor);
    }

    [Fact]
    public async Task Cursor_OfNoTransaction_IsRefused()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.MakeBlocksAsync(1);
        await using NodeClient client = network.Connect(0);
        BlockFollower follower = new([client], new ChainCursor(1, 1_000_000));

        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => follower.RunAsync(static (_, _) => ValueTask.CompletedTask, Stop).WaitAsync(Bounds.Start, Stop));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    private sealed class KilledException : Exception;

    private static Task<LocalNetwork> StartAsync()
    {
        JsonNode genesis = JsonNode.Parse(Repository.Read("genesis.json"))!;
        foreach (string fee in new[] { "feeBytesPerCredit", "feeTokens" })
            genesis["parameters"]![fee] = 0;
        return LocalNetwork.StartAsync(Encoding.UTF8.GetBytes(genesis.ToJsonString()), static config => config.Pool.AccountPerSecond = 0);
    }

    // Blocks with many transactions, and for long enough; answers the height of the last.
    private static async Task<ulong> LoadAsync(LocalNetwork network)
    {
        const int round = 60;
        PrivateKey[] senders = [.. Enumerable.Range(0, Senders).Select(static _ => PrivateKey.Generate(KeyScheme.Secp256k1))];
        foreach (PrivateKey sender in senders)
            await network.FundAsync(sender.Address);
        await using NodeClient client = network.Connect(0);
        ulong validUntil = (ulong)DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeMilliseconds(), last = 0;
        using AsyncDuplexStreamingCall<SubmitRequest, SubmitResponse> stream = client.OpenSubmitStream(Stop);
        for (ulong sequence = 1; sequence <= Sent / Senders;)
        {
            for (int i = 0; i < round; i++, sequence++)
            {
                foreach (PrivateKey sender in senders)
                {
                    Body body = new(sender.Address, sequence, validUntil, new Transfer(default, new Amount(1)));
                    SignedTransaction transaction = SignedTransaction.Create(network.Genesis.ChainId, body, sender);
                    await stream.RequestStream.WriteAsync(new SubmitRequest { Transaction = transaction.Wire }, Stop);
                }
            }
            for (int final = 0; final < round * Senders;)
            {
                Assert.True(await stream.ResponseStream.MoveNext(Stop));
                SubmitResponse answer = stream.ResponseStream.Current;
                final += answer.Stage == SubmitResponse.Types.Stage.Admitted ? 0 : 1;
                Assert.True(
                    answer.Stage == SubmitResponse.Types.Stage.Admitted
                    || answer is { Stage: SubmitResponse.Types.Stage.Final, Receipt.Reason: 0 }, $"{answer}");
                last = Math.Max(last, answer.Height);
            }
        }
        foreach (PrivateKey sender in senders)
            sender.Dispose();
        return last;
    }

    // The node that the follower asks first, at any moment; back again when the others are ahead of it.
    private static async Task<int> KillAsync(LocalNetwork network, int seed, CancellationToken enough)
    {
        Random random = new(seed);
        int kills = 0;
        for (; !enough.IsCancellationRequested; kills++)
        {
            await Task.Delay(random.Next(100, 1_200), CancellationToken.None); // at no special moment
            Directory.Delete(await network.CrashAsync(3), recursive: true);
            await Task.Delay(random.Next(50, 500), CancellationToken.None);
            await network.StartAsync(3);
        }
        return kills;
    }
}
