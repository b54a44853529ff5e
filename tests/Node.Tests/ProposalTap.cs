using AppChain.Consensus;
using AppChain.Node;
using AppChain.Protos.V1;
using Grpc.Core;

namespace Node.Tests;

/// <summary>Stands where the validators of a network expect another one, and notes how large each proposal is that they send it. The chain does without that one.</summary>
internal sealed class ProposalTap : PeerService.PeerServiceBase, IAsyncDisposable
{
    // What HTTP/2 and gRPC put before a message (RFC 9113, section 4.1; gRPC's PROTOCOL-HTTP2).
    private const int FrameHeaders = 9 + 5;

    private readonly Lock gate = new();
    private readonly Dictionary<Digest, int> bytes = [];
    private readonly TestPeer identity;
    private readonly int standsFor;
    private GrpcListener? listener;

    private ProposalTap(TestPeer identity, int standsFor) => (this.identity, this.standsFor) = (identity, standsFor);

    /// <summary>Bytes on the wire of the proposal of a block, by its hash; null: none came.</summary>
    public int? BytesOf(ReadOnlySpan<byte> blockHash)
    {
        lock (gate)
        {
            foreach ((Digest hash, int length) in bytes)
            {
                if (hash.ToArray().AsSpan().SequenceEqual(blockHash))
                    return length;
            }
        }
        return null;
    }

    /// <summary>Puts a tap in the place of a validator, in the settings of all others. None of them may run.</summary>
    public static async Task<ProposalTap> PutAsync(LocalNetwork network, int standsFor)
    {
        ProposalTap tap = new(TestPeer.Of(network, standsFor), standsFor);
        tap.listener = await tap.identity.ListenAsync(tap);
        for (int other = 0; other < LocalNetwork.Validators; other++)
        {
            if (other != standsFor)
                network.Configure(other, config => config.Peer.Validators[$"{standsFor}"] = $"127.0.0.1:{tap.listener.Endpoint.Port}");
        }
        return tap;
    }

    public override Task<HelloResponse> Hello(HelloRequest request, ServerCallContext context) => Task.FromResult(new HelloResponse { Validator = standsFor });

    public override async Task<ConsensusSummary> Consensus(IAsyncStreamReader<ConsensusMessage> requests, ServerCallContext context)
    {
        while (await requests.MoveNext(context.CancellationToken))
        {
            Assert.True(Message.TryDecode(requests.Current.Message.Span, out Message message));
            if (message is not Message.Proposal { Block: var block })
                continue;
            lock (gate)
                bytes[block.Hash] = requests.Current.CalculateSize() + FrameHeaders;
        }
        return new ConsensusSummary();
    }

    public override async Task<PushSummary> PushBatches(IAsyncStreamReader<BatchMessage> requests, ServerCallContext context)
    {
        while (await requests.MoveNext(context.CancellationToken))
            Assert.False(requests.Current.Batch.IsEmpty);
        return new PushSummary();
    }

    public async ValueTask DisposeAsync()
    {
        if (listener is not null)
            await listener.DisposeAsync();
        identity.Dispose();
    }
}
