using AppChain.Client;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Node;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;
using KeyScheme = AppChain.Crypto.KeyScheme;
using Message = AppChain.Consensus.Message;

namespace Node.Tests;

/// <summary>A contradiction that a node sees goes on chain by itself, if the node has an operator's key.</summary>
public sealed class EvidenceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Node_ThatSeesAContradiction_ReportsItAndTheValidatorIsTombstoned()
    {
        await using LocalNetwork network = await LocalNetwork.StartAsync(ValidatorLifeTests.Genesis());
        using PrivateKey reporter = PrivateKey.Generate(KeyScheme.Secp256k1);
        await network.FundAsync(reporter.Address);
        await network.StopAsync(0);
        KeyFile.Save(Path.Combine(network.Home(0).Path, "keys", "operator.json"), reporter);
        NodeConfig config = NodeConfig.Load(network.Home(0), new Dictionary<string, string?>());
        config.Operator.Key = "keys/operator.json";
        config.Save(network.Home(0).ConfigFile);
        await network.StartAsync(0);
        await network.MakeBlocksAsync(2);

        using PrivateKey offender = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/validator/3");
        await using NodeClient client = network.Connect(0);
        await network.StopAsync(3); // its place is taken: one node has one stream of a kind
        using TestPeer peer = TestPeer.Of(network, 3);
        using AsyncClientStreamingCall<ConsensusMessage, ConsensusSummary> stream = peer.Call(network.PeerAddresses[0]).Consensus(cancellationToken: Stop);
        long since = TimeProvider.System.GetTimestamp();
        while (await StandingAsync(client, offender) != "tombstoned")
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Bounds.Finality, "the contradiction did not get on chain");
            View view = new((await client.GetStatusAsync(cancellation: Stop)).View);
            foreach (VoteBody body in new[] { VoteBody.Nullify(new Epoch(0), view), new VoteBody(VoteKind.Finalize, new Epoch(0), view, View.Genesis, TaggedHash.Header.Of([1])) })
            {
                Message.Ballot ballot = new(new Vote(body, 3, Sign(network, offender, body)));
                await stream.RequestStream.WriteAsync(new ConsensusMessage { Message = ByteString.CopyFrom(ballot.Encode()) }, Stop);
            }
            await network.MakeBlocksAsync(1);
        }
    }

    private static async Task<string> StandingAsync(NodeClient client, PrivateKey validator) =>
        (await client.ListValidatorsAsync(Stop)).Validators.Single(one => one.Operator.Span.SequenceEqual(validator.Address.Bytes)).Standing;

    private static byte[] Sign(LocalNetwork network, PrivateKey key, VoteBody body) =>
        key.Sign(new Hash256(body.SigningDigest(ChainId.Parse(network.Genesis.ChainId.Text)).ToArray()));
}
