using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The client of a job shows that it knew the result before: a canary. Taken while the workers reveal, when all have committed.</summary>
/// <param name="Job">The job.</param>
/// <param name="Result">The result's hash that was sealed.</param>
/// <param name="Salt">The salt that was sealed with it.</param>
public sealed record OpenSeal(Hash256 Job, Hash256 Result, Hash256 Salt) : Message
{
    internal const int Number = 103;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Demand;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Job(Job), signer)];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Bytes(1, Job.Bytes);
        writer.Bytes(2, Result.Bytes);
        writer.Bytes(3, Salt.Bytes);
        return writer.ToArray();
    }

    internal static OpenSeal Read(ref WireReader reader) => new(reader.Hash(1), reader.Hash(2), reader.Hash(3));

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        if (JobRecord.Find(state, Job) is not { } job)
            return Reason.UnknownJob;
        return job.Client == signer ? Reason.None : Reason.NotTheJobsClient;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        JobRecord job = JobRecord.Get(session, Job);
        if (job.Phase != JobPhase.Revealing || job.SealOpened || context.TimeMs >= job.EndsMs)
            return new Outcome(Reason.SealUntimely);
        if (ComputeScoring.Commit(job.Work, job.Client, Result, Salt) != job.Seal)
            return new Outcome(Reason.SealDiffers);
        session.Put(StateKey.Job(Job), job with { SealOpened = true, SealedResult = Result, SealedSalt = Salt });
        return Outcome.Applied;
    }
}
