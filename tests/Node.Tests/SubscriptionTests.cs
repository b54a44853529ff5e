using AppChain.Client;
using AppChain.Protos.V1;
using Grpc.Core;

namespace Node.Tests;

/// <summary>Subscribers that go away, read slowly, or ask for what is gone.</summary>
public sealed class SubscriptionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscriber_WhoseNodeStartsAgain_GoesOnFromItsCursorWithoutAGapOrARepetition()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.MakeBlocksAsync(3);
        List<Block> seen = [];
        await using NodeClient client = network.Connect(3);
        await ReadAsync(client, seen, until: 3);
        IAsyncEnumerator<Block> open = client.SubscribeAsync(4, withTransactions: true, Stop).GetAsyncEnumerator(Stop);
        await network.StopAsync(3);

        // A stream that ends says so: nobody takes silence for the end of the chain.
        RpcException ended = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await open.MoveNextAsync())
                seen.Add(open.Current);
        });
        Assert.Equal(StatusCode.Unavailable, ended.StatusCode);
        await network.MakeBlocksAsync(3);
        await network.StartAsync(3);
        ulong tip = (await network.WaitForHeightAsync(3, (await network.WaitForHeightAsync(0, 1)).Height)).Height;
        await ReadAsync(client, seen, until: tip);
        AssertWhole(seen, tip);
    }

    [Fact]
    public async Task Subscriber_ThatReadsNothingForAWhile_GetsEveryBlockAllTheSameAndHoldsNobodyUp()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await using NodeClient slow = network.Connect(1);
        await using IAsyncEnumerator<Block> stream = slow.SubscribeAsync(1, withTransactions: true, Stop).GetAsyncEnumerator(Stop);
        Assert.True(await stream.MoveNextAsync());
        List<Block> seen = [stream.Current];

        await network.MakeBlocksAsync(40);
        ulong tip = (await network.WaitForHeightAsync(1, 41)).Height;

        while (seen[^1].Header.Height < tip && await stream.MoveNextAsync())
            seen.Add(stream.Current);
        AssertWhole(seen, tip);
    }

    [Fact]
    public async Task Subscriber_WhoseCursorIsBelowWhatANodeKeeps_IsToldFromWhereOnThereIsSomething()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(EpochTests.Genesis(), config => (config.Sync.SnapshotEpochs, config.Sync.StateAboveBlocks) = (1, 5));
        await network.StopAsync(3);
        Directory.Delete(network.Home(3).DataDirectory, recursive: true);
        await network.MakeBlocksAsync((int)EpochTests.Length + 3);
        ulong others = (await network.WaitForHeightAsync(0, EpochTests.Length + 2)).Height;
        await network.StartAsync(3);
        await network.WaitForHeightAsync(3, others);

        await using NodeClient client = network.Connect(3);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(client, [], until: others));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.Contains("the oldest kept height is", refused.Status.Detail, StringComparison.Ordinal);
    }

    // From the block after the last one seen: the height is the cursor.
    private static async Task ReadAsync(NodeClient client, List<Block> seen, ulong until)
    {
        await foreach (Block block in client.SubscribeAsync(seen.Count == 0 ? 1 : seen[^1].Header.Height + 1, withTransactions: true, Stop))
        {
            seen.Add(block);
            if (block.Header.Height >= until)
                return;
        }
    }

    private static void AssertWhole(List<Block> seen, ulong tip)
    {
        Assert.Equal(Enumerable.Range(1, (int)tip).Select(static height => (ulong)height), seen.Select(static block => block.Header.Height));
        Assert.All(seen.Zip(seen.Skip(1)), static pair => Assert.Equal(pair.First.Hash, pair.Second.Header.ParentHash));
        Assert.All(seen, static block => Assert.Equal((int)block.TransactionCount, block.Transactions.Count));
    }
}
