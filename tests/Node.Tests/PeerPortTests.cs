using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AppChain.Client;
using AppChain.Crypto;
using AppChain.Grpc;
using AppChain.Ledger;
using AppChain.Node;
using AppChain.Node.Peers;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;
using Batch = AppChain.Ledger.Batch;
using Body = AppChain.Ledger.Body;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Status = AppChain.Protos.V1.Status;

namespace Node.Tests;

/// <summary>A running validator's peer port, called by whom it must refuse. Afterwards the network is as before.</summary>
public sealed class PeerPortTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private const int Called = 0;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private LocalNetwork Network => fixture.Network;

    private string Address => Network.PeerAddresses[Called];

    [Fact]
    public async Task Caller_WithoutTls_IsRefused()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress("http://" + Address);
        Assert.Equal(StatusCode.Unavailable, await RefusedAsync(new PeerService.PeerServiceClient(channel)));
    }

    [Theory]
    [InlineData("")] // nothing, until the handshake's time is over
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task Connection_ThatIsNoTls_IsClosed(string says)
    {
        using TcpClient caller = new();
        await caller.ConnectAsync(IPEndPoint.Parse(Address), Stop);
        NetworkStream stream = caller.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(says), Stop);
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        bound.CancelAfter(Bounds.Start);
        byte[] answer = new byte[64];
        try
        {
            while (await stream.ReadAsync(answer, bound.Token) > 0)
            {
                // at most an alert of TLS
            }
        }
        catch (IOException reset)
        {
            Assert.IsType<SocketException>(reset.InnerException);
        }
        Assert.False(bound.IsCancellationRequested);
    }

    [Fact]
    public async Task Caller_WithoutCertificate_IsRefusedAndLogged()
    {
        using GrpcChannel channel = Foreign(null);
        Assert.Equal(StatusCode.Unavailable, await RefusedAsync(new PeerService.PeerServiceClient(channel)));
        await LoggedAsync("it shows no certificate");
    }

    [Fact]
    public async Task Caller_WithACertificateThatIsNoNodes_IsRefusedAndLogged()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=somebody", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using GrpcChannel channel = Foreign(certificate);
        Assert.Equal(StatusCode.Unavailable, await RefusedAsync(new PeerService.PeerServiceClient(channel)));
        await LoggedAsync("it shows a certificate that is no node's");
    }

    [Fact]
    public async Task Caller_OfAnotherGenesis_IsRefusedInEveryCall_AndBothSidesSayWhy()
    {
        using TestPeer peer = TestPeer.Stranger(Hashing.Sha256([1]));
        PeerService.PeerServiceClient client = peer.Call(Address);

        foreach (Func<Task> call in new Func<Task>[]
        {
            () => client.HelloAsync(peer.Hello(Network), cancellationToken: Stop).ResponseAsync,
            () => client.Consensus(cancellationToken: Stop).ResponseAsync,
            () => client.PushBatches(cancellationToken: Stop).ResponseAsync,
            () => client.GetBatches(new GetBatchesRequest(), cancellationToken: Stop).ResponseStream.MoveNext(Stop),
            () => client.GetBlocks(new GetBlocksRequest { FromHeight = 1, Count = 1 }, cancellationToken: Stop).ResponseStream.MoveNext(Stop),
        })
        {
            RpcException refused = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal((StatusCode.FailedPrecondition, ChainIdentity.OtherGenesis), (refused.StatusCode, refused.Status.Detail));
        }
        await LoggedAsync(ChainIdentity.OtherGenesis);
    }

    [Theory]
    [InlineData("protocol", "this node speaks peer protocol 2, the caller 1")]
    [InlineData("chain", "the caller on \"elsewhere\"")]
    [InlineData("genesis", "genesis file differs")]
    [InlineData("role", "says that it is validator 2, but its key is validator 3's")]
    [InlineData("own", "this node's own consensus key")]
    public async Task Hello_ThatDoesNotFit_IsRefused_AndBothSidesSayWhy(string what, string expected)
    {
        using TestPeer peer = TestPeer.Of(Network, what == "own" ? Called : 3);
        HelloRequest hello = peer.Hello(Network);
        switch (what)
        {
            case "protocol":
                hello.Protocol = 1;
                break;
            case "chain":
                hello.ChainId = "elsewhere";
                break;
            case "genesis":
                hello.GenesisHash = ByteString.CopyFrom(new byte[32]);
                break;
            case "role":
                hello.Validator = 2;
                break;
        }
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => peer.Call(Address).HelloAsync(hello, cancellationToken: Stop).ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Contains(expected, refused.Status.Detail, StringComparison.Ordinal);
        await LoggedAsync(refused.Status.Detail);
    }

    [Fact]
    public async Task Hello_OfAFollower_IsAnswered_WithWhatADoctorNeeds()
    {
        using TestPeer peer = TestPeer.Stranger(Network.Genesis.Hash);
        HelloResponse answer = await peer.Call(Address).HelloAsync(peer.Hello(Network), cancellationToken: Stop);
        Assert.Equal((Called, ChainIdentity.ProgramVersion), (answer.Validator, answer.Version));
        Assert.InRange((double)answer.TimeMs, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 60_000.0, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task FloodOfBatches_ByAStranger_LeavesNothingBehind()
    {
        using TestPeer peer = TestPeer.Stranger(Network.Genesis.Hash);
        using PrivateKey sender = PrivateKey.Generate(KeyScheme.Secp256k1);
        List<Hash256> pushed = [];
        using AsyncClientStreamingCall<BatchMessage, PushSummary> stream = peer.Call(Address).PushBatches(cancellationToken: Stop);
        for (ulong i = 1; i <= 500; i++)
        {
            (BatchMessage message, Hash256 id) = Signed(peer, author: 3, i, sender);
            pushed.Add(id);
            await stream.RequestStream.WriteAsync(message, Stop);
        }
        await stream.RequestStream.CompleteAsync();
        await stream.ResponseAsync.WaitAsync(Bounds.Start, Stop);

        Assert.Empty(await HeldAsync(peer, pushed));
    }

    [Fact]
    public async Task Batch_OfAValidator_IsKeptOnlyIfItSignedItAndIsItsAuthor()
    {
        await Network.StopAsync(3);
        using TestPeer validator = TestPeer.Of(Network, 3), other = TestPeer.Stranger(Network.Genesis.Hash);
        using PrivateKey sender = PrivateKey.Generate(KeyScheme.Secp256k1);
        (BatchMessage good, Hash256 kept) = Signed(validator, author: 3, 1, sender);
        (BatchMessage stolen, Hash256 ofAnother) = Signed(validator, author: 2, 2, sender);
        (BatchMessage foreign, Hash256 notItsOwn) = Signed(other, author: 3, 3, sender);
        BatchMessage unsigned = new() { Batch = Signed(validator, author: 3, 4, sender).Message.Batch };
        Hash256 without = Batch.IdOf(unsigned.Batch.Span);
        try
        {
            Assert.Null(await PushAsync(validator, good));
            Assert.Contains("a batch of validator 2", await PushAsync(validator, stolen), StringComparison.Ordinal);
            Assert.Contains("has not signed", await PushAsync(validator, foreign), StringComparison.Ordinal);
            Assert.Contains("has not signed", await PushAsync(validator, unsigned), StringComparison.Ordinal);
            Assert.Equal([kept], await HeldAsync(validator, [kept, ofAnother, notItsOwn, without]));
        }
        finally
        {
            await Network.StartAsync(3);
        }
    }

    [Fact]
    public async Task Addressee_ThatIsAnotherValidator_IsNotTalkedTo()
    {
        using PrivateKey key = PrivateKey.Generate(KeyScheme.Secp256k1);
        int follower = Network.AddNode(key);
        NodeConfig config = NodeConfig.Load(Network.Home(follower), new Dictionary<string, string?>());
        config.Peer.Validators["1"] = Network.PeerAddresses[2];
        config.Peer.Validators["2"] = Network.Addresses[2]; // not even a peer port
        config.Save(Network.Home(follower).ConfigFile);
        await Network.StartAsync(follower);
        await using NodeClient client = Network.Connect(follower);
        long since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Status status = await client.GetStatusAsync(cancellation: Stop);
            Dictionary<string, string> problems = status.Peers.ToDictionary(peer => peer.Address, peer => peer.Problem);
            if (problems[Network.PeerAddresses[0]].Length == 0
                && problems[Network.PeerAddresses[2]].Contains("validator 2 answers there", StringComparison.Ordinal)
                && problems[Network.Addresses[2]].Contains("does not speak TLS", StringComparison.Ordinal))
                return;
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Bounds.Start, string.Join("; ", problems));
            await Task.Delay(50, Stop);
        }
    }

    private async Task LoggedAsync(string line)
    {
        long since = TimeProvider.System.GetTimestamp();
        while (!Network.LogOf(Called).Has(line))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Bounds.Start, $"not logged: {line}");
            await Task.Delay(20, Stop);
        }
    }

    private GrpcChannel Foreign(X509Certificate2? certificate) => GrpcChannel.ForAddress("https://" + Address, new GrpcChannelOptions
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = certificate is null ? null : [certificate],
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
        },
    });

    private static async Task<StatusCode> RefusedAsync(PeerService.PeerServiceClient client) =>
        (await Assert.ThrowsAsync<RpcException>(() => client.HelloAsync(new HelloRequest(), deadline: DateTime.UtcNow + Bounds.Start, cancellationToken: Stop).ResponseAsync)).StatusCode;

    private (BatchMessage Message, Hash256 Id) Signed(TestPeer peer, uint author, ulong sequence, PrivateKey sender)
    {
        Body body = new(
            sender.Address, sequence, (ulong)DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeMilliseconds(), new AppChain.Ledger.Transfer(fixture.Owner.Address, new Amount(1)));
        SignedTransaction transaction = SignedTransaction.Create(Network.Genesis.ChainId, body, sender);
        byte[] encoded = new Batch(author, sequence, [transaction.Wire.ToByteArray()]).Encode();
        Hash256 id = Batch.IdOf(encoded);
        return (new BatchMessage { Batch = ByteString.CopyFrom(encoded), Signature = ByteString.CopyFrom(peer.Identity.SignBatch(id)) }, id);
    }

    /// <summary>Pushes one batch and answers why it was refused; null if it was not.</summary>
    private async Task<string?> PushAsync(TestPeer peer, BatchMessage message)
    {
        using AsyncClientStreamingCall<BatchMessage, PushSummary> stream = peer.Call(Address).PushBatches(cancellationToken: Stop);
        try
        {
            await stream.RequestStream.WriteAsync(message, Stop);
            await stream.RequestStream.CompleteAsync();
            await stream.ResponseAsync.WaitAsync(Bounds.Start, Stop);
            return null;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
        {
            return e.Status.Detail;
        }
    }

    private async Task<List<Hash256>> HeldAsync(TestPeer peer, List<Hash256> ids)
    {
        List<Hash256> held = [];
        foreach (Hash256[] some in ids.Chunk(NodeLimits.BatchesPerFetchMax))
        {
            GetBatchesRequest request = new();
            request.Ids.AddRange(some.Select(id => ByteString.CopyFrom(id.Bytes)));
            using AsyncServerStreamingCall<BatchMessage> answer = peer.Call(Address).GetBatches(request, cancellationToken: Stop);
            while (await answer.ResponseStream.MoveNext(Stop))
                held.Add(Batch.IdOf(answer.ResponseStream.Current.Batch.Span));
        }
        return held;
    }
}
