using System.Net;
using System.Net.Sockets;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Storage;
using Grpc.Core;

namespace Node.Tests;

/// <summary>Four validators in this process: real Kestrel, real RocksDB, real time; directories and ports of their own.</summary>
public sealed class LocalNetwork : IAsyncDisposable
{
    public const int Validators = 4;

    private const int PortsFrom = 20_000, PortSlices = 30, PortSliceSize = 200;
    private static readonly Lazy<TcpListener> PortSlice = new(TakePortSlice);
    private static int portsTried;

    private readonly string directory = Directory.CreateTempSubdirectory("appchain-node-tests-").FullName;
    private readonly Dictionary<int, LogCapture> logs = [];
    private readonly List<RunningNode?> nodes = [.. new RunningNode?[Validators]];
    private readonly List<string> addresses = [];
    private readonly List<string> peerAddresses = [];
    private readonly byte[] genesisFile;

    private sealed class RunningNode(Func<NodeRuntime> open)
    {
        public NodeRuntime Runtime { get; private set; } = open();

        public Task Running { get; private set; } = Task.CompletedTask;

        public CancellationTokenSource Stop { get; } = new();

        /// <summary>How often a state has come from other nodes, from which it started anew.</summary>
        public int StatesArrived { get; private set; }

        public bool IsRunning => !Running.IsCompleted;

        public void Start() => Running = RunAsync();

        // As the command does it.
        private async Task RunAsync()
        {
            while (await Runtime.RunAsync(Stop.Token) == NodeEnd.StateArrived)
            {
                StatesArrived++;
                await Runtime.DisposeAsync();
                Runtime = open();
            }
        }
    }

    private LocalNetwork(byte[] genesis)
    {
        Genesis = Genesis.TryParse(genesis, out Genesis? parsed, out string? error) ? parsed : throw new InvalidOperationException(error);
        genesisFile = genesis;
        int[] ports = FreePorts(Validators * 2);
        addresses.AddRange(Enumerable.Range(0, Validators).Select(i => $"127.0.0.1:{ports[i]}"));
        peerAddresses.AddRange(Enumerable.Range(0, Validators).Select(i => $"127.0.0.1:{ports[Validators + i]}"));
        for (int i = 0; i < Validators; i++)
        {
            using PrivateKey key = PrivateKey.FromSeed(KeyScheme.Secp256k1, $"appchain-devnet/validator/{i}");
            WriteHome(i, key);
        }
    }

    public Genesis Genesis { get; }

    /// <summary>HOST:PORT of each node's public services.</summary>
    public IReadOnlyList<string> Addresses => addresses;

    /// <summary>HOST:PORT where each node's peers reach it.</summary>
    public IReadOnlyList<string> PeerAddresses => peerAddresses;

    /// <summary>What a node has logged since it was started last.</summary>
    internal LogCapture LogOf(int index) => logs[index];

    public NodeHome Home(int index) => new(Path.Combine(directory, $"v{index}"));

    /// <summary>A network whose four validators run.</summary>
    /// <param name="genesis">Null: the repository's.</param>
    /// <param name="configure">Changes the settings of each.</param>
    public static async Task<LocalNetwork> StartAsync(byte[]? genesis = null, Action<NodeConfig>? configure = null)
    {
        LocalNetwork network = new(genesis ?? Repository.Read("genesis.json"));
        for (int i = 0; i < Validators; i++)
        {
            if (configure is not null)
                network.Configure(i, configure);
            await network.StartAsync(i);
        }
        return network;
    }

    /// <summary>Prepares the home of a node that knows genesis's validators and that nobody knows. Returns its place here.</summary>
    public int AddNode(PrivateKey key)
    {
        int[] ports = FreePorts(2);
        addresses.Add($"127.0.0.1:{ports[0]}");
        peerAddresses.Add($"127.0.0.1:{ports[1]}");
        nodes.Add(null);
        WriteHome(nodes.Count - 1, key);
        return nodes.Count - 1;
    }

    /// <summary>Changes the settings of a node that does not run.</summary>
    public void Configure(int index, Action<NodeConfig> change)
    {
        NodeConfig config = NodeConfig.Load(Home(index), new Dictionary<string, string?>());
        change(config);
        config.Save(Home(index).ConfigFile);
    }

    /// <param name="protocol">The latest rules that the node's program knows.</param>
    public async Task StartAsync(int index, uint protocol = ProtocolVersion.Supported)
    {
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        NodeConfig config = NodeConfig.Load(Home(index), new Dictionary<string, string?>());
        LogCapture log = logs[index] = new LogCapture();
        RunningNode node = new(() => NodeRuntime.Open(
            Home(index), config, new NodeRuntime.NodeServices(TimeProvider.System, log, protocol), _ => ready.TrySetResult()));
        nodes[index] = node;
        node.Start();
        await await Task.WhenAny(ready.Task, node.Running).WaitAsync(Bounds.Start);
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

    /// <summary>Waits until a node ends by itself, its disk being full, and answers what it said.</summary>
    public async Task<StorageException> WaitForFullDiskAsync(int index)
    {
        RunningNode node = nodes[index]!;
        nodes[index] = null;
        StorageException said = await Assert.ThrowsAsync<StorageException>(() => node.Running.WaitAsync(Bounds.Finality));
        // It closes all of its files, and says so once more if it has a last record to write.
        if (await Record.ExceptionAsync(() => node.Runtime.DisposeAsync().AsTask()) is { } again)
            Assert.Equal(StorageFault.DiskFull, Assert.IsType<StorageException>(again).Fault);
        node.Stop.Dispose();
        return said;
    }

    /// <summary>How often a state has come to the node from others, since it was started.</summary>
    public int StatesArrivedAt(int index) => nodes[index]!.StatesArrived;

    /// <summary>True if the node has ended by itself.</summary>
    public bool HasEnded(int index) => nodes[index] is { Running.IsCompleted: true };

    /// <summary>Waits until a node ends by itself, and throws what it ended with.</summary>
    public async Task EndOfAsync(int index)
    {
        RunningNode node = nodes[index]!;
        nodes[index] = null;
        try
        {
            await node.Running.WaitAsync(Bounds.Start);
        }
        finally
        {
            await node.Stop.CancelAsync();
            await node.Runtime.DisposeAsync();
            node.Stop.Dispose();
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

    /// <summary>Gives an account a token.</summary>
    public async Task FundAsync(Address account)
    {
        using PrivateKey owner = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/owner/0");
        await using NodeClient client = Connect(0);
        using Wallet wallet = new(client, Genesis.ChainId, owner);
        SubmitResult result = await wallet.TransferAsync(account, Amount.FromTokens(1), TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, result.Explanation);
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
        while (true)
        {
            try
            {
                await foreach (AppChain.Protos.V1.Block block in client.SubscribeAsync(height, false, bound.Token))
                {
                    if (block.Header.Height >= height)
                        return await client.GetStatusAsync(cancellation: bound.Token);
                }
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && nodes[index]!.IsRunning)
            {
                // It starts anew on a state that has come from others.
                await Task.Delay(20, bound.Token);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
            {
                // It is beyond that height, with a state that came from others, and has no blocks from before it.
                AppChain.Protos.V1.Status status = await client.GetStatusAsync(cancellation: bound.Token);
                Assert.True(status.Height >= height, $"height {status.Height}, and {e.Status.Detail}");
                return status;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        for (int i = 0; i < nodes.Count; i++)
            await StopAsync(i);
        Directory.Delete(directory, recursive: true);
    }

    private void WriteHome(int index, PrivateKey key)
    {
        NodeHome home = Home(index);
        Directory.CreateDirectory(Path.GetDirectoryName(home.ValidatorKeyFile)!);
        KeyFile.Save(home.ValidatorKeyFile, key);
        File.WriteAllBytes(home.GenesisFile, genesisFile);
        NodeConfig config = new() { Moniker = $"v{index}" };
        config.Rpc.Listen = addresses[index];
        config.Peer.Listen = peerAddresses[index];
        for (int other = 0; other < Validators; other++)
        {
            if (other != index)
                config.Peer.Validators[$"{other}"] = peerAddresses[other];
        }
        config.Save(home.ConfigFile);
    }

    /// <summary>A port that nobody listens on, and that no other test takes.</summary>
    public static int FreePort() => FreePorts(1)[0];

    // Below the range from which the system takes ports for outgoing connections: one that it hands out as free could be taken
    // again, by any connection of any test, before the node listens there.
    private static int[] FreePorts(int count)
    {
        List<int> free = [];
        while (free.Count < count)
        {
            int port = ((IPEndPoint)PortSlice.Value.LocalEndpoint).Port + 1 + Interlocked.Increment(ref portsTried) % (PortSliceSize - 1);
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

    // Who listens on a slice's first port has the slice, as long as its process lives: another run of these tests takes another.
    private static TcpListener TakePortSlice()
    {
        for (int slice = 0; slice < PortSlices; slice++)
        {
            TcpListener held = new(IPAddress.Loopback, PortsFrom + slice * PortSliceSize);
            try
            {
                held.Start();
                return held;
            }
            catch (SocketException)
            {
                held.Dispose(); // somebody else's
            }
        }
        throw new InvalidOperationException("no free slice of ports");
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
