using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Signer;
using AppChain.Protos.V1;
using AppChain.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using KeyScheme = AppChain.Crypto.KeyScheme;

namespace Node.Tests;

public sealed class RestartTests
{
    [Fact]
    public async Task Network_AllStoppedAndStartedAgain_GoesOnWhereItWas()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        ulong before = (await network.WaitForHeightAsync(0, 3)).Height;
        for (int i = 0; i < LocalNetwork.Validators; i++)
            await network.StopAsync(i);
        for (int i = 0; i < LocalNetwork.Validators; i++)
            await network.StartAsync(i);

        Status after = await network.WaitForHeightAsync(0, before + 3);

        Assert.True(after.Height >= before + 3);
    }

    [Fact]
    public async Task Validator_AwayWhileTheOthersGoOn_CatchesUpAndVotesAgain()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        ulong before = (await network.WaitForHeightAsync(3, 2)).Height;
        await network.StopAsync(3);
        await network.MakeBlocksAsync(8);
        ulong others = (await network.WaitForHeightAsync(0, before + 4)).Height;
        await network.StartAsync(3);
        Status caughtUp = await network.WaitForHeightAsync(3, others);
        Assert.True(caughtUp.Height >= others);

        // With another one gone, the chain needs the one that came back.
        await network.StopAsync(2);
        await network.MakeBlocksAsync(2);
        await using NodeClient zero = network.Connect(0);
        await using NodeClient three = network.Connect(3);
        Status last = await network.WaitForHeightAsync(3, others + 3);
        Block here = await three.GetBlockAsync(last.Height - 1, cancellation: TestContext.Current.CancellationToken);
        await network.WaitForHeightAsync(0, last.Height);
        Block there = await zero.GetBlockAsync(last.Height - 1, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(there.Hash, here.Hash);
        Assert.Equal(there.StateRoot, here.StateRoot);
    }

    [Fact]
    public async Task Start_OnADataDirectoryInUse_IsRefused()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        NodeConfig config = NodeConfig.Load(network.Home(0), new Dictionary<string, string?>());
        StorageException refused = Assert.Throws<StorageException>(() => NodeRuntime.Open(network.Home(0), config, Services));
        Assert.Equal(StorageFault.Locked, refused.Fault);
        Assert.Contains("stop it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAnotherGenesisOrKey_SaysWhatIsWrong()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        NodeHome home = network.Home(1);
        await network.StopAsync(1);
        NodeConfig config = NodeConfig.Load(home, new Dictionary<string, string?>());

        byte[] genesis = File.ReadAllBytes(home.GenesisFile);
        File.WriteAllText(home.GenesisFile, System.Text.Encoding.UTF8.GetString(genesis).Replace("appchain-devnet\"", "appchain-other\"", StringComparison.Ordinal));
        StorageException otherChain = Assert.Throws<StorageException>(() => NodeRuntime.Open(home, config, Services));
        Assert.Equal(StorageFault.OtherChain, otherChain.Fault);
        File.WriteAllText(home.GenesisFile, "{}");
        ConfigException noGenesis = Assert.Throws<ConfigException>(() => NodeRuntime.Open(home, config, Services));
        Assert.Contains("genesis.json", noGenesis.Message, StringComparison.Ordinal);
        File.WriteAllBytes(home.GenesisFile, genesis);

        File.Delete(home.ValidatorKeyFile);
        using (PrivateKey stranger = PrivateKey.Generate(KeyScheme.Secp256k1))
            KeyFile.Save(home.ValidatorKeyFile, stranger);
        // A key that genesis does not name may be a validator's to be; but this home has signed with another one.
        SignerRecordException otherKey = Assert.Throws<SignerRecordException>(() => NodeRuntime.Open(home, config, Services));
        Assert.Contains("record", otherKey.Message, StringComparison.Ordinal);
    }

    private static NodeRuntime.NodeServices Services => new(TimeProvider.System, NullLoggerFactory.Instance);
}
