using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What the passing of time does with jobs: who is asked, whether a second one computes the same, and when a job is judged.</summary>
/// <remarks>
/// <list type="number">
/// <item>Every draw is by the beacon of a block after the one that took what it draws among: offers, and the commitment whose replication it decides.</item>
/// <item>Nothing is revealed before as many have committed as are wanted, so nobody copies. One who is asked after a mismatch has seen two results: for
/// whoever guesses, the bond is at stake with even odds.</item>
/// <item>Every phase has a time of its own and a queue that ends it. What waits names its round: of an earlier one it finds nothing to do.</item>
/// <item>A job that nobody can be found for ends undecided, and everything goes back.</item>
/// </list>
/// </remarks>
internal static class Jobs
{
    /// <summary>A job was posted: workers offer until the time of its record.</summary>
    public static void EnqueueOffers(LedgerSession session, Hash256 id, JobRecord job) => Enqueue(session, QueueKind.JobOffers, job.EndsMs, id, job.Round);

    /// <summary>All who were asked have committed: the next block goes on.</summary>
    public static void EnqueueTurn(LedgerSession session, ulong nowMs, Hash256 id, uint round) => Enqueue(session, QueueKind.JobTurns, nowMs, id, round);

    /// <summary>An item of one of the queues of jobs is due.</summary>
    public static void OnDue(LedgerSession session, BlockContext context, ReadOnlySpan<byte> about)
    {
        Hash256 id = new(about[..Hash256.Size]);
        uint round = BinaryPrimitives.ReadUInt32BigEndian(about[Hash256.Size..]);
        if (JobRecord.Find(session, id) is not { } job || job.Round != round)
            return; // it went on without this item
        switch (job.Phase)
        {
            case JobPhase.Offering:
                Draw(session, context, id, job);
                break;
            case JobPhase.Working:
                EndWork(session, context, id, job);
                break;
            default:
                JobJudgement.Run(session, context, id, job);
                break;
        }
    }

    /// <summary>Asks some more workers, as far as there are any. False: there are none, and nothing was changed.</summary>
    /// <param name="wanted">How many commitments there must be, those that are there included.</param>
    public static bool TryAsk(LedgerSession session, BlockContext context, Hash256 id, JobRecord job, int wanted)
    {
        ServiceRecord service = session.Service(job.Service);
        List<JobAnswer> answers = [.. job.Answers];
        int asked = job.Asked, enough = job.Answers.Length + wanted - job.Committed;
        while (answers.Count < enough && asked < job.Workers.Length)
        {
            Worker worker = job.Workers[asked++];
            if (PledgedWork.CheckWorker(session, service, worker.Device, job.Slash) != Reason.None || !CoversAll(session, job, worker.Device))
                continue; // it has left since it was drawn, or lost of its bond elsewhere, or is at work on as much as its bond can pay for
            answers.Add(new JobAnswer(worker.Device, AnswerStage.Asked));
            OpenWorkRecord.Add(session, worker.Device, job.Service);
        }
        if (answers.Count == job.Answers.Length)
            return false;
        StartPhase(session, context, id, QueueKind.JobWork, Parameter.ComputeWorkMs, job with
        {
            Phase = JobPhase.Working,
            Wanted = (byte)wanted,
            Asked = (byte)asked,
            Answers = [.. answers],
        });
        return true;
    }

    // Of a device that works for the service: CheckWorker has looked.
    private static bool CoversAll(LedgerSession session, JobRecord job, Address device) =>
        PledgedWork.CoversAll(session, job.Service, device, DeviceRecord.Get(session, device).In(job.Service)!.Bond, job.Slash);

    // The order of this beacon, which is later than every offer.
    private static void Draw(LedgerSession session, BlockContext context, Hash256 id, JobRecord job)
    {
        ImmutableArray<Worker> offers = [];
        foreach (Worker worker in job.Workers)
        {
            // Who left meanwhile, or lost of its bond elsewhere, is not asked.
            if (PledgedWork.CheckWorker(session, session.Service(job.Service), worker.Device, job.Slash) == Reason.None)
                offers = offers.Add(worker);
        }
        JobRecord drawn = job with { Workers = ComputeAssignment.Order(id, context.Beacon, offers) };
        if (!TryAsk(session, context, id, drawn, wanted: 1))
            JobJudgement.EndUndecided(session, id, drawn);
    }

    // Those who were asked have committed, or their time is over.
    private static void EndWork(LedgerSession session, BlockContext context, Hash256 id, JobRecord job)
    {
        JobRecord ended = job with { Answers = JobJudgement.After(job.Answers, AnswerStage.Asked, AnswerStage.Silent) };
        if (ended.Committed < ended.Wanted && TryAsk(session, context, id, ended, ended.Wanted))
            return;
        if (ended.Committed == 0)
        {
            JobJudgement.EndUndecided(session, id, ended);
            return;
        }
        if (ended.Replication == Replication.Undrawn)
        {
            bool isReplicated = ComputeAssignment.IsReplicated(id, context.Beacon, WorkerOf(ended, FirstCommitted(ended)));
            ended = ended with { Replication = isReplicated ? Replication.Replicated : Replication.Alone };
            if (isReplicated && TryAsk(session, context, id, ended, wanted: 2))
                return;
        }
        StartPhase(session, context, id, QueueKind.JobReveals, Parameter.ComputeRevealMs, ended with { Phase = JobPhase.Revealing });
    }

    private static Address FirstCommitted(JobRecord job)
    {
        foreach (JobAnswer answer in job.Answers)
        {
            if (answer.Stage == AnswerStage.Committed)
                return answer.Device;
        }
        throw new LedgerInvariantException("Of a job with commitments nobody has committed.");
    }

    private static Worker WorkerOf(JobRecord job, Address device)
    {
        foreach (Worker worker in job.Workers)
        {
            if (worker.Device == device)
                return worker;
        }
        throw new LedgerInvariantException("A job has asked one who did not offer.");
    }

    private static void StartPhase(LedgerSession session, BlockContext context, Hash256 id, QueueKind queue, Parameter length, JobRecord job)
    {
        JobRecord started = job with { Round = job.Round + 1, EndsMs = context.TimeMs + session.Parameters[length] };
        session.Put(StateKey.Job(id), started);
        Enqueue(session, queue, started.EndsMs, id, started.Round);
    }

    private static void Enqueue(LedgerSession session, QueueKind queue, ulong dueMs, Hash256 id, uint round)
    {
        byte[] about = new byte[Hash256.Size + sizeof(uint)];
        id.Bytes.CopyTo(about);
        BinaryPrimitives.WriteUInt32BigEndian(about.AsSpan(Hash256.Size), round);
        DueWork.Enqueue(session, queue, dueMs, about);
    }
}
