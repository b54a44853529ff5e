using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using AppChain.Client;
using AppChain.Node;
using Grpc.Core;

namespace Node.Tests;

/// <summary>Admin calls: for callers on the node's machine over loopback, and for nobody else.</summary>
public sealed class AdminTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AdminCall_ThatDoesNotComeOverLoopback_IsRefused()
    {
        IPAddress? outside = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses.Select(address => address.Address))
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Assert.SkipUnless(outside is not null, "This machine has no address but loopback.");
        await using LocalNetwork network = await LocalNetwork.StartAsync();
        await network.StopAsync(0);
        NodeConfig config = NodeConfig.Load(network.Home(0), new Dictionary<string, string?>());
        int port = IPEndPoint.Parse(config.Rpc.Listen).Port;
        config.Rpc.Listen = $"0.0.0.0:{port}";
        config.Save(network.Home(0).ConfigFile);
        await network.StartAsync(0);

        await using NodeClient near = network.Connect(0);
        Assert.True((await near.AuditSupplyAsync(Stop)).Conserved);
        await using NodeClient far = NodeClient.Connect($"http://{outside}:{port}");
        Assert.True((await far.GetStatusAsync(cancellation: Stop)).ChainId.Length > 0);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => far.AuditSupplyAsync(Stop))).StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => far.CreateSnapshotAsync(Stop))).StatusCode);
    }
}
