using AppChain.Consensus;
using AppChain.Node;
using AppChain.Protos.V1;
using Grpc.Core;

namespace Node.Tests.Signer;

/// <summary>
/// Stands where one validator expects another, and writes down every vote that it sends, in order. The chain does without what the tap
/// swallows: the other validators have their own links.
/// </summary>
internal sealed class VoteTap : PeerService.PeerServiceBase, IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<VoteBody> votes = [];
    private readonly List<VoteBody> cast = [];
    private readonly Dictionary<View, ConsensusMessage> notarizations = [];
    private readonly int tapped;
    private readonly int standsFor;
    private readonly TestPeer identity;
    private GrpcListener? listener;
    private int messages;
    private TaskCompletionSource changed = New();

    private VoteTap(int tapped, int standsFor, TestPeer identity) =>
        (this.tapped, this.standsFor, this.identity) = (tapped, standsFor, identity);

    /// <summary>All votes of the tapped validator so far, repetitions included.</summary>
    public List<VoteBody> Votes
    {
        get
        {
            lock (gate)
                return [.. votes];
        }
    }

    /// <summary>Those that it sent by themselves, and not as a part of a certificate, which may be an old one that others made.</summary>
    public List<VoteBody> Cast
    {
        get
        {
            lock (gate)
                return [.. cast];
        }
    }

    /// <summary>How many messages came.</summary>
    public int Messages
    {
        get
        {
            lock (gate)
                return messages;
        }
    }

    /// <summary>Puts a tap between a validator, which must not be running, and the one that the tap stands for.</summary>
    public static async Task<VoteTap> PutAsync(LocalNetwork network, int tapped, int standsFor)
    {
        VoteTap tap = new(tapped, standsFor, TestPeer.Of(network, standsFor));
        tap.listener = await tap.identity.ListenAsync(tap);
        NodeHome home = network.Home(tapped);
        NodeConfig config = NodeConfig.Load(home, new Dictionary<string, string?>());
        config.Peer.Validators[$"{standsFor}"] = $"127.0.0.1:{tap.listener.Endpoint.Port}";
        config.Save(home.ConfigFile);
        return tap;
    }

    /// <summary>Waits until what came fulfils the condition.</summary>
    public async Task WaitForAsync(Func<VoteTap, bool> condition)
    {
        using CancellationTokenSource bound = new(Bounds.Finality);
        while (true)
        {
            Task next;
            lock (gate)
                next = changed.Task;
            if (condition(this))
                return;
            if (await Task.WhenAny(next, Task.Delay(Timeout.Infinite, bound.Token)) != next)
                Assert.Fail(
                    $"what was waited for did not come; of {Messages} messages the last votes were "
                    + string.Join("; ", Votes.TakeLast(40).Select(vote => $"{vote.Kind} {vote.View}")));
        }
    }

    /// <summary>
    /// Sends the validator a notarization that it once sent itself, as if the one that the tap stands for had: it enters that view, cannot
    /// get the block from anybody, and when its deadline comes it would nullify.
    /// </summary>
    public async Task ReplayNotarizationAsync(LocalNetwork network, View view)
    {
        ConsensusMessage message;
        lock (gate)
            message = notarizations[view];
        NodeConfig config = NodeConfig.Load(network.Home(tapped), new Dictionary<string, string?>());
        using AsyncClientStreamingCall<ConsensusMessage, ConsensusSummary> call = identity.Call(config.Peer.Listen).Consensus();
        await call.RequestStream.WriteAsync(new ConsensusMessage { Message = message.Message });
        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync.WaitAsync(Bounds.Start);
    }

    public override Task<HelloResponse> Hello(HelloRequest request, ServerCallContext context) => Task.FromResult(new HelloResponse { Validator = standsFor });

    public override async Task<ConsensusSummary> Consensus(IAsyncStreamReader<ConsensusMessage> requests, ServerCallContext context)
    {
        while (await requests.MoveNext(context.CancellationToken))
        {
            Assert.True(Message.TryDecode(requests.Current.Message.Span, out Message message));
            lock (gate)
            {
                messages++;
                votes.AddRange(VotesIn(message));
                if (message is not Message.Proof)
                    cast.AddRange(VotesIn(message));
                if (message is Message.Proof({ Kind: VoteKind.Notarize } certificate))
                    notarizations[certificate.View] = requests.Current;
                changed.TrySetResult();
                changed = New();
            }
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

    // Also a vote inside a certificate has left the validator.
    private IEnumerable<VoteBody> VotesIn(Message message) => message switch
    {
        Message.Ballot(var vote) when vote.Signer == tapped => [vote.Body],
        Message.Proposal proposal when proposal.LeaderVote.Signer == tapped => [proposal.LeaderVote.Body],
        Message.Proof(var certificate) when certificate.Signatures.Any(part => part.Signer == tapped) => [certificate.Body],
        _ => [],
    };

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
