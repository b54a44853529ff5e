using AppChain.Protos.V1;
using Grpc.Core;

namespace AppChain.Client;

/// <summary>The node takes calls but answers nothing: it is paused, cut off, or the chain stands still.</summary>
internal sealed class SilentNodeException(string message) : Exception(message);

/// <summary>
/// One stream to one node, from its opening to its failure: sends what the outbox holds, hands answers on, and gives up on a node that
/// falls silent.
/// </summary>
/// <param name="work">Rings when there may be something to send.</param>
/// <param name="onAnswer">Told every answer, one at a time; says how long to pause before anything more is sent, zero for not at all.</param>
internal sealed class SubmissionSession(
    NodeClient node, Outbox outbox, Doorbell work, TimeSpan silenceMax, TimeProvider time, Func<SubmitResponse, TimeSpan> onAnswer)
{
    private long lastHeard = time.GetTimestamp();
    private long pauseWanted; // ticks

    /// <summary>True once the node has said what became of a proof: it is worth coming back to.</summary>
    public bool WasUseful { get; private set; }

    /// <summary>Runs until the stream fails or is cancelled; it always ends with an exception.</summary>
    public async Task RunAsync(string chainId, CancellationToken cancellation)
    {
        using CancellationTokenSource session = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using AsyncDuplexStreamingCall<SubmitRequest, SubmitResponse> call = node.OpenSubmitStream(session.Token);
        Task[] loops =
        [
            SendAsync(call.RequestStream, chainId, session.Token),
            ReceiveAsync(call.ResponseStream, session.Token),
            WatchAsync(session.Token),
        ];
        Task first = await Task.WhenAny(loops);
        await session.CancelAsync();
        // The others end because of the cancellation; only the first one's failure is news.
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task SendAsync(IClientStreamWriter<SubmitRequest> requests, string chainId, CancellationToken cancellation)
    {
        while (true)
        {
            if (Interlocked.Exchange(ref pauseWanted, 0) is var ticks and > 0)
                await Task.Delay(TimeSpan.FromTicks(ticks), time, cancellation);
            while (Interlocked.Read(ref pauseWanted) == 0 && outbox.TakeNext() is { } proof)
            {
                if (outbox.OnWire == 1)
                    Interlocked.Exchange(ref lastHeard, time.GetTimestamp());
                if (proof.FirstSent == 0)
                    proof.FirstSent = time.GetTimestamp();
                SubmitRequest request = new() { Transaction = proof.Transaction, ChainId = chainId, Tag = proof.Sequence };
                await requests.WriteAsync(request, cancellation);
            }
            await work.WaitAsync(cancellation);
        }
    }

    private async Task ReceiveAsync(IAsyncStreamReader<SubmitResponse> answers, CancellationToken cancellation)
    {
        while (await answers.MoveNext(cancellation))
        {
            SubmitResponse answer = answers.Current;
            // An admission is a sign of life of the node, not of the chain: only what goes beyond it counts as progress.
            if (answer.Stage != SubmitResponse.Types.Stage.Admitted)
                Interlocked.Exchange(ref lastHeard, time.GetTimestamp());
            if (answer.Stage == SubmitResponse.Types.Stage.Final)
                WasUseful = true;
            if (onAnswer(answer) is { Ticks: > 0 } pause)
                Interlocked.Exchange(ref pauseWanted, pause.Ticks);
        }
        throw new RpcException(new global::Grpc.Core.Status(StatusCode.Unavailable, "the node closed the stream"));
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(silenceMax / 4, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            if (outbox.OnWire > 0 && time.GetElapsedTime(Interlocked.Read(ref lastHeard)) > silenceMax)
                throw new SilentNodeException($"no answer from {node.Address} for {silenceMax.TotalSeconds:0.#} s");
        }
    }
}
