using System;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Compute: workers offer for a job, commit to results and reveal them. docs/compute.md has the whole of it and <see cref="Jobs"/> what the passing of time
/// does; here are the checks of what workers send, each with its reason, in order. A commitment waits for the job's end, which gives the verdict on it.
/// </summary>
internal sealed class ComputeRules : IProofRules
{
    public ProofKind Kind => ProofKind.Compute;

    public string Name => "compute";

    public uint VersionMax => 1;

    // Jobs draw by the beacons of the blocks that take their turns.
    public bool WantsEntropy => false;

    public byte[] ReadParameters(JsonNodeReader service) => ComputeTerms.Read(service.Object("compute")).Encode();

    public bool Allow(ServiceDefinition service) => service.Metrics.IsEmpty && ComputeTerms.TryDecode(service.KindParameters) is not null;

    public ulong LastObservedMs(ReadOnlyMemory<byte> kindState) => ComputeState.Decode(kindState).LastMs;

    public Judgement Judge(in ProofCase proof) => proof.Payload switch
    {
        ComputeOffer offer => new Judgement(JudgeOffer(proof, offer.Job), 0, proof.KindState),
        CommitResult commitment => JudgeCommitment(proof, commitment),
        RevealResult reveal => new Judgement(JudgeReveal(proof, reveal), 0, proof.KindState),
        _ => throw new LedgerInvariantException("A payload of compute is none of the kind's."),
    };

    private static JobRecord? Find(in ProofCase proof, Hash256 job) =>
        JobRecord.Find(proof.Session, job) is { } record && record.Service == proof.Service.Id ? record : null;

    private static Reason JudgeOffer(in ProofCase proof, Hash256 id)
    {
        if (Find(proof, id) is not { } job)
            return Reason.NoOpenJob;
        // What is over and waits for its turn takes nothing more: the draw must be later than every offer.
        if (job.Phase != JobPhase.Offering || proof.NowMs >= job.EndsMs)
            return Reason.OffersClosed;
        Address owner = proof.Device.Owner;
        if (owner == job.Client)
            return Reason.OwnJob;
        Amount bond = proof.Device.In(proof.Service.Id)!.Bond;
        if (!PledgedWork.Covers(bond, proof.Service, job.Slash) || !PledgedWork.CoversAll(proof.Session, proof.Service.Id, proof.Address, bond, job.Slash))
            return Reason.BondShort;
        if (job.Workers.Any(worker => worker.Owner == owner))
            return Reason.OwnerHasOffered;
        if (job.Workers.Length == LedgerLimits.JobOffersMax)
            return Reason.OffersFull;
        Worker worker = new(proof.Address, owner, ComputeState.Decode(proof.KindState).ValidInARow);
        proof.Session.Put(StateKey.Job(id), job with { Workers = job.Workers.Add(worker) });
        return Reason.None;
    }

    private static Judgement JudgeCommitment(in ProofCase proof, CommitResult commitment)
    {
        if (Find(proof, commitment.Job) is not { } job)
            return new Judgement(Reason.NoOpenJob, 0, proof.KindState);
        int at = job.AnswerOf(proof.Address);
        if (at < 0 || job.Phase != JobPhase.Working || job.Answers[at].Stage != AnswerStage.Asked || proof.NowMs >= job.EndsMs)
            return new Judgement(Reason.NotAsked, 0, proof.KindState);
        JobAnswer answer = new(proof.Address, AnswerStage.Committed, proof.Id, proof.NowMs, commitment.Commitment);
        job = job with { Answers = job.Answers.SetItem(at, answer) };
        proof.Session.Put(StateKey.Job(commitment.Job), job);
        if (job.Answers.All(one => one.Stage != AnswerStage.Asked))
            Jobs.EnqueueTurn(proof.Session, proof.NowMs, commitment.Job, job.Round);
        return new Judgement(Reason.AwaitsGroup, 0, (ComputeState.Decode(proof.KindState) with { LastMs = proof.NowMs }).Encode());
    }

    // One that does not fit is refused, and the right one may still come: who has none will be silent, and loses by that.
    private static Reason JudgeReveal(in ProofCase proof, RevealResult reveal)
    {
        if (Find(proof, reveal.Job) is not { } job)
            return Reason.NoOpenJob;
        int at = job.AnswerOf(proof.Address);
        if (at < 0 || job.Phase != JobPhase.Revealing || job.Answers[at].Stage != AnswerStage.Committed || proof.NowMs >= job.EndsMs)
            return Reason.NothingToReveal;
        if (ComputeScoring.Commit(job.Work, proof.Address, reveal.Result, reveal.Salt) != job.Answers[at].Commitment)
            return Reason.CommitmentDiffers;
        JobAnswer answer = job.Answers[at] with { Stage = AnswerStage.Revealed, Result = reveal.Result, Salt = reveal.Salt };
        proof.Session.Put(StateKey.Job(reveal.Job), job with { Answers = job.Answers.SetItem(at, answer) });
        return Reason.None;
    }
}
