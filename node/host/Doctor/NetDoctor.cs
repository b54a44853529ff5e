using System.Globalization;
using System.Net;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Peers;
using Google.Protobuf;
using Grpc.Core;
using Hello = AppChain.Protos.V1.HelloRequest;
using NodeStatus = AppChain.Protos.V1.Status;
using Peer = AppChain.Protos.V1.Peer;

namespace AppChain.Node.Doctor;

/// <summary>What a doctor's visit found.</summary>
public sealed record Visit(Genesis Genesis, OwnReport Own, IReadOnlyList<PeerReport> Peers, IReadOnlyList<Finding> Findings);

/// <summary>Looks at a node's way to its peers from the node's own machine, with its own identity: the node may run, and should.</summary>
public static class NetDoctor
{
    /// <summary>Peers that are called at a time.</summary>
    public const int CallsAtOnceMax = 16;

    private static readonly TimeSpan StatusTimeout = TimeSpan.FromSeconds(5);

    /// <param name="publicPort">Where the node's public port is, as `--node` has it; null: as configured.</param>
    /// <exception cref="ConfigException">The home cannot be read.</exception>
    public static async Task<Visit> ExamineAsync(NodeHome home, NodeConfig config, Func<string, NodeClient> connect, string? publicPort, CancellationToken cancellation)
    {
        Genesis genesis = GenesisFile.Load(home.GenesisFile).Genesis;
        using PrivateKey key = KeyFile.Load(home.ValidatorKeyFile);
        using NodeIdentity identity = NodeKey.Open(home, genesis.Hash, key);
        (NodeStatus? status, string? problem) = await AskOwnAsync(connect, publicPort ?? PublicAddress(config), genesis, cancellation);
        OwnReport own = new(ChainIdentity.ProgramVersion, config.Peer.Listen, TimeSpan.FromMilliseconds(config.Consensus.LeaderTimeoutMs), problem) { Height = status?.Height };

        Hello hello = new()
        {
            ChainId = genesis.ChainId.Text,
            GenesisHash = ByteString.CopyFrom(genesis.Hash.Bytes),
            Protocol = ChainIdentity.ProtocolVersion,
            Validator = ChainIdentity.NoValidator, // what the chain calls this node is not asked here
            Version = ChainIdentity.ProgramVersion,
        };
        PeerProbe probe = new(identity, hello, TimeProvider.System);
        List<(ExpectedPeer Peer, bool? IsHeard)> expected = [.. status is null ? FromFiles(config, genesis) : status.Peers.Select(FromNode)];
        PeerReport[] reports = new PeerReport[expected.Count];
        await Parallel.ForAsync(0, expected.Count, new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnceMax, CancellationToken = cancellation }, async (i, stop) =>
            reports[i] = await probe.AskAsync(expected[i].Peer, stop) with { IsHeard = expected[i].IsHeard });
        return new Visit(genesis, own, reports, Diagnosis.Of(own, reports));
    }

    private static async Task<(NodeStatus? Status, string? Problem)> AskOwnAsync(
        Func<string, NodeClient> connect, string address, Genesis genesis, CancellationToken cancellation)
    {
        await using NodeClient client = connect(address);
        try
        {
            NodeStatus status = await client.GetStatusAsync(StatusTimeout, cancellation);
            return status.GenesisHash.Span.SequenceEqual(genesis.Hash.Bytes)
                ? (status, null)
                : (null, $"another chain's node answers at {address}: \"{status.ChainId}\"");
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"it does not answer at {address} ({e.Status.StatusCode})");
        }
    }

    private static (ExpectedPeer Peer, bool? IsHeard) FromNode(Peer peer)
    {
        // Zero: a number that the configuration names, and that the state has no validator of.
        Address? key = peer.Validator.Length == Address.Size && new Address(peer.Validator.Span) is var known && known != default ? known : null;
        return (new ExpectedPeer($"validator {peer.Number}", peer.Address, key), peer.HasHeard ? peer.Heard : null);
    }

    private static IEnumerable<(ExpectedPeer Peer, bool? IsHeard)> FromFiles(NodeConfig config, Genesis genesis)
    {
        foreach ((string number, string address) in config.Peer.Validators.OrderBy(peer => int.Parse(peer.Key, CultureInfo.InvariantCulture)))
        {
            int index = int.Parse(number, CultureInfo.InvariantCulture);
            Address? key = index < genesis.Validators.Length ? genesis.Validators[index].Address : null;
            yield return (new ExpectedPeer($"validator {number}", address, key), null);
        }
    }

    // A port on all addresses is asked on this machine's own.
    private static string PublicAddress(NodeConfig config)
    {
        IPEndPoint listen = NodeConfig.ParseEndpoint("rpc.listen", config.Rpc.Listen);
        if (listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any))
            listen.Address = listen.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        return (config.Rpc.TlsCertificate.Length > 0 ? "https://" : "") + listen;
    }
}
