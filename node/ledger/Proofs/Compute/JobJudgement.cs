using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The end of a job: whose result holds, who is paid, and who loses.</summary>
/// <remarks>
/// <list type="number">
/// <item>A client that opens its seal gives one more answer, and no more than that: nobody loses a bond on a client's word alone. A
/// client whose sealed result is not
/// the job's gets nothing back.</item>
/// <item>Where its word stands against the only worker's that was to compute the job, and nobody is left who could decide, the client
/// pays that worker and gets the rest
/// back: as if it had opened no seal. Else a false seal and workers of its own that keep silent would give it the work for nothing.</item>
/// <item>Who offers and then commits to nothing loses a share of what a wrong result costs: silence must not be the cheapest way to be in
/// the way of others. Not where nobody commits: such a job may be one that cannot be done, posted for a credit to burn bonds.</item>
/// </list>
/// </remarks>
internal static class JobJudgement
{
    /// <summary>The time to reveal is over. If no result has its quorum, more workers are asked, as far as there are any.</summary>
    public static void Run(LedgerSession session, BlockContext context, Hash256 id, JobRecord job)
    {
        JobRecord revealed = job with { Answers = After(job.Answers, AnswerStage.Committed, AnswerStage.Hidden) };
        uint quorum = revealed.Replication == Replication.Replicated || revealed.SealOpened ? 2u : 1;
        ComputeScore score = ComputeScoring.Judge(revealed.Work, AnswersOf(revealed), quorum);
        if (score.Result is null)
        {
            // Where one would have been enough nothing was revealed: whether the next one is alone must be drawn anew, or he would know.
            Replication next =
                quorum == 1 ? Replication.Undrawn
                : IsWordAgainstWord(revealed) ? Replication.Alone
                : Replication.Replicated;
            if (Jobs.TryAsk(session, context, id, revealed with { Replication = next }, (int)score.Wanted))
                return;
            EndUndecided(session, id, revealed);
            return;
        }
        End(session, id, revealed, score.Outcomes);
    }

    /// <summary>No result has its quorum, and nobody is left who could give it one.</summary>
    public static void EndUndecided(LedgerSession session, Hash256 id, JobRecord job)
    {
        bool withoutClient = IsWordAgainstWord(job);
        JobRecord judged = withoutClient ? job with { SealOpened = false } : job;
        ComputeScore score = ComputeScoring.Judge(job.Work, AnswersOf(judged), withoutClient ? 1u : 2);
        End(session, id, judged, score.Outcomes, isChecked: !withoutClient);
    }

    // The job was to be computed by one alone, that one has revealed, and the client says something else.
    private static bool IsWordAgainstWord(JobRecord job) =>
        job.SealOpened && job.Replication == Replication.Alone && job.Answers.Count(answer => answer.Stage == AnswerStage.Revealed) == 1;

    /// <summary>The answers, with those of one stage moved to another: their time is over.</summary>
    public static ImmutableArray<JobAnswer> After(ImmutableArray<JobAnswer> answers, AnswerStage from, AnswerStage to)
    {
        List<JobAnswer> after = new(answers.Length);
        foreach (JobAnswer answer in answers)
            after.Add(answer.Stage == from ? answer with { Stage = to } : answer);
        return [.. after];
    }

    // The client's is the last one: where two results have the same number, that of the workers holds.
    private static ImmutableArray<ComputeAnswer> AnswersOf(JobRecord job)
    {
        List<ComputeAnswer> answers = [];
        foreach (JobAnswer answer in job.Answers)
        {
            bool hasCommitted = answer.Stage is AnswerStage.Committed or AnswerStage.Revealed or AnswerStage.Hidden;
            answers.Add(new ComputeAnswer(
                answer.Device, hasCommitted ? answer.Commitment : null, answer.Stage == AnswerStage.Revealed ? answer.Result : null, answer.Salt));
        }
        if (job.SealOpened)
            answers.Add(new ComputeAnswer(job.Client, job.Seal, job.SealedResult, job.SealedSalt));
        return [.. answers];
    }

    // Not checked: whose result holds is paid, and is no more proven than before.
    private static void End(
        LedgerSession session, Hash256 id, JobRecord job, ImmutableArray<ComputeOutcome> outcomes, bool isChecked = true)
    {
        session.Delete(StateKey.Job(id));
        Credits left = job.Locked;
        for (int i = 0; i < job.Answers.Length; i++)
        {
            JobAnswer answer = job.Answers[i];
            OpenWorkRecord.Remove(session, answer.Device, job.Service);
            Reason verdict = VerdictOf(outcomes[i]);
            if (verdict == Reason.None)
            {
                left -= job.Price;
                PledgedWork.Pay(session, job.Service, answer.Device, job.Client, job.Price);
            }
            if (ComputeScoring.IsSlashed(outcomes[i]))
                PledgedWork.Burn(session, job.Service, answer.Device, job.Slash);
            if (outcomes[i] == ComputeOutcome.NotCommitted)
                continue;
            if (isChecked || outcomes[i] != ComputeOutcome.Agrees)
                Remember(session, job.Service, answer.Device, outcomes[i]);
            ProofFrame.Conclude(
                session, job.Service, new WaitingProof(answer.Device, answer.Proof, answer.SentMs), verdict, verdict == Reason.None ? job.Price.Units : 0);
        }
        // Last, so that no receipt with another one's verdict is taken for one about these: they get none.
        bool canBeDone = job.Answers.Any(static answer => answer.Stage is AnswerStage.Revealed or AnswerStage.Hidden);
        Amount forSilence = !canBeDone ? Amount.Zero : job.Slash.Share((uint)session.Parameters[Parameter.ComputeSilenceShare], Parameters.Million);
        for (int i = 0; i < job.Answers.Length; i++)
        {
            if (outcomes[i] != ComputeOutcome.NotCommitted)
                continue;
            PledgedWork.Burn(session, job.Service, job.Answers[i].Device, forSilence);
            Remember(session, job.Service, job.Answers[i].Device, outcomes[i]);
        }
        bool clientLied = job.SealOpened && outcomes[^1] == ComputeOutcome.Contradicted;
        if (clientLied)
            session.SpendCredits(left); // gone, and no demand
        else
            AccountRecord.AddCredits(session, job.Client, left);
    }

    private static Reason VerdictOf(ComputeOutcome outcome) => outcome switch
    {
        ComputeOutcome.Agrees => Reason.None,
        ComputeOutcome.Contradicted => Reason.ResultContradicted,
        ComputeOutcome.NotCommitted or ComputeOutcome.NotRevealed => Reason.ResultNotRevealed,
        ComputeOutcome.RevealDiffers => Reason.CommitmentDiffers,
        _ => Reason.JobUndecided,
    };

    // An undecided job says nothing of who has revealed.
    private static void Remember(LedgerSession session, uint service, Address device, ComputeOutcome outcome)
    {
        if (outcome == ComputeOutcome.Open)
            return;
        DeviceRecord before = DeviceRecord.Get(session, device);
        Enrollment enrollment = before.In(service) ?? throw new LedgerInvariantException("A device with open work does not work for the service.");
        ComputeState state = ComputeState.Decode(enrollment.KindState);
        uint valid = outcome != ComputeOutcome.Agrees ? 0 : state.ValidInARow == uint.MaxValue ? uint.MaxValue : state.ValidInARow + 1;
        session.PutDevice(device, before, before.With(enrollment with { KindState = (state with { ValidInARow = valid }).Encode() }));
    }
}
