using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using AppChain.Client;
using AppChain.Node;
using AppChain.Node.Cli;
using AppChain.Protos.V1;
using Grpc.Core;

namespace Node.Tests;

/// <summary>Admin calls: never on a port that strangers reach; on loopback, or for who shows a certificate that the node knows.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")] // modes of files
public sealed class AdminTests : IDisposable
{
    private readonly CertificateMaker certificates = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => certificates.Dispose();

    [Fact]
    public async Task AdminCall_AtAPortThatStrangersReach_IsAnsweredToNobody()
    {
        IPAddress? outside = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses.Select(address => address.Address))
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        int port = await RestartAsync(network, static (config, port) => config.Rpc.Listen = $"0.0.0.0:{port}");

        await using NodeClient near = network.Connect(0);
        Assert.True((await near.GetStatusAsync(cancellation: Stop)).ChainId.Length > 0);
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => near.AuditSupplyAsync(Stop))).StatusCode);
        CommandException told = Assert.Throws<CommandException>(() => AdminAddress.Of(network.Home(0)));
        Assert.Contains("admin.listen", told.Message, StringComparison.Ordinal);
        Assert.SkipUnless(outside is not null, "This machine has no address but loopback.");
        await using NodeClient far = NodeClient.Connect($"http://{outside}:{port}");
        Assert.True((await far.GetStatusAsync(cancellation: Stop)).ChainId.Length > 0);
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => far.AuditSupplyAsync(Stop))).StatusCode);
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => far.CreateSnapshotAsync(Stop))).StatusCode);
    }

    [Fact]
    public async Task AdminCall_AtAPortOfItsOwnOnLoopback_IsAnsweredThereAndNotAtThePublicPort()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        int admin = LocalNetwork.FreePort();
        await RestartAsync(network, (config, port) => config.Admin.Listen = $"127.0.0.1:{admin}");

        await using NodeClient open = network.Connect(0), own = NodeClient.Connect($"http://127.0.0.1:{admin}");
        Assert.True((await own.AuditSupplyAsync(Stop)).Conserved);
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => open.AuditSupplyAsync(Stop))).StatusCode);
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => own.GetStatusAsync(cancellation: Stop))).StatusCode);
        Assert.Equal($"127.0.0.1:{admin}", AdminAddress.Of(network.Home(0)));
    }

    [Fact]
    public async Task AdminCall_OverTls_IsAnsweredToWhomTheNodeKnowsAndToNobodyElse()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        int admin = LocalNetwork.FreePort();
        string home = network.Home(0).Path;
        certificates.WriteServer(home, "admin.pem", "admin-key.pem");
        certificates.WriteAuthority(home, "clients.pem");
        string named = certificates.OfStranger("named").Fingerprint;
        await RestartAsync(network, (config, port) => config.Admin = new NodeConfig.AdminConfig
        {
            Listen = $"0.0.0.0:{admin}",
            TlsCertificate = "admin.pem",
            TlsKey = "admin-key.pem",
            ClientCa = "clients.pem",
            ClientFingerprints = named,
        });
        await network.MakeBlocksAsync(2); // a node that has just started holds no state yet that a snapshot could be made of
        string address = $"https://127.0.0.1:{admin}";

        foreach (CertificateMaker.Shown known in new[] { certificates.OfClient("issued"), certificates.OfStranger("named") })
        {
            await using NodeClient client = NodeClient.Connect(address, known.Tls);
            Assert.True((await client.AuditSupplyAsync(Stop)).Conserved);
            CreatedSnapshot made = await client.CreateSnapshotAsync(Stop);
            Assert.True(made.Height > 0);
        }
        foreach (CertificateMaker.Shown stranger in new[]
        {
            certificates.OfStranger("stranger"), certificates.OfServer(), certificates.Expired("issued"), certificates.None,
        })
        {
            await using NodeClient client = NodeClient.Connect(address, stranger.Tls);
            RpcException refused = await Assert.ThrowsAsync<RpcException>(() => client.AuditSupplyAsync(Stop));
            Assert.True(refused.StatusCode == StatusCode.Unavailable, $"{stranger.Name}: {refused.StatusCode}");
        }
        await using NodeClient plain = NodeClient.Connect($"http://127.0.0.1:{admin}");
        await Assert.ThrowsAsync<RpcException>(() => plain.AuditSupplyAsync(Stop));
    }

    [Theory]
    [InlineData("{\"admin\":{\"listen\":\"0.0.0.0:1\"}}", "not on loopback")]
    [InlineData("{\"admin\":{\"listen\":\"127.0.0.1:1\",\"tlsCertificate\":\"a\"}}", "admin.tlsKey")]
    [InlineData("{\"admin\":{\"listen\":\"127.0.0.1:1\",\"tlsCertificate\":\"a\",\"tlsKey\":\"b\"}}", "admin.clientCa")]
    [InlineData("{\"admin\":{\"listen\":\"127.0.0.1:1\",\"clientCa\":\"a\"}}", "admin.tlsCertificate")]
    [InlineData("{\"admin\":{\"tlsCertificate\":\"a\",\"tlsKey\":\"b\",\"clientCa\":\"c\"}}", "admin.listen")]
    [InlineData("{\"admin\":{\"listen\":\"127.0.0.1:1\",\"tlsCertificate\":\"a\",\"tlsKey\":\"b\",\"clientFingerprints\":\"00:11\"}}", "0011")]
    public void Load_AdminSettingsThatDoNotHold_SaysWhy(string json, string why)
    {
        NodeHome home = new(certificates.Folder);
        File.WriteAllText(home.ConfigFile, json);
        Assert.Contains(why, Assert.Throws<ConfigException>(() => NodeConfig.Load(home, new Dictionary<string, string?>())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AdminKeyThatOthersMayRead_IsRefused()
    {
        NodeHome home = new(certificates.Folder);
        certificates.WriteServer(home.Path, "admin.pem", "admin-key.pem");
        File.SetUnixFileMode(Path.Combine(home.Path, "admin-key.pem"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        ConfigException refused = Assert.Throws<ConfigException>(() => AppChain.Node.Admin.AdminPort.Certificates.Load(
            home, new NodeConfig.AdminConfig { TlsCertificate = "admin.pem", TlsKey = "admin-key.pem" }));
        Assert.Contains("admin.tlsKey", refused.Message, StringComparison.Ordinal);
        Assert.Contains("chmod 600", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<int> RestartAsync(LocalNetwork network, Action<NodeConfig, int> change)
    {
        await network.StopAsync(0);
        int port = IPEndPoint.Parse(network.Addresses[0]).Port;
        network.Configure(0, config => change(config, port));
        await network.StartAsync(0);
        return port;
    }
}
