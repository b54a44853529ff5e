using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;

namespace AppChain.EndToEnd.Life;

/// <summary>Votes on a devnet of processes: a parameter changes, and at the height of an upgrade the program ends as it should.</summary>
public sealed partial class GovernanceRunTests
{
    private const int UpgradeNeeded = 3;

    // More than the devices make of blocks in the time of voting and delay: the plan must come before its height.
    private const ulong BlocksAhead = 500;

    private static readonly TimeSpan StepMax = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Devnet_VotesForAParameterAndAnUpgrade_FollowsBoth()
    {
        await using DevnetUnderTest devnet = await DevnetUnderTest.StartAsync(new DevnetSetting(Genesis().Bytes), "--rate", "10");
        await DecideAsync(devnet, 1, "parameters", "feeTokens=12");
        Finished parameters = await AppChainCommand.RunAsync(0, "gov", "parameters", "--node", devnet.Address(2), "--json");
        JsonArray all = JsonNode.Parse(parameters.Output)!["parameters"]!.AsArray();
        Assert.Equal("12", (string)Assert.Single(all, each => (string)each!["name"]! == "feeTokens")!["value"]!);

        ulong height = (await devnet.Nodes[0].GetStatusAsync()).Height + BlocksAhead;
        await DecideAsync(devnet, 2, "upgrade", "--height", height.ToString(CultureInfo.InvariantCulture), "--rules", "2");
        string sentence = $"appchain: from block {height} on the chain follows version 2 of its rules";
        for (int i = 0; i < DevnetUnderTest.Validators; i++)
        {
            await Until.HoldsAsync($"v{i} ends", StepMax, () => Task.FromResult(
                devnet.Output.Contains($"v{i} dead (exit code {UpgradeNeeded})", StringComparison.Ordinal)));
            string[] log = await File.ReadAllLinesAsync(Path.Combine(devnet.DataDirectory, $"v{i}.log"));
            Assert.StartsWith(sentence, log[^1], StringComparison.Ordinal); // one line, and nothing after it: it was not started again
        }

        // The same program says the same again, and all have the same block before that height.
        string[] tips = await Task.WhenAll(Enumerable.Range(0, DevnetUnderTest.Validators).Select(async index =>
        {
            string home = Path.Combine(devnet.DataDirectory, $"v{index}");
            Finished again = await AppChainCommand.RunAsync(UpgradeNeeded, "run", "--home", home);
            Assert.StartsWith(sentence, again.Errors, StringComparison.Ordinal);
            return StateLine().Match((await AppChainCommand.RunAsync(0, "verify", home)).Output).Value;
        }));
        Assert.Contains((height - 1).ToString(CultureInfo.InvariantCulture), tips[0], StringComparison.Ordinal);
        Assert.Single(tips.Distinct());
    }

    [GeneratedRegex("^state .*$", RegexOptions.Multiline)]
    private static partial Regex StateLine();

    private static async Task DecideAsync(DevnetUnderTest devnet, int number, params string[] action)
    {
        await AppChainCommand.RunAsync(0, ["gov", "propose", .. action, "--title", "A proposal", "--key", KeyOf(devnet, 0), "--node", devnet.Address(0)]);
        // Within seconds, which on a busy machine are too few for commands.
        ChainId chain = ChainId.Parse((await devnet.Nodes[0].GetStatusAsync()).ChainId);
        for (int i = 0; i < 3; i++)
        {
            using PrivateKey key = KeyFile.Load(KeyOf(devnet, i));
            using Wallet voter = new(devnet.Nodes[i], chain, key);
            SubmitResult vote = await voter.VoteAsync((ulong)number, VoteChoice.Yes);
            Assert.True(vote.Succeeded, vote.Explanation);
        }
        await Until.HoldsAsync($"proposal {number} is executed", StepMax, async () =>
            (await devnet.Nodes[0].Governance.GetProposalAsync((ulong)number)).Status == Protos.V1.ProposalStatus.Executed);
    }

    private static string KeyOf(DevnetUnderTest devnet, int validator) => Path.Combine(devnet.DataDirectory, "keys", $"v{validator}.json");

    // Validators operate themselves here: each votes with the account of its own key.
    private static ChainGenesis Genesis()
    {
        ChainGenesis genesis = new ChainGenesis()
            .With("votingPeriodMs", 12_000).With("executionDelayMs", 500).With("unbondingMs", 20_000).With("upgradeNoticeBlocks", 1);
        for (int i = 0; i < DevnetUnderTest.Validators; i++)
        {
            using PrivateKey key = PrivateKey.FromSeed(KeyScheme.Secp256k1, string.Create(CultureInfo.InvariantCulture, $"appchain-devnet/validator/{i}"));
            genesis.WithAccount(key.Address, 1_000);
        }
        return genesis;
    }
}
