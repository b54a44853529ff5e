using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using AppChain.Grpc;
using AppChain.Protos.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Status = Grpc.Core.Status;

namespace AppChain.Node.Peers;

/// <summary>
/// This node's way to one other validator: what we send it. What it sends us comes over its own link to our <see cref="PeerServer"/>.
/// Votes have a connection of their own, so that neither a batch nor a block that is being fetched is ever before them in the same socket.
/// </summary>
public sealed class PeerLink : IAsyncDisposable
{
    private static readonly TimeSpan BackOffMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BackOffMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(2);

    private readonly ChainIdentity identity;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly GrpcChannel urgent;
    private readonly GrpcChannel bulk;
    private readonly PeerService.PeerServiceClient votes;
    private readonly Channel<ConsensusMessage> consensusOutbox = Outbox<ConsensusMessage>(NodeLimits.ConsensusOutboxMax);
    private readonly Channel<BatchMessage> batchOutbox = Outbox<BatchMessage>(NodeLimits.BatchOutboxMax);
    private volatile string? problem = "not connected yet";
    private volatile string? refused;

    public PeerLink(int index, string address, ChainIdentity identity, TimeProvider clock, ILogger log)
    {
        (Index, Address, this.identity, this.clock, this.log) = (index, address, identity, clock, log);
        (urgent, bulk) = (NewChannel(), NewChannel());
        (votes, Client, Sync) = (new PeerService.PeerServiceClient(urgent), new PeerService.PeerServiceClient(bulk), new SyncService.SyncServiceClient(bulk));
    }

    /// <summary>The other validator's index.</summary>
    public int Index { get; }

    /// <summary>HOST:PORT of its peer service.</summary>
    public string Address { get; }

    /// <summary>Why there is no connection; null while there is one.</summary>
    public string? Problem => problem;

    /// <summary>For requests that want an answer.</summary>
    public PeerService.PeerServiceClient Client { get; }

    /// <summary>For a node that is far behind.</summary>
    public SyncService.SyncServiceClient Sync { get; }

    /// <summary>Queues a consensus message. When the queue is full the oldest goes: consensus re-sends.</summary>
    public void Send(ConsensusMessage message) => consensusOutbox.Writer.TryWrite(message);

    /// <summary>Queues a batch. When the queue is full the oldest goes: the peer fetches it when a block names it.</summary>
    public void Push(BatchMessage batch) => batchOutbox.Writer.TryWrite(batch);

    /// <summary>Keeps the connection up until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        BackOff backOff = new(BackOffMin, BackOffMax, Random.Shared);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                refused = null;
                await SayHelloAsync(cancellation);
                if (problem is not null)
                    PeerLog.Connected(log, Index, Address);
                problem = null;
                long since = clock.GetTimestamp();
                await PumpAsync(cancellation);
                if (clock.GetElapsedTime(since) > BackOffMax)
                    backOff.Reset(); // it worked for a while; a peer that only says hello is not called again at once
                problem = "the peer ended the connection";
            }
            catch (RpcException e) when (!cancellation.IsCancellationRequested)
            {
                string now = refused ?? Explain(e.Status);
                if (problem != now)
                    PeerLog.Lost(log, Index, Address, now);
                problem = now;
            }
            catch (Exception e) when (e is OperationCanceledException or RpcException && cancellation.IsCancellationRequested)
            {
                return;
            }
            await Task.Delay(backOff.Next(), clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What is to be said of a call that failed before the peer answered, or that it refused.</summary>
    internal static string Explain(Status status)
    {
        if (status.StatusCode != StatusCode.Unavailable)
            return (status.StatusCode == StatusCode.FailedPrecondition ? "it refuses this node: " : $"{status.StatusCode}: ") + PeerText.Clean(status.Detail);
        for (Exception? cause = status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
                return "what answers there does not speak TLS as nodes do: another program, a node of an older version, or one that is just stopping";
        }
        return "cannot be reached";
    }

    public ValueTask DisposeAsync()
    {
        urgent.Dispose();
        bulk.Dispose();
        return ValueTask.CompletedTask;
    }

    private GrpcChannel NewChannel() => GrpcChannel.ForAddress("https://" + Address, new GrpcChannelOptions
    {
        MaxReceiveMessageSize = NodeLimits.PeerMessageBytesMax,
        SslOptions = identity.Node.ToCall(IsExpected),
    });

    // Of the two connections whichever is refused first says why.
    private bool IsExpected(X509Certificate2? shown)
    {
        string? wrong = NodeCertificate.TryVerify(shown, out NodeCertificate? node, out string? bad)
            ? identity.Stranger(node, Index)
            : $"what answers there {bad}";
        if (wrong is not null)
            refused = wrong;
        return wrong is null;
    }

    private async Task SayHelloAsync(CancellationToken cancellation)
    {
        HelloResponse answer = await votes.HelloAsync(
            identity.Hello(), deadline: clock.GetUtcNow().UtcDateTime + HelloTimeout, cancellationToken: cancellation);
        if (answer.Validator != Index && answer.Validator != ChainIdentity.NoValidator)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"it says that it is validator {answer.Validator}, where the configuration names validator {Index}"));
    }

    /// <summary>Sends until one of the two streams ends; then the other is ended as well.</summary>
    private async Task PumpAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource session = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using AsyncClientStreamingCall<ConsensusMessage, ConsensusSummary> consensus = votes.Consensus(cancellationToken: session.Token);
        using AsyncClientStreamingCall<BatchMessage, PushSummary> batches = Client.PushBatches(cancellationToken: session.Token);
        Task[] ends =
        [
            ForwardAsync(consensusOutbox.Reader, consensus.RequestStream, session.Token),
            ForwardAsync(batchOutbox.Reader, batches.RequestStream, session.Token),
            consensus.ResponseAsync,
            batches.ResponseAsync,
        ];
        await Task.WhenAny(ends);
        await session.CancelAsync();
        await Task.WhenAll(ends).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Of what ended, the connection's own failure says why; the rest was only cancelled with it.
        if (ends.Select(end => end.Exception?.InnerException).OfType<RpcException>().FirstOrDefault(e => e.StatusCode != StatusCode.Cancelled) is { } cause)
            throw cause;
    }

    private static async Task ForwardAsync<T>(ChannelReader<T> from, IClientStreamWriter<T> to, CancellationToken cancellation)
    {
        await foreach (T message in from.ReadAllAsync(cancellation))
            await to.WriteAsync(message, cancellation);
    }

    private static Channel<T> Outbox<T>(int capacity) =>
        Channel.CreateBounded<T>(new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
}
