using System.Text.Json.Nodes;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Driver;
using AppChain.Protos.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using KeyScheme = AppChain.Crypto.KeyScheme;
using ParameterChange = AppChain.Ledger.ParameterChange;
using PlanUpgrade = AppChain.Ledger.PlanUpgrade;
using ProposalStatus = AppChain.Protos.V1.ProposalStatus;
using SetParameters = AppChain.Ledger.SetParameters;
using VoteChoice = AppChain.Ledger.VoteChoice;

namespace Node.Tests;

/// <summary>Real nodes: a parameter is changed by vote, and an upgrade's height is enforced.</summary>
public sealed class GovernanceTests
{
    private const uint Later = ProtocolVersion.Supported + 1;

    // More than the two seconds of vote and delay take on a fast machine.
    private const ulong BlocksAhead = 250;

    [Fact]
    public async Task Network_VotesForAParameterAndAnUpgrade_FollowsBoth()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(Genesis());
        await DecideAsync(network, new SetParameters(new ParameterChange((uint)Parameter.FeeTokens, 12)));
        await using (NodeClient client = network.Connect(1))
        {
            ListParametersResponse parameters = await client.Governance.ListParametersAsync(TestContext.Current.CancellationToken);
            Assert.Equal(12UL, Assert.Single(parameters.Parameters, parameter => parameter.Name == "feeTokens").Value);
        }

        ulong height = await HeightAsync(network) + BlocksAhead;
        await DecideAsync(network, new PlanUpgrade(height, Later));
        await TransferUntilItEndsAsync(network);

        for (int i = 0; i < LocalNetwork.Validators; i++)
        {
            UpgradeNeededException stopped = await Assert.ThrowsAsync<UpgradeNeededException>(() => network.EndOfAsync(i));
            Assert.Contains($"from block {height} on", stopped.Message, StringComparison.Ordinal);
            Assert.Contains($"version {Later}", stopped.Message, StringComparison.Ordinal);
            // The same program says the same again, and leaves everything as it is.
            Assert.Equal(stopped.Message, Assert.Throws<UpgradeNeededException>(() => Open(network.Home(i))).Message);
        }

        // A later program goes on from there.
        for (int i = 0; i < LocalNetwork.Validators; i++)
            await network.StartAsync(i, Later);
        await network.MakeBlocksAsync(3);
        await using NodeClient upgraded = network.Connect(2);
        await network.WaitForHeightAsync(2, height);
        Upgrade upgrade = await upgraded.Governance.GetUpgradeAsync(TestContext.Current.CancellationToken);
        Assert.Equal((Later, 0UL), (upgrade.Version, upgrade.PlannedHeight));
    }

    private static async Task DecideAsync(LocalNetwork network, ProposalAction action)
    {
        await using NodeClient client = network.Connect(0);
        using PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
        using Wallet wallet = new(client, network.Genesis.ChainId, owner);
        SubmitResult proposed = await wallet.ProposeAsync("A proposal", action, TestContext.Current.CancellationToken);
        Assert.True(proposed.Succeeded, proposed.Explanation);
        ListProposalsResponse newest = await client.Governance.ListProposalsAsync(1, cancellation: TestContext.Current.CancellationToken);
        ulong number = newest.Proposals[0].Number;
        SubmitResult voted = await wallet.VoteAsync(number, VoteChoice.Yes, TestContext.Current.CancellationToken);
        Assert.True(voted.Succeeded, voted.Explanation);
        using CancellationTokenSource bound = new(Bounds.Finality);
        Proposal proposal;
        do
        {
            bound.Token.ThrowIfCancellationRequested();
            await network.MakeBlocksAsync(1); // time passes with blocks
            proposal = await client.Governance.GetProposalAsync(number, TestContext.Current.CancellationToken);
        }
        while (proposal.Status is ProposalStatus.Voting or ProposalStatus.Waiting);
        Assert.Equal(ProposalStatus.Executed, proposal.Status);
    }

    // The last transfers are for blocks that never come: the node ends while they wait.
    private static async Task TransferUntilItEndsAsync(LocalNetwork network)
    {
        using CancellationTokenSource bound = new(Bounds.Finality);
        await using NodeClient client = network.Connect(0);
        using PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
        using PrivateKey receiver = PrivateKey.Generate(KeyScheme.Secp256k1);
        using Wallet wallet = new(client, network.Genesis.ChainId, owner);
        while (!network.HasEnded(0))
        {
            try
            {
                await wallet.TransferAsync(receiver.Address, new Amount(1), bound.Token);
            }
            catch (RpcException e) when (e.StatusCode is not StatusCode.Cancelled)
            {
                // it is ending, or has ended
            }
        }
    }

    private static async Task<ulong> HeightAsync(LocalNetwork network)
    {
        await using NodeClient client = network.Connect(0);
        return (await client.GetStatusAsync(cancellation: TestContext.Current.CancellationToken)).Height;
    }

    private static NodeRuntime Open(NodeHome home) => NodeRuntime.Open(
        home, NodeConfig.Load(home, new Dictionary<string, string?>()), new NodeRuntime.NodeServices(TimeProvider.System, NullLoggerFactory.Instance));

    // The owner of the devnet's tokens operates its first validator, a quarter of all stake: with this quorum its vote alone decides.
    private static byte[] Genesis()
    {
        JsonNode genesis = JsonNode.Parse(Repository.Read("genesis.json"))!;
        using PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
        genesis["validators"]![0]!["operator"] = AddressText.Format(owner.Address, AddressKind.Account);
        JsonNode parameters = genesis["parameters"]!;
        parameters["votingQuorum"] = 250_000;
        parameters["votingPeriodMs"] = 1_500;
        parameters["executionDelayMs"] = 500;
        parameters["upgradeNoticeBlocks"] = 1;
        return System.Text.Encoding.UTF8.GetBytes(genesis.ToJsonString());
    }
}
