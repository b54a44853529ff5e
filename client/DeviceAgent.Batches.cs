using AppChain.Client.Batches;
using AppChain.Crypto;
using AppChain.Ledger;
using Stage = AppChain.Protos.V1.SubmitResponse.Types.Stage;

namespace AppChain.Client;

/// <content>What a device that was offline for long does before it sends reading by reading again.</content>
public sealed partial class DeviceAgent
{
    // Nothing else is sent meanwhile: the loop opens no stream before the chain has given its verdict on the batch.
    private async Task SendBatchAsync(NodeClient node, CancellationToken cancellation)
    {
        IReadOnlyList<(PendingProof Pending, SubmitProof Proof)> waiting = [.. outbox.All().Select(pending => (pending, ProofOf(pending)))];
        foreach ((PendingProof pending, _) in waiting)
            pending.FirstSent = pending.FirstSent == 0 ? time.GetTimestamp() : pending.FirstSent;
        BatchSender sender = new(node, chain, key, Address, service, time);
        BatchSender.Sending sent = await sender.SendAsync([.. waiting.Select(static one => one.Proof)], cancellation);
        if (sent.Batch is null || sent.Result is { Stage: Stage.Refused })
            return; // the chain takes no batch of these: each goes by itself
        if (!sent.IsJudged)
            throw new SilentNodeException($"no verdict on a batch from {node.Address}");

        SubmitResult verdict = sent.Result!;
        HashSet<SubmitProof> inBatch = new(sent.Batch.Proofs, ReferenceEqualityComparer.Instance); // two alike are two readings
        SubmitResult share = verdict with
        {
            Verdict = new Protos.V1.Verdict { Units = verdict.Verdict!.Units / sent.Batch.Message.Count, Epoch = verdict.Verdict.Epoch, Reason = verdict.ReasonCode, Service = service },
        };
        foreach ((PendingProof pending, SubmitProof proof) in waiting)
        {
            if (inBatch.Contains(proof))
                Resolve(pending, share, verdict.ReasonCode == 0 ? ProofResult.Accepted : ProofResult.Rejected);
            else
                await ResolveLeftOutAsync(node, pending, cancellation);
        }
        await NumberAnewAsync(node, cancellation);
    }

    // It was judged before the batch, by itself; or it lies too near another one, and the chain takes nothing from before the batch's end any more.
    private async Task ResolveLeftOutAsync(NodeClient node, PendingProof pending, CancellationToken cancellation)
    {
        if (await node.FindTransactionAsync(pending.Id, cancellation) is { Receipt: { Reason: 0, Verdict: { } verdict } } record)
        {
            SubmitResult judged = new() { Stage = Stage.Final, Height = record.Height, ReasonCode = verdict.Reason, Reason = record.Reason, Verdict = verdict };
            Resolve(pending, judged, verdict.Reason == 0 ? ProofResult.Accepted : ProofResult.Rejected);
            return;
        }
        SubmitResult leftOut = new() { Stage = Stage.Refused, ReasonCode = (uint)Reason.TooSoon, Reason = Reason.TooSoon.Name() };
        Resolve(pending, leftOut, ProofResult.Refused);
    }

    // The numbers of what went with the batch were never used: who comes behind would soon be too far ahead of the chain's window.
    private async Task NumberAnewAsync(NodeClient node, CancellationToken cancellation)
    {
        ulong next = (await node.FindDeviceAsync(Address, cancellation))?.NextSequence ?? nextSequence;
        lock (signing)
        {
            IReadOnlyList<PendingProof> recorded = outbox.All();
            nextSequence = recorded.Count == 0 || next < recorded[0].Sequence ? next : Math.Max(nextSequence, next);
            foreach (PendingProof pending in recorded)
                outbox.Replace(pending.Sequence, Sign(ProofOf(pending)));
        }
    }

    private SubmitProof ProofOf(PendingProof pending)
    {
        Reason reason = Body.TryDecode(pending.Transaction.Body.Span, out Body? body);
        return body?.Message as SubmitProof ?? throw new InvalidDataException($"The outbox of device {Address} holds something that is not a proof ({reason}).");
    }
}
