using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Payload of kind compute: "I would compute this job". Entropy draws among those who offer.</summary>
public sealed record ComputeOffer(Hash256 Job) : ProofPayload
{
    internal const int Number = 26;

    /// <inheritdoc/>
    public override ProofKind Kind => ProofKind.Compute;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, Job.Bytes);
        return writer.ToArray();
    }

    internal static ComputeOffer Read(ref WireReader reader) => new(reader.Hash(1));
}

/// <summary>Payload of kind compute: a worker has its result, and tells it to nobody yet.</summary>
/// <param name="Job">The job.</param>
/// <param name="Commitment"><see cref="ComputeScoring.Commit"/> of <see cref="JobRecord.Work"/>, the device, the result's hash and a salt.</param>
public sealed record CommitResult(Hash256 Job, Hash256 Commitment) : ProofPayload
{
    internal const int Number = 27;

    /// <inheritdoc/>
    public override ProofKind Kind => ProofKind.Compute;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, Job.Bytes);
        writer.Bytes(2, Commitment.Bytes);
        return writer.ToArray();
    }

    internal static CommitResult Read(ref WireReader reader) => new(reader.Hash(1), reader.Hash(2));
}

/// <summary>Payload of kind compute: what a worker committed to.</summary>
/// <param name="Job">The job.</param>
/// <param name="Result">The hash of the result.</param>
/// <param name="Salt">What kept it secret: 32 bytes, drawn at random.</param>
public sealed record RevealResult(Hash256 Job, Hash256 Result, Hash256 Salt) : ProofPayload
{
    internal const int Number = 28;

    /// <inheritdoc/>
    public override ProofKind Kind => ProofKind.Compute;

    internal override int Field => Number;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, Job.Bytes);
        writer.Bytes(2, Result.Bytes);
        writer.Bytes(3, Salt.Bytes);
        return writer.ToArray();
    }

    internal static RevealResult Read(ref WireReader reader) => new(reader.Hash(1), reader.Hash(2), reader.Hash(3));
}
