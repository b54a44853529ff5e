using AppChain.Crypto;
using AppChain.Ledger;
using Grpc.Core;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;

namespace AppChain.Client;

/// <summary>
/// A device's voice: signs its readings, keeps them until the chain has judged them, and sends them to whichever of its nodes answers.
/// </summary>
/// <remarks>
/// <para>A reading that <see cref="TryRecord"/> took is never lost and gets exactly one <see cref="Resolved"/>. Sending one again is
/// harmless: it is the same transaction with the same sequence number, and a node answers for a final one with its receipt.</para>
/// <para>At most <see cref="ClientLimits.ProofsInFlightMax"/> consecutive sequence numbers are unanswered at a time.</para>
/// </remarks>
public sealed partial class DeviceAgent : IAsyncDisposable
{
    private readonly PrivateKey key;
    private readonly ChainId chain;
    private readonly uint service;
    private readonly IReadOnlyList<NodeClient> nodes;
    private readonly DeviceAgentOptions options;
    private readonly TimeProvider time;

    private readonly Outbox outbox;
    private readonly Doorbell work = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock signing = new();
    private ulong nextSequence;
    private Task running = Task.CompletedTask;
    private int disposed;

    /// <param name="key">The device's key. It stays the caller's, who disposes it after the agent.</param>
    /// <param name="service">The service that the readings are for.</param>
    /// <param name="nodes">Tried in this order, then again from the first. Shared with other agents.</param>
    public DeviceAgent(
        PrivateKey key, ChainId chain, uint service, IReadOnlyList<NodeClient> nodes, DeviceAgentOptions? options = null,
        TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nodes.Count);
        (this.key, this.chain, this.service, this.nodes) = (key, chain, service, nodes);
        this.options = options ?? new DeviceAgentOptions();
        this.time = time ?? TimeProvider.System;
        outbox = new Outbox(this.options.OutboxCapacity, this.options.OutboxPath is { } path ? OutboxFile.Open(path) : null);
        nextSequence = Math.Max(this.options.FirstSequence, outbox.HighestSequence + 1);
    }

    /// <summary>
    /// The last word on a reading, which counts as told when the handler returns. Raised on the agent's own loop: a handler must be quick. What it throws
    /// ends the agent, and is what <see cref="Completion"/> and <see cref="DisposeAsync"/> fail with; the reading stays in the outbox, and is told again
    /// by the next agent that has its file.
    /// </summary>
    public event Action<ProofOutcome>? Resolved;

    /// <summary>The device's address.</summary>
    public Address Address => options.Device ?? key.Address;

    /// <summary>Readings without a last word.</summary>
    public int Pending => outbox.Count;

    /// <summary>Why the agent has no working stream at the moment; null when it has one or needs none.</summary>
    public string? Problem { get; private set; }

    /// <summary>Ends when the agent is disposed; fails if it stopped for a reason that it cannot mend.</summary>
    public Task Completion => running;

    /// <summary>Starts sending. Call it once.</summary>
    public void Start() => running = RunAsync();

    /// <summary>
    /// Takes an observation of any kind, to be sent now or as soon as a node can be reached. False, and nothing happened, when the outbox is full.
    /// </summary>
    public bool TryRecord(ProofPayload reading, DateTimeOffset observed)
    {
        SubmitProof proof = new(service, (ulong)observed.ToUnixTimeMilliseconds(), reading);
        lock (signing)
        {
            if (outbox.Count >= options.OutboxCapacity || !outbox.TryAdd(Sign(proof)))
                return false;
        }
        work.Ring();
        return true;
    }

    /// <summary>Waits until every reading has its last word. False when the time was too short.</summary>
    public async Task<bool> DrainAsync(TimeSpan within, CancellationToken cancellation = default)
    {
        long start = time.GetTimestamp();
        while (outbox.Count > 0)
        {
            if (time.GetElapsedTime(start) > within)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
        }
        return true;
    }

    /// <summary>Stops sending. Readings without a last word stay in the outbox file, if there is one.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
            return;
        await stopping.CancelAsync();
        try
        {
            await running;
        }
        finally
        {
            outbox.Dispose();
            stopping.Dispose();
        }
    }

    private async Task RunAsync()
    {
        TimeSpan delay = ClientLimits.ReconnectDelay;
        for (int turn = 0; !stopping.IsCancellationRequested; turn++)
        {
            SubmissionSession session = new(nodes[turn % nodes.Count], outbox, work, options.SilenceMax, time, OnAnswer);
            try
            {
                if (options.BatchFrom is { } least && outbox.Count >= least)
                    await SendBatchAsync(nodes[turn % nodes.Count], stopping.Token);
                await session.RunAsync(chain.Text, stopping.Token);
            }
            catch (Exception e) when (e is RpcException or SilentNodeException or IOException or OperationCanceledException)
            {
                Problem = e is RpcException rpc ? $"{rpc.StatusCode}: {rpc.Status.Detail}" : e.Message;
            }
            outbox.PutAllBack();
            if (session.WasUseful)
                delay = ClientLimits.ReconnectDelay;
            await Task.Delay(delay, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < ClientLimits.ReconnectDelayMax ? delay * 2 : ClientLimits.ReconnectDelayMax;
            work.Ring();
        }
    }

    // How long the session should pause before it sends on.
    private TimeSpan OnAnswer(Protos.V1.SubmitResponse answer)
    {
        // The tag is the sequence number; what is not in the outbox any more got its last word over an earlier stream.
        if (answer.Stage == Stage.Admitted || outbox.Find(answer.Tag) is not { } proof)
            return TimeSpan.Zero;
        TimeSpan pause = TimeSpan.Zero;
        SubmitResult result = SubmitResult.From(answer);
        switch (answer.Stage)
        {
            case Stage.Final:
                Resolve(proof, result, result.ReasonCode == 0 ? ProofResult.Accepted : ProofResult.Rejected);
                break;
            case Stage.Busy:
            case Stage.Skipped: // a copy of it may still be executed: under a new number the reading could count twice
                outbox.PutBack(proof.Sequence);
                pause = result.PauseBeforeRetry;
                break;
            case Stage.Expired:
                SignAnew(proof);
                break;
            case Stage.Refused when result.ReasonCode == (uint)Reason.Expired:
                SignAnew(proof);
                break;
            case Stage.Refused when IsPerhapsOurOwn(result) && proof.Attempts is > 1 and <= ClientLimits.RefusedRetriesMax:
                // Sent over an earlier stream and in a block that is about to be final: soon the node can say what became of it.
                outbox.PutBack(proof.Sequence);
                pause = result.PauseBeforeRetry;
                break;
            case Stage.Refused when IsOfTheMoment(result) && proof.Attempts <= ClientLimits.RefusedRetriesMax:
                outbox.PutBack(proof.Sequence);
                pause = result.PauseBeforeRetry;
                break;
            case Stage.Refused:
                Resolve(proof, result, ProofResult.Refused);
                break;
        }
        Problem = null;
        work.Ring();
        return pause;
    }

    private static bool IsPerhapsOurOwn(SubmitResult refusal) =>
        (Reason)refusal.ReasonCode is Reason.SequenceUsed or Reason.SequenceTooOld;

    // A full node, or one that catches up and does not know yet how far this device has come.
    private static bool IsOfTheMoment(SubmitResult refusal) => (Reason)refusal.ReasonCode is Reason.SequenceTooFarAhead;

    private void Resolve(PendingProof proof, SubmitResult result, ProofResult kind)
    {
        Resolved?.Invoke(new ProofOutcome(
            proof.Id, kind, result.Height, result.ReasonCode, result.Reason, result.Verdict?.Units ?? 0, result.Verdict?.Epoch ?? 0,
            time.GetElapsedTime(proof.FirstSent)));
        outbox.Remove(proof.Sequence);
    }

    // The old transaction is dead for good once its validity has passed, so the reading can go under a new number without counting twice.
    private void SignAnew(PendingProof dead)
    {
        lock (signing)
            outbox.Replace(dead.Sequence, Sign(ProofOf(dead)));
    }

    private PendingProof Sign(SubmitProof proof)
    {
        ulong sequence = nextSequence++;
        ulong validUntil = (ulong)(time.GetUtcNow() + options.TransactionLifetime).ToUnixTimeMilliseconds();
        SignedTransaction signed = SignedTransaction.Create(chain, new Body(Address, sequence, validUntil, proof), key);
        return new PendingProof(sequence, signed.Id, signed.Wire);
    }
}
