using System.Net;
using System.Net.Sockets;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using Microsoft.Extensions.Logging.Abstractions;

namespace Node.Tests;

/// <summary>Four validators in this process: real Kestrel, real RocksDB, real time; directories and ports of their own.</summary>
public sealed class LocalNetwork : IAsyncDisposable
{
    public const int Validators = 4;

    private const int PortsFrom = 20_000;
    private const int PortsCount = 6_000;
    private static int portsTried = Environment.ProcessId * 61 % PortsCount;

    private readonly string directory = Directory.CreateTempSubdirectory("appchain-node-tests-").FullName;
    private readonly RunningNode?[] nodes = new RunningNode?[Validators];

    private sealed record RunningNode(NodeRuntime Runtime, Task Running, CancellationTokenSource Stop);

    private LocalNetwork(byte[] genesis)
    {
        Genesis = Genesis.TryParse(genesis, out Genesis? parsed, out string? error) ? parsed : throw new InvalidOperationException(error);
        int[] ports = FreePorts(Validators * 2);
        Addresses = [.. Enumerable.Range(0, Validators).Select(i => $"127.0.0.1:{ports[i]}")];
        for (int i = 0; i < Validators; i++)
        {
            NodeHome home = Home(i);
            Directory.CreateDirectory(Path.GetDirectoryName(home.ValidatorKeyFile)!);
            using PrivateKey key = PrivateKey.FromSeed(KeyScheme.Secp256k1, $"appchain-devnet/validator/{i}");
            KeyFile.Save(home.ValidatorKeyFile, key);
            File.WriteAllBytes(home.GenesisFile, genesis);
            NodeConfig config = new() { Moniker = $"v{i}" };
            config.Rpc.Listen = Addresses[i];
            config.Peer.Listen = $"127.0.0.1:{ports[Validators + i]}";
            for (int j = 0; j < Validators; j++)
            {
                if (j != i)
                    config.Peer.Validators[$"{j}"] = $"127.0.0.1:{ports[Validators + j]}";
            }
            config.Save(home.ConfigFile);
        }
    }

    public Genesis Genesis { get; }

    /// <summary>HOST:PORT of each node's public services.</summary>
    public IReadOnlyList<string> Addresses { get; }

    public NodeHome Home(int index) => new(Path.Combine(directory, $"v{index}"));

    /// <summary>A network whose four validators run.</summary>
    /// <param name="genesis">Null: the repository's.</param>
    public static async Task<LocalNetwork> StartAsync(byte[]? genesis = null)
    {
        LocalNetwork network = new(genesis ?? Repository.Read("genesis.json"));
        for (int i = 0; i < Validators; i++)
            await network.StartAsync(i);
        return network;
    }

    public async Task StartAsync(int index)
    {
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        NodeConfig config = NodeConfig.Load(Home(index), new Dictionary<string, string?>());
        NodeRuntime runtime = NodeRuntime.Open(
            Home(index), config, new NodeRuntime.NodeServices(TimeProvider.System, NullLoggerFactory.Instance), _ => ready.TrySetResult());
        CancellationTokenSource stop = new();
        Task running = runtime.RunAsync(stop.Token);
        nodes[index] = new RunningNode(runtime, running, stop);
        await await Task.WhenAny(ready.Task, running).WaitAsync(Bounds.Start);
    }

    public Task StopAsync(int index) => StopAsync(index, beforeItCloses: static () => { });

    /// <summary>Leaves the data of a node as if its process had been killed. Answers where they are as after an orderly stop.</summary>
    public async Task<string> CrashAsync(int index)
    {
        string data = Home(index).DataDirectory, killed = data + "-killed", stopped = Path.Combine(Home(index).Path, "stopped");
        // All it does has ended, and nothing is closed: what is on disk now is what a killed process leaves.
        await StopAsync(index, () => CopyDirectory(data, killed));
        Directory.Move(data, stopped);
        Directory.Move(killed, data);
        return stopped;
    }

    private async Task StopAsync(int index, Action beforeItCloses)
    {
        if (nodes[index] is not { } node)
            return;
        nodes[index] = null;
        await node.Stop.CancelAsync();
        await node.Running.WaitAsync(Bounds.Start);
        beforeItCloses();
        await node.Runtime.DisposeAsync();
        node.Stop.Dispose();
    }

    /// <summary>Copies all files.</summary>
    public static void CopyDirectory(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public NodeClient Connect(int index) => NodeClient.Connect("http://" + Addresses[index]);

    /// <summary>Makes blocks: each transfer that is final takes one of its own, since the next is sent after it.</summary>
    public async Task MakeBlocksAsync(int count)
    {
        using PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
        using PrivateKey receiver = PrivateKey.Generate(KeyScheme.Secp256k1);
        await using NodeClient client = Connect(0);
        using Wallet wallet = new(client, Genesis.ChainId, owner);
        for (int i = 0; i < count; i++)
        {
            SubmitResult result = await wallet.TransferAsync(receiver.Address, new Amount(1), TestContext.Current.CancellationToken);
            Assert.True(result.Succeeded, result.Explanation);
        }
    }

    /// <summary>Registers a new device of a new owner.</summary>
    public async Task RegisterDeviceAsync()
    {
        using PrivateKey owner = PrivateKey.Generate(KeyScheme.Secp256k1);
        using PrivateKey manufacturer = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/manufacturer/0");
        using PrivateKey device = PrivateKey.Generate(KeyScheme.P256);
        await using NodeClient client = Connect(0);
        using Wallet wallet = new(client, Genesis.ChainId, owner);
        Attestation attestation = Attestation.Make(manufacturer, 1, device.Scheme, device.PublicKey.Span);
        SubmitResult registered = await wallet.RegisterDeviceAsync(
            device, service: 1, attestation, new DevicePlace(0, 0), TestContext.Current.CancellationToken);
        Assert.True(registered.Succeeded, registered.Explanation);
    }

    /// <summary>Waits until a node has finalised a height.</summary>
    public async Task<AppChain.Protos.V1.Status> WaitForHeightAsync(int index, ulong height)
    {
        await using NodeClient client = Connect(index);
        using CancellationTokenSource bound = new(Bounds.Finality);
        await foreach (AppChain.Protos.V1.Block block in client.SubscribeAsync(height, false, bound.Token))
        {
            if (block.Header.Height >= height)
                break;
        }
        return await client.GetStatusAsync(cancellation: bound.Token);
    }

    public async ValueTask DisposeAsync()
    {
        for (int i = 0; i < Validators; i++)
            await StopAsync(i);
        Directory.Delete(directory, recursive: true);
    }

    // Below the range from which the system takes ports for outgoing connections: one that it hands out as free could be taken
    // again, by any connection of any test, before the node listens there.
    private static int[] FreePorts(int count)
    {
        List<int> free = [];
        while (free.Count < count)
        {
            int port = PortsFrom + Interlocked.Increment(ref portsTried) % PortsCount;
            using TcpListener listener = new(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                free.Add(port);
            }
            catch (SocketException)
            {
                // somebody else's
            }
        }
        return [.. free];
    }
}

/// <summary>How long a test waits for what must happen; generous, since the machine may be busy.</summary>
public static class Bounds
{
    public static readonly TimeSpan Start = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Finality = TimeSpan.FromSeconds(60);
}

/// <summary>Files of the repository that tests look at.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static byte[] Read(string path) => File.ReadAllBytes(Path.Combine(Root, path));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AppChain.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
