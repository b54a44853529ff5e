using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Enrollment = AppChain.Protos.V1.Enrollment;
using Message = AppChain.Ledger.Message;
using OpenBatch = AppChain.Protos.V1.OpenBatch;
using OpenProofs = AppChain.Ledger.OpenProofs;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;
using SubmitProof = AppChain.Ledger.SubmitProof;

namespace AppChain.Client.Batches;

/// <summary>
/// Sends a device's batch to one node, waits for its draw and opens the drawn leaves. Whatever breaks off, it goes on where the chain stands when it is asked again with the
/// same proofs.
/// </summary>
/// <param name="device">The device's address.</param>
public sealed class BatchSender(NodeClient node, ChainId chain, PrivateKey key, Crypto.Address device, uint service, TimeProvider time)
{
    /// <summary>What became of an attempt.</summary>
    /// <param name="Batch">The batch; null: none of the proofs can be in one.</param>
    /// <param name="Result">The answer with the batch's verdict, or the one that ended the attempt.</param>
    public sealed record Sending(ProofBatch? Batch, SubmitResult? Result)
    {
        /// <summary>True if the chain has given its verdict on the batch.</summary>
        public bool IsJudged => Result is { Stage: Stage.Final, Verdict: { } verdict } && verdict.Reason != (uint)Reason.AwaitsOpenings;
    }

    /// <summary>Sends and opens a batch of what the chain takes of these proofs; or opens the one that is open, if it was made of them.</summary>
    /// <exception cref="Grpc.Core.RpcException">The node cannot be reached.</exception>
    public async Task<Sending> SendAsync(IReadOnlyCollection<SubmitProof> kept, CancellationToken cancellation = default)
    {
        ulong intervalMs = (await node.GetServiceAsync(service, cancellation)).IntervalMinMs;
        Enrollment? enrolled = await EnrollmentAsync(cancellation);
        if (enrolled is null)
            return new Sending(null, null);
        if (enrolled.Batch is { } open)
        {
            IEnumerable<SubmitProof> claimed = kept.Where(proof => proof.ObservedMs >= open.FirstMs && proof.ObservedMs <= open.LastMs);
            ProofBatch? again = ProofBatch.Select(claimed, 0, intervalMs, (int)open.Count);
            bool isTheSame = again is not null && again.Message.Root.Bytes.SequenceEqual(open.Root.Span);
            return isTheSame ? await OpenAsync(again!, cancellation) : new Sending(null, null);
        }
        Dictionary<uint, ulong> parameters = (await node.Governance.ListParametersAsync(cancellation)).Parameters.ToDictionary(static one => one.Number, static one => one.Value);
        // A little younger than the limit: until a block takes it, it grows older.
        ulong nowMs = (ulong)time.GetUtcNow().ToUnixTimeMilliseconds();
        ulong oldestMs = nowMs - Math.Min(nowMs, parameters[(uint)Parameter.BatchAgeMaxMs] / 100 * 99);
        IEnumerable<SubmitProof> young = kept.Where(proof => proof.ObservedMs >= oldestMs);
        if (ProofBatch.Select(young, enrolled.LastObservedMs, intervalMs, (int)parameters[(uint)Parameter.BatchProofsMax]) is not { } batch)
            return new Sending(null, null);
        SubmitResult taken = await SubmitAsync(batch.Message, cancellation);
        return taken.ReasonCode == (uint)Reason.AwaitsOpenings ? await OpenAsync(batch, cancellation) : new Sending(batch, taken);
    }

    private async Task<Sending> OpenAsync(ProofBatch batch, CancellationToken cancellation)
    {
        OpenBatch? open = await DrawnAsync(cancellation);
        if (open is null)
            return new Sending(batch, null);
        IReadOnlyList<uint> drawn = BatchDraw.Of(new Hash256(open.Beacon.Span), new Hash256(open.Proof.Span), open.Count, open.Draws);
        SubmitResult? last = null;
        foreach (OpenProofs opening in batch.Openings(drawn, (int)open.Opened))
        {
            last = await SubmitAsync(opening, cancellation);
            if (last.ReasonCode != (uint)Reason.AwaitsOpenings)
                break; // the verdict, or a refusal
        }
        return new Sending(batch, last);
    }

    // The next block draws; on a chain that stands still nobody does.
    private async Task<OpenBatch?> DrawnAsync(CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < ClientLimits.FinalityDeadline)
        {
            if ((await EnrollmentAsync(cancellation))?.Batch is not { } open)
                return null;
            if (!open.Beacon.IsEmpty)
                return open;
            await Task.Delay(ClientLimits.BusyDelay, time, cancellation);
        }
        return null;
    }

    // Numbers are asked for each time: what was signed before and never sent has used none.
    private async Task<SubmitResult> SubmitAsync(Message message, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            ulong sequence = (await node.FindDeviceAsync(device, cancellation))?.NextSequence ?? 1;
            ulong validUntil = (ulong)(time.GetUtcNow() + ClientLimits.BatchTransactionLifetime).ToUnixTimeMilliseconds();
            SubmitResult result = await node.SubmitAndWaitAsync(SignedTransaction.Create(chain, new Ledger.Body(device, sequence, validUntil, message), key), cancellation);
            if ((Reason)result.ReasonCode is not (Reason.SequenceUsed or Reason.SequenceTooOld) || attempt == ClientLimits.BusyRetriesMax)
                return result;
            await Task.Delay(ClientLimits.BusyDelay, time, cancellation);
        }
    }

    private async Task<Enrollment?> EnrollmentAsync(CancellationToken cancellation) =>
        (await node.FindDeviceAsync(device, cancellation))?.Enrollments.FirstOrDefault(enrollment => enrollment.Service == service && !enrollment.Leaving);
}
