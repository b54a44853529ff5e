using AppChain.Node;

namespace Node.Tests;

public sealed class ConfigTests : IDisposable
{
    private readonly NodeHome home = new(Directory.CreateTempSubdirectory("appchain-config-tests-").FullName);

    public void Dispose() => Directory.Delete(home.Path, recursive: true);

    [Fact]
    public void Load_NoFile_SaysToRunInit() => Assert.Contains("appchain init", Refused(null), StringComparison.Ordinal);

    [Theory]
    [InlineData("{\"rpc\":{\"listen\":\"localhost\"}}", "rpc.listen")]
    [InlineData("{\"rpc\":{\"listen\":\"127.0.0.1\"}}", "rpc.listen")]
    [InlineData("{\"rpc\":{\"listen\":\"127.0.0.1:99999\"}}", "rpc.listen")]
    [InlineData("{\"rpc\":{\"lisen\":\"127.0.0.1:1\"}}", "lisen")]
    [InlineData("{\"rpc\":{\"tlsKey\":\"key.pem\"}}", "rpc.tlsCertificate")]
    [InlineData("{\"rpc\":{\"webOrigins\":\"explorer.example\"}}", "rpc.webOrigins")]
    [InlineData("{\"rpc\":{\"webOrigins\":\"*, https://explorer.example/\"}}", "rpc.webOrigins")]
    [InlineData("{\"consensus\":{\"leaderTimeoutMs\":1}}", "consensus.leaderTimeoutMs")]
    [InlineData("{\"consensus\":{\"leaderTimeoutMs\":800}}", "consensus.advanceTimeoutMs")]
    [InlineData("{\"consensus\":{\"leaderTimeoutMs\":\"soon\"}}", "leaderTimeoutMs")]
    [InlineData("{\"peer\":{\"validators\":{\"x\":\"127.0.0.1:1\"}}}", "peer.validators")]
    [InlineData("{\"peer\":{\"validators\":{\"1\":\"nowhere\"}}}", "peer.validators.1")]
    [InlineData("{\"moniker\":", "config.json")]
    public void Load_AWrongSetting_NamesIt(string json, string named) => Assert.Contains(named, Refused(json), StringComparison.Ordinal);

    [Fact]
    public void Load_FlagOverFile_FlagWins()
    {
        File.WriteAllText(home.ConfigFile, "{\"moniker\":\"file\",\"rpc\":{\"listen\":\"127.0.0.1:1000\"}}");
        NodeConfig config = NodeConfig.Load(home, new Dictionary<string, string?> { ["Rpc:Listen"] = "127.0.0.1:2000", ["Moniker"] = null });
        Assert.Equal(("file", "127.0.0.1:2000"), (config.Moniker, config.Rpc.Listen));
    }

    [Fact]
    public void Load_WebOrigins_ComeOneByOne()
    {
        File.WriteAllText(home.ConfigFile, "{\"rpc\":{\"webOrigins\":\"https://a.example, http://127.0.0.1:8080\"}}");
        Assert.Equal(["https://a.example", "http://127.0.0.1:8080"], NodeConfig.Load(home, new Dictionary<string, string?>()).Rpc.WebOriginList());
    }

    [Fact]
    public void SaveAndLoad_EverySetting_ComesBack()
    {
        NodeConfig config = new() { Moniker = "m" };
        config.Peer.Validators["2"] = "10.0.0.1:26601";
        config.Consensus.IdleIntervalMs = 777;
        config.Save(home.ConfigFile);
        NodeConfig loaded = NodeConfig.Load(home, new Dictionary<string, string?>());
        Assert.Equal(("m", 777, "10.0.0.1:26601"), (loaded.Moniker, loaded.Consensus.IdleIntervalMs, loaded.Peer.Validators["2"]));
    }

    private string Refused(string? json)
    {
        if (json is not null)
            File.WriteAllText(home.ConfigFile, json);
        return Assert.Throws<ConfigException>(() => NodeConfig.Load(home, new Dictionary<string, string?>())).Message;
    }
}
