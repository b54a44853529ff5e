using System.Collections.Concurrent;
using AppChain.Client;
using AppChain.Devnet.Statistics;
using AppChain.Protos.V1;
using Grpc.Core;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;

namespace AppChain.Devnet.Bench;

/// <summary>
/// One submission stream to one validator with the devices that speak to it, each device's proofs in their order. A sender asks for a turn with
/// <see cref="TrySendAsync"/>; answers are counted as they come.
/// </summary>
internal sealed class LoadStream : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<SubmitRequest, SubmitResponse> call;
    private readonly ConcurrentDictionary<ulong, long> sentAt = [];
    private readonly SemaphoreSlim room = new(BenchLimits.UnderWayMax);
    private readonly ProofStock[] devices;
    private readonly TimeProvider time;
    private readonly Task reading;
    private volatile LoadCount count = new();
    private ulong tag;
    private int turn;

    public LoadStream(NodeClient node, ProofStock[] devices, TimeProvider time, CancellationToken cancellation)
    {
        (this.devices, this.time) = (devices, time);
        call = node.OpenSubmitStream(cancellation);
        reading = ReadAsync();
    }

    public int UnderWay => sentAt.Count;

    /// <summary>Proofs that came to be final, in all parts of the run and between them.</summary>
    public long Final { get; private set; }

    /// <summary>Begins to count anew; what was sent before and is answered later counts in the new one.</summary>
    public LoadCount Restart()
    {
        LoadCount before = count;
        count = new LoadCount();
        return before;
    }

    /// <summary>Waits for room under way.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellation) => room.WaitAsync(cancellation);

    /// <summary>Sends the next proof. Call after <see cref="WaitForRoomAsync"/>. False when the stock is used up.</summary>
    public async Task<bool> SendAsync(CancellationToken cancellation)
    {
        SubmitRequest? request = NextProof();
        if (request is null)
            return false;
        request.Tag = ++tag;
        sentAt[request.Tag] = time.GetTimestamp();
        await call.RequestStream.WriteAsync(request, cancellation);
        return true;
    }

    /// <summary>Says that no more comes, and waits for the last answers.</summary>
    public async Task CompleteAsync()
    {
        await call.RequestStream.CompleteAsync();
        await reading;
    }

    public ValueTask DisposeAsync()
    {
        call.Dispose();
        room.Dispose();
        return ValueTask.CompletedTask;
    }

    private SubmitRequest? NextProof()
    {
        for (int tried = 0; tried < devices.Length; tried++)
        {
            if (devices[turn++ % devices.Length].Take() is { } proof)
                return proof;
        }
        return null;
    }

    private async Task ReadAsync()
    {
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            SubmitResponse answer = call.ResponseStream.Current;
            if (answer.Stage == Stage.Admitted || !sentAt.TryRemove(answer.Tag, out long sent))
                continue;
            count.Add(answer, time.GetElapsedTime(sent));
            Final += answer.Stage == Stage.Final ? 1 : 0;
            room.Release();
        }
    }
}

/// <summary>What became of the proofs of one part of the run. Written by one reader.</summary>
internal sealed class LoadCount
{
    /// <summary>In a finalised block, with a verdict that earned units.</summary>
    public long Accepted { get; private set; }

    /// <summary>In a finalised block, judged to earn nothing.</summary>
    public long Rejected { get; private set; }

    /// <summary>Never in a block: refused, busy, expired.</summary>
    public long Refused { get; private set; }

    /// <summary>The first reason why a proof was not accepted; null: all were.</summary>
    public string? Problem { get; private set; }

    public LatencyHistogram Latency { get; } = new();

    /// <summary>All of them together.</summary>
    public static LoadCount Sum(IEnumerable<LoadCount> counts)
    {
        LoadCount sum = new();
        foreach (LoadCount count in counts)
        {
            sum.Accepted += count.Accepted;
            sum.Rejected += count.Rejected;
            sum.Refused += count.Refused;
            sum.Problem ??= count.Problem;
            sum.Latency.Add(count.Latency);
        }
        return sum;
    }

    public void Add(SubmitResponse answer, TimeSpan latency)
    {
        if (answer.Stage != Stage.Final || answer.Receipt.Reason != 0)
            Refused++;
        else if (answer.Receipt.Verdict?.Reason != 0)
            Rejected++;
        else
        {
            Accepted++;
            Latency.Add(latency);
            return;
        }
        Problem ??= $"{answer.Stage} {answer.Reason}";
    }
}
