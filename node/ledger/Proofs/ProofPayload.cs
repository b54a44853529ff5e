using System;

namespace AppChain.Ledger;

/// <summary>What a proof holds: one record for each payload that a kind takes, beside that kind's rules.</summary>
public abstract record ProofPayload
{
    private protected ProofPayload()
    {
    }

    /// <summary>The kind whose rules judge it.</summary>
    public abstract ProofKind Kind { get; }

    /// <summary>The payload's field number in <see cref="SubmitProof"/>.</summary>
    internal abstract int Field { get; }

    /// <summary>The payload's own fields.</summary>
    internal abstract byte[] Encode();

    /// <summary>Reads the payload of a proof, which must be the message's last field; null after a failure of the reader.</summary>
    internal static ProofPayload? ReadFrom(ref WireReader proof)
    {
        int field = (int)proof.PeekField();
        proof.TryElement(field, out ReadOnlySpan<byte> bytes);
        WireReader reader = new(bytes);
        ProofPayload? payload = field switch
        {
            SensorReading.Number => SensorReading.Read(ref reader),
            RadioBeacon.Number => RadioBeacon.Read(ref reader),
            RadioWitness.Number => RadioWitness.Read(ref reader),
            RadioReveal.Number => RadioReveal.Read(ref reader),
            MeterReport.Number => MeterReport.Read(ref reader),
            GridCommitment.Number => GridCommitment.Read(ref reader),
            MapImage.Number => MapImage.Read(ref reader),
            CommitReview.Number => CommitReview.Read(ref reader),
            RevealReview.Number => RevealReview.Read(ref reader),
            StorageProof.Number => StorageProof.Read(ref reader),
            ComputeOffer.Number => ComputeOffer.Read(ref reader),
            CommitResult.Number => CommitResult.Read(ref reader),
            RevealResult.Number => RevealResult.Read(ref reader),
            _ => null,
        };
        proof.Fail(payload is null ? Reason.UnknownPayload : reader.Finish());
        return payload;
    }
}
