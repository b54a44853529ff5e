using System.Text.Json.Nodes;
using AppChain.Client;
using AppChain.Protos.V1;

namespace Node.Tests;

/// <summary>Epochs of consensus of ten blocks: real nodes go through several, one of them after it has slept.</summary>
public sealed class EpochTests
{
    internal const ulong Length = 10;

    [Fact]
    public async Task Network_ThroughSeveralEpochs_EachStartsAtViewOneAfterABoundaryBlock()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(Genesis());
        await network.MakeBlocksAsync((3 * (int)Length) + 2);
        await network.WaitForHeightAsync(1, (3 * Length) + 2);

        await using NodeClient client = network.Connect(1);
        for (ulong height = 1; height <= (3 * Length) + 2; height++)
        {
            BlockHeader header = (await client.GetBlockAsync(height, cancellation: TestContext.Current.CancellationToken)).Header;
            Assert.Equal((height - 1) / Length, header.Epoch);
            Assert.Equal(height % Length == 0, header.NextValidatorsHash.Span.ContainsAnyExcept((byte)0));
            if (height % Length == 1)
                Assert.Equal(0UL, header.ParentView);
        }
    }

    [Fact]
    public async Task Validator_AsleepThroughTwoEpochs_CatchesUpAndVotesInTheThird()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(Genesis());
        await network.MakeBlocksAsync(3);
        await network.StopAsync(3);
        await network.MakeBlocksAsync(2 * (int)Length);
        ulong others = (await network.WaitForHeightAsync(0, (2 * Length) + 1)).Height;

        await network.StartAsync(3);
        await network.WaitForHeightAsync(3, others);

        // With another one gone, the chain needs the one that came back.
        await network.StopAsync(2);
        await network.MakeBlocksAsync((int)Length);
        Status last = await network.WaitForHeightAsync(3, others + Length);
        Assert.True(last.Height >= others + Length);
    }

    [Fact]
    public async Task Network_AllStoppedAtABoundaryBlock_StartsWithTheNextEpoch()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(Genesis());
        await network.MakeBlocksAsync((int)Length - 1);
        for (int i = 0; i < LocalNetwork.Validators; i++)
            await network.StopAsync(i);
        for (int i = 0; i < LocalNetwork.Validators; i++)
            await network.StartAsync(i);
        await network.MakeBlocksAsync(4);
        Status after = await network.WaitForHeightAsync(2, Length + 2);
        Assert.True(after.Height >= Length + 2);
    }

    internal static byte[] Genesis()
    {
        JsonNode genesis = JsonNode.Parse(Repository.Read("genesis.json"))!;
        genesis["parameters"]!["validatorEpochBlocks"] = Length;
        return System.Text.Encoding.UTF8.GetBytes(genesis.ToJsonString());
    }
}
