using System.Text.Json.Nodes;
using AppChain.Client;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using Validator = AppChain.Protos.V1.Validator;

namespace Node.Tests;

/// <summary>A validator's whole life on a running network of real nodes, through transactions alone.</summary>
public sealed class ValidatorLifeTests
{
    private const ulong Token = Amount.GrainsPerToken;
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Validator_JoinsIsDelegatedToJailedUnjailedSlashedAndRemoved_WithoutAHalt()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(Genesis());
        using PrivateKey consensusKey = PrivateKey.Generate(KeyScheme.Secp256k1);
        using PrivateKey operatorKey = PrivateKey.Generate(KeyScheme.Secp256k1);
        using PrivateKey delegatorKey = PrivateKey.Generate(KeyScheme.Secp256k1);
        await using NodeClient client = network.Connect(0);
        using PrivateKey ownerKey = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
        using Wallet owner = new(client, network.Genesis.ChainId, ownerKey);
        using Wallet validator = new(client, network.Genesis.ChainId, operatorKey);
        using Wallet delegator = new(client, network.Genesis.ChainId, delegatorKey);
        AssertFinal(await owner.TransferAsync(validator.Address, new Amount(2 * Token), Stop));
        AssertFinal(await owner.TransferAsync(delegator.Address, new Amount(2 * Token), Stop));

        // Joins: the node follows the chain; the others learn from the state where it is.
        int node = network.AddNode(consensusKey);
        await network.StartAsync(node);
        long started = TimeProvider.System.GetTimestamp();
        ValidatorProfile profile = new("newcomer", network.PeerAddresses[node], 100_000);
        AssertFinal(await validator.BondNewValidatorAsync(new Amount(Token), consensusKey, profile, Stop));
        await UntilAsync(network, client, validator.Address, found => found is { Power: 1 });
        AssertFinal(await delegator.DelegateAsync(validator.Address, new Amount(Token / 2), Stop));

        // Its record holds nothing yet: it votes in the first epoch that certainly began after it was started.
        while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMilliseconds(2 * AppChain.Node.Signer.BlankRecord.MarginMs))
            await network.MakeBlocksAsync(1);
        await network.MakeBlocksAsync((int)EpochTests.Length);

        // Takes part: with one of the other four gone, no quorum is without it.
        await network.StopAsync(3);
        await network.MakeBlocksAsync(3);
        await network.StartAsync(3);
        await network.WaitForHeightAsync(3, (await client.GetStatusAsync(cancellation: Stop)).Height);

        // Jailed for absence, and out of the set.
        await network.StopAsync(node);
        await UntilAsync(network, client, validator.Address, found => found is { Standing: "jailed", Power: 0 });
        await network.StartAsync(node);
        await network.WaitForHeightAsync(node, (await client.GetStatusAsync(cancellation: Stop)).Height); // nobody dials it, and its own state still gives it a seat
        AssertFinal(await validator.UnjailAsync(Stop));
        await UntilAsync(network, client, validator.Address, found => found is { Standing: "good", Power: 1 });

        // Contradicts itself; whoever has both votes proves it.
        ulong epoch = (await client.GetStatusAsync(cancellation: Stop)).ConsensusEpoch;
        byte[] evidence = Contradiction(network.Genesis, consensusKey, new Epoch(epoch)).Encode();
        AssertFinal(await delegator.SubmitEvidenceAsync(consensusKey.PublicKey, evidence, Stop));
        Validator slashed = await UntilAsync(network, client, validator.Address, found => found is { Standing: "tombstoned", Power: 0 });
        Assert.Equal(Token * 3 / 2 * 95 / 100, slashed.Stake);

        // Leaves.
        AssertFinal(await validator.UnbondAsync(validator.Address, Amount.Zero, Stop));
        AssertFinal(await delegator.UnbondAsync(validator.Address, Amount.Zero, Stop));
        await network.StopAsync(node);
        await UntilAsync(network, client, validator.Address, found => found is null);

        AppChain.Protos.V1.SupplyAudit audit = await client.AuditSupplyAsync(Stop);
        Assert.True(audit.Conserved);
        Assert.Equal(4 * Token, audit.Staked);
    }

    private static async Task<Validator> UntilAsync(LocalNetwork network, NodeClient client, Address validator, Func<Validator?, bool> holds)
    {
        long since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) < Bounds.Finality)
        {
            Validator? found = (await client.ListValidatorsAsync(Stop)).Validators.FirstOrDefault(one => one.Operator.Span.SequenceEqual(validator.Bytes));
            if (holds(found))
                return found!;
            await network.MakeBlocksAsync(1);
        }
        throw new InvalidOperationException($"what the test waits for has not come about in {Bounds.Finality}");
    }

    private static Evidence Contradiction(Genesis genesis, PrivateKey key, Epoch epoch)
    {
        AppChain.Consensus.ChainId chain = AppChain.Consensus.ChainId.Parse(genesis.ChainId.Text);
        VoteBody finalize = new(VoteKind.Finalize, epoch, new View(1), View.Genesis, TaggedHash.Header.Of([1]));
        return new Evidence(Sign(VoteBody.Nullify(epoch, new View(1))), Sign(finalize));

        Vote Sign(VoteBody body) => new(body, 0, key.Sign(new Hash256(body.SigningDigest(chain).ToArray())));
    }

    private static void AssertFinal(SubmitResult result) => Assert.True(result.Succeeded, result.Explanation);

    internal static byte[] Genesis()
    {
        JsonNode genesis = JsonNode.Parse(Repository.Read("genesis.json"))!;
        JsonNode parameters = genesis["parameters"]!;
        parameters["validatorEpochBlocks"] = EpochTests.Length;
        parameters["unbondingMs"] = 10_000;
        parameters["votingPeriodMs"] = 5_000; // no longer than unbonding takes
        parameters["executionDelayMs"] = 1_000;
        parameters["jailMs"] = 0;
        parameters["absenceWindow"] = 10;
        parameters["absenceMax"] = 300_000;
        parameters["validatorsShare"] = 0; // the supply at the end is then known exactly
        foreach (string fee in new[] { "feeBytesPerCredit", "feeTokens", "feeValidators" })
            parameters[fee] = 0;
        return System.Text.Encoding.UTF8.GetBytes(genesis.ToJsonString());
    }
}
