using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Protos.V1;
using Google.Protobuf;
using Wire = AppChain.Protos.V1;

namespace AppChain.Node.Rpc;

/// <summary>Candidates for services' rules, and open batches, as clients see them.</summary>
internal static class RulesForm
{
    /// <summary>The candidate that judges or waits to; null: there is none, or it is over.</summary>
    public static Candidate? Of(ServiceView view) => view.Shadow is { Candidate: { } definition } shadow && shadow.End > view.Epoch
        ? new Candidate { Definition = WireForm.Of(definition), FirstEpoch = shadow.First, EndEpoch = shadow.End, Units = shadow.UnitsOf(view.Epoch) }
        : null;

    /// <summary>An enrolment with its open batch, if it has one.</summary>
    public static Wire.Enrollment WithBatch(Wire.Enrollment wire, Ledger.Enrollment enrollment, ProofBatchRecord? batch)
    {
        wire.BatchDistrust = enrollment.BatchDistrust;
        if (batch is not null)
        {
            wire.Batch = new OpenBatch
            {
                Proof = WireForm.Bytes(batch.Proof),
                Root = WireForm.Bytes(batch.Root),
                Count = batch.Count,
                Draws = batch.Draws,
                Beacon = batch.Beacon == Hash256.Zero ? ByteString.Empty : WireForm.Bytes(batch.Beacon),
                Opened = batch.Opened,
                FirstMs = batch.FirstMs,
                LastMs = batch.LastMs,
            };
        }
        return wire;
    }
}
