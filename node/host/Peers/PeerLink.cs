using System.Threading.Channels;
using AppChain.Crypto;
using AppChain.Grpc;
using AppChain.Protos.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Status = Grpc.Core.Status;

namespace AppChain.Node.Peers;

/// <summary>
/// This node's connection to one other validator: what we send it. What it sends us comes over its own link to our
/// <see cref="PeerServer"/>. Votes and batches have separate streams, so that bulk never blocks votes.
/// </summary>
public sealed class PeerLink : IAsyncDisposable
{
    private static readonly TimeSpan BackOffMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BackOffMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(2);

    private readonly ChainIdentity identity;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly GrpcChannel channel;
    private readonly Channel<ConsensusMessage> consensusOutbox = Outbox<ConsensusMessage>(NodeLimits.ConsensusOutboxMax);
    private readonly Channel<BatchMessage> batchOutbox = Outbox<BatchMessage>(NodeLimits.BatchOutboxMax);
    private volatile string? problem = "not connected yet";

    public PeerLink(int index, string address, ChainIdentity identity, TimeProvider clock, ILogger log)
    {
        (Index, Address, this.identity, this.clock, this.log) = (index, address, identity, clock, log);
        channel = GrpcChannel.ForAddress("http://" + address, new GrpcChannelOptions { MaxReceiveMessageSize = NodeLimits.PeerMessageBytesMax });
        Client = new PeerService.PeerServiceClient(channel);
        Sync = new SyncService.SyncServiceClient(channel);
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
        TimeSpan backOff = BackOffMin;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await SayHelloAsync(cancellation);
                if (problem is not null)
                    PeerLog.Connected(log, Index, Address);
                problem = null;
                long since = clock.GetTimestamp();
                await PumpAsync(cancellation);
                if (clock.GetElapsedTime(since) > BackOffMax)
                    backOff = BackOffMin; // it worked for a while; a peer that only says hello is not called again at once
                problem = "the peer ended the connection";
            }
            catch (RpcException e) when (!cancellation.IsCancellationRequested)
            {
                string now = e.Status.StatusCode == StatusCode.Unavailable ? "cannot be reached" : $"{e.Status.StatusCode}: {e.Status.Detail}";
                if (problem != now)
                    PeerLog.Lost(log, Index, Address, now);
                problem = now;
            }
            catch (Exception e) when (e is OperationCanceledException or RpcException && cancellation.IsCancellationRequested)
            {
                return;
            }
            await Task.Delay(backOff, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            backOff = backOff * 2 < BackOffMax ? backOff * 2 : BackOffMax;
        }
    }

    public ValueTask DisposeAsync()
    {
        channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task SayHelloAsync(CancellationToken cancellation)
    {
        HelloResponse answer = await Client.HelloAsync(
            identity.Hello(), deadline: clock.GetUtcNow().UtcDateTime + HelloTimeout, cancellationToken: cancellation);
        if (answer.Validator != Index)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"validator {answer.Validator} answers at {Address}, where the configuration names validator {Index}"));
    }

    /// <summary>Sends until one of the two streams ends; then the other is ended as well.</summary>
    private async Task PumpAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource session = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using AsyncClientStreamingCall<ConsensusMessage, ConsensusSummary> consensus = Client.Consensus(cancellationToken: session.Token);
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
