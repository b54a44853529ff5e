using System.Collections.Immutable;
using System.Globalization;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Devnet.Chaos.Links;
using AppChain.Protos.V1;

namespace AppChain.EndToEnd.Life;

/// <summary>A validator's whole life on a devnet of processes: commands, signals and a twin, and never a halt.</summary>
public sealed class ValidatorLifeRunTests : IAsyncDisposable
{
    private static readonly TimeSpan StepMax = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("appchain-life-");
    private readonly List<IAsyncDisposable> started = [];

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable each in Enumerable.Reverse(started))
            await each.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Validator_JoinsIsJailedUnjailedCaughtAndRemoved_ByCommandsAloneWithoutAHalt()
    {
        KeyFolder keys = new(directory.FullName);
        (Address validator, Address delegator, Address reporter) = (keys.Add("operator"), keys.Add("delegator"), keys.Add("reporter"));
        keys.Add("consensus");
        ChainGenesis genesis = Genesis().WithAccount(validator, 10).WithAccount(delegator, 10).WithAccount(reporter, 0);
        DevnetUnderTest devnet = await DevnetUnderTest.StartAsync(
            new DevnetSetting(genesis.Bytes, new Dictionary<string, string> { ["APPCHAIN_OPERATOR__KEY"] = keys.File("reporter") }), "--rate", "10", "--no-restart");
        started.Add(devnet);
        string node = devnet.Address(0), name = AddressText.Format(validator, AddressKind.Validator);
        int port = devnet.PortBase + 10 * DevnetUnderTest.Validators;

        // Joins: follows first, then bonds. The others learn from the state where it is.
        // One address with several nodes behind it, in turn: the load balancer that makes two validators of one, by mistake.
        ImmutableArray<int> behind = [port + 1];
        int turn = 0;
        LinkProxy door = new(() => behind[turn++ % behind.Length], seed: 1, TimeProvider.System);
        started.Add(door);
        ExtraNode newcomer = await InitAsync(devnet, keys, port);
        newcomer.Start();
        await CatchesUpAsync(devnet, newcomer);
        await TxAsync(
            node, "bond", "--key", keys.File("operator"), "--tokens", "1", "--consensus-key", keys.File("consensus"),
            "--moniker", "newcomer", "--address", door.Address, "--commission", "100000");
        await UntilAsync(devnet, validator, "it has a seat", found => found is { Power: 1 });
        await TxAsync(node, "delegate", "--key", keys.File("delegator"), "--validator", name, "--tokens", "0.5");
        await UntilAsync(devnet, validator, "it takes its turns", found => found is { Turns: >= 3 } && found.Missed < found.Turns);

        // Jailed for absence, and out of the set. What it leaves is copied, as a backup would.
        await newcomer.StopAsync();
        await UntilAsync(devnet, validator, "it is jailed", found => found is { Standing: "jailed", Power: 0 });
        ExtraNode twin = await CopyAsync(newcomer, port + 10);
        newcomer.Start();
        await CatchesUpAsync(devnet, newcomer);
        await Until.HoldsAsync("its time in jail is over", StepMax, async () =>
            (await Shell.RunAsync(Repository.Node, ["tx", "unjail", "--key", keys.File("operator"), "--node", node], StepMax)).ExitCode == 0);
        await UntilAsync(devnet, validator, "it takes its turns again", found => found is { Standing: "good", Power: 1, Turns: >= 3 } && found.Missed < found.Turns);

        // The same key twice: the copy without its signer record is refused, and its operator insists. The others prove it, and send the proof.
        Finished refused = await AppChainCommand.RunAsync(1, "run", "--home", twin.Home);
        Assert.Contains("is missing, though this validator has run before", refused.Errors, StringComparison.Ordinal);
        await AppChainCommand.RunAsync(0, "signer", "reset", "--home", twin.Home, "--epoch", "0", "--above", "0", "--confirm");
        twin.Start();
        await CatchesUpAsync(devnet, twin);
        behind = behind.Add(port + 11);
        door.Reset();
        Validator slashed = await UntilAsync(devnet, validator, "it is slashed", found => found is { Standing: "tombstoned", Power: 0 });
        Assert.Equal(1_500_000_000UL * 95 / 100, slashed.Stake);
        Assert.Contains(
            Enumerable.Range(0, DevnetUnderTest.Validators),
            index => File.ReadAllText(Path.Combine(devnet.DataDirectory, $"v{index}.log")).Contains("The report of a contradiction was sent", StringComparison.Ordinal));

        // Leaves: nobody has anything with it any more, and its record ends.
        await twin.StopAsync();
        await newcomer.StopAsync();
        await TxAsync(node, "unbond", "--key", keys.File("operator"), "--validator", name);
        await TxAsync(node, "unbond", "--key", keys.File("delegator"), "--validator", name);
        await UntilAsync(devnet, validator, "it is removed", found => found is null);

        // The devnet's own checks: one chain, one state, supply conserved, nothing lost.
        await Shell.SignalAsync(devnet.Pid, "TERM");
        Assert.True(await devnet.WaitForExitAsync(EndMax) == 0, devnet.Output);
        Assert.True((bool)devnet.Report()["supplyConserved"]!);
        Assert.DoesNotContain("STANDS STILL", devnet.Output, StringComparison.Ordinal);
    }

    // Days and thousands of blocks, made seconds. A turn comes with every fifth view, so a window is 200 views, and jail is 85 away.
    private static ChainGenesis Genesis() => new ChainGenesis()
        .With("validatorEpochBlocks", 20)
        .With("unbondingMs", 10_000).With("votingPeriodMs", 5_000).With("executionDelayMs", 1_000)
        .With("absenceWindow", 40).With("absenceMax", 400_000).With("jailMs", 1_000);

    private async Task<ExtraNode> InitAsync(DevnetUnderTest devnet, KeyFolder keys, int port)
    {
        string home = Path.Combine(directory.FullName, "newcomer");
        IEnumerable<string> peers = Enumerable.Range(0, DevnetUnderTest.Validators)
            .Select(index => string.Create(CultureInfo.InvariantCulture, $"{index}=127.0.0.1:{devnet.PortBase + 10 * index + 1}"));
        await AppChainCommand.RunAsync(
            0, "init", "--home", home, "--genesis", Path.Combine(devnet.DataDirectory, "genesis.json"), "--validator-key", keys.File("consensus"),
            "--rpc", At(port), "--peer", At(port + 1), "--peers", string.Join(',', peers));
        ExtraNode node = new(home, At(port));
        started.Add(node);
        return node;
    }

    // All but the signer record, as somebody might who takes it for a cache; and other ports.
    private async Task<ExtraNode> CopyAsync(ExtraNode original, int port)
    {
        string home = Path.Combine(directory.FullName, "twin");
        Finished copy = await Shell.RunAsync("/bin/cp", ["-a", original.Home, home], StepMax);
        Assert.True(copy.ExitCode == 0, copy.Errors);
        Directory.Delete(Path.Combine(home, "signer"), recursive: true);
        string config = Path.Combine(home, "config.json");
        string text = await File.ReadAllTextAsync(config);
        await File.WriteAllTextAsync(config, text.Replace($":{port - 10}\"", $":{port}\"", StringComparison.Ordinal).Replace($":{port - 9}\"", $":{port + 1}\"", StringComparison.Ordinal));
        ExtraNode node = new(home, At(port));
        started.Add(node);
        return node;
    }

    // A follower asks twice a second: what was made since then it does not have.
    private static Task CatchesUpAsync(DevnetUnderTest devnet, ExtraNode node) =>
        Until.HoldsAsync($"{node.Home} has the chain", StepMax, async () => (await node.StatusAsync())?.Height + 15 >= await devnet.HeightAsync(0));

    private static async Task<Validator> UntilAsync(DevnetUnderTest devnet, Address validator, string what, Func<Validator?, bool> holds)
    {
        Validator? found = null;
        await Until.HoldsAsync(what, StepMax, async () =>
        {
            ListValidatorsResponse all = await devnet.Nodes[0].ListValidatorsAsync();
            found = all.Validators.FirstOrDefault(one => one.Operator.Span.SequenceEqual(validator.Bytes));
            return holds(found);
        });
        return found!;
    }

    private static Task TxAsync(string node, params string[] arguments) => AppChainCommand.RunAsync(0, ["tx", .. arguments, "--node", node]);

    private static string At(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
