using System.Net;
using System.Security.Cryptography.X509Certificates;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Grpc;
using AppChain.Node;
using AppChain.Node.Peers;
using AppChain.Protos.V1;
using Microsoft.Extensions.Logging.Abstractions;
using KeyScheme = AppChain.Crypto.KeyScheme;

namespace Node.Tests;

/// <summary>A node as others see it, and nothing behind it: an identity to call with and to answer with.</summary>
internal sealed class TestPeer : IDisposable
{
    private readonly List<GrpcChannel> channels = [];

    public TestPeer(Hash256 genesis, PrivateKey consensusKey) => Identity = new NodeIdentity(genesis, consensusKey, PrivateKey.Generate(KeyScheme.Secp256k1));

    public NodeIdentity Identity { get; }

    /// <summary>One with the consensus key of a network's node.</summary>
    public static TestPeer Of(LocalNetwork network, int index)
    {
        using PrivateKey key = KeyFile.Load(network.Home(index).ValidatorKeyFile);
        return new TestPeer(network.Genesis.Hash, key);
    }

    /// <summary>One that no chain knows.</summary>
    public static TestPeer Stranger(Hash256 genesis)
    {
        using PrivateKey key = PrivateKey.Generate(KeyScheme.Secp256k1);
        return new TestPeer(genesis, key);
    }

    /// <summary>A connection to a peer port, whoever answers there.</summary>
    public PeerService.PeerServiceClient Call(string address) => new(Connect(address));

    public GrpcChannel Connect(string address)
    {
        GrpcChannel channel = GrpcChannel.ForAddress(
            "https://" + address,
            new GrpcChannelOptions { SslOptions = Identity.ToCall(static shown => NodeCertificate.TryVerify(shown, out _, out _)) });
        channels.Add(channel);
        return channel;
    }

    /// <summary>What an honest node of this network would say first.</summary>
    public HelloRequest Hello(LocalNetwork network) => new()
    {
        ChainId = network.Genesis.ChainId.Text,
        GenesisHash = Google.Protobuf.ByteString.CopyFrom(network.Genesis.Hash.Bytes),
        Protocol = ChainIdentity.ProtocolVersion,
        Validator = ChainIdentity.NoValidator,
    };

    /// <summary>A peer port with this identity.</summary>
    public Task<GrpcListener> ListenAsync(PeerService.PeerServiceBase service) => GrpcListener.StartAsync(
        "test", new IPEndPoint(IPAddress.Loopback, 0), NodeLimits.PeerMessageBytesMax, NullLoggerFactory.Instance,
        [PeerService.BindService(service)], new PeerPort(Identity, static (_, _) => { }));

    public void Dispose()
    {
        foreach (GrpcChannel channel in channels)
            channel.Dispose();
        Identity.Dispose();
    }
}
