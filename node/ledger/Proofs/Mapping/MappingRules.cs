using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Mapping: cameras send images of streets, drawn reviewers commit to their quality and reveal it. docs/mapping.md has the whole of it and
/// <see cref="ImageReviews"/> what the passing of time does; here are the checks of what cameras and reviewers send, each with its reason,
/// in order.
/// </summary>
internal sealed class MappingRules : IProofRules
{
    public ProofKind Kind => ProofKind.Mapping;

    public string Name => "mapping";

    public uint VersionMax => 1;

    // Images draw by the beacons of the blocks that take their turns.
    public bool WantsEntropy => false;

    public byte[] ReadParameters(JsonNodeReader service) => MappingTerms.Read(service.Object("mapping")).Encode();

    // Without a bond that a slash takes something of, nobody would lose by lying.
    public bool Allow(ServiceDefinition service) =>
        service.Metrics.IsEmpty && MappingTerms.TryDecode(service.KindParameters) is { } terms
        && service.DeviceBond.Share(terms.SlashPpm, Parameters.Million) != Amount.Zero
        && service.DeviceBond.Share(terms.SilencePpm, Parameters.Million) != Amount.Zero; // or the silent would keep their places for ever

    public ulong LastObservedMs(ReadOnlyMemory<byte> kindState) => MappingState.Decode(kindState).LastMs;

    public Judgement Judge(in ProofCase proof) => proof.Payload switch
    {
        MapImage image => JudgeImage(proof, image),
        CommitReview commitment => new Judgement(JudgeCommitment(proof, commitment), 0, proof.KindState),
        RevealReview review => new Judgement(JudgeReveal(proof, review), 0, proof.KindState),
        _ => throw new LedgerInvariantException("A payload of mapping is none of the kind's."),
    };

    private static Judgement JudgeImage(in ProofCase proof, MapImage image)
    {
        MappingTerms terms = MappingTerms.Decode(proof.Service.Definition.KindParameters);
        MappingScoreRules rules = MappingParameters.RulesOf(proof.Session.Parameters);
        Reason reason = CheckTime(proof);
        MapTile? tile = null;
        if (reason == Reason.None)
            tile = MapTile.Find(image.Points, proof.ObservedMs, image.Segment, terms.Level, rules, out reason);
        if (reason == Reason.None && MappingScoring.Judge(new Track(image.Points), rules).Outcome == TrackOutcome.TooFast)
            reason = Reason.TrackTooFast;
        if (reason == Reason.None && image.Segment >= terms.Segments)
            reason = Reason.SegmentUnknown;
        if (reason == Reason.None)
            reason = ImageReviews.TryOpen(proof, image, tile!.Value, terms);
        return reason == Reason.None
            ? new Judgement(Reason.AwaitsGroup, 0, MappingState.Decode(proof.KindState).With(proof.ObservedMs).Encode())
            : new Judgement(reason, 0, proof.KindState);
    }

    private static Reason CheckTime(in ProofCase proof)
    {
        MappingState state = MappingState.Decode(proof.KindState);
        bool isAgain = state.AgainMs != 0 && proof.ObservedMs == state.AgainMs;
        if (proof.ObservedMs <= state.LastMs && !isAgain)
            return Reason.OutOfOrder;
        if (proof.ObservedMs > proof.NowMs && proof.ObservedMs - proof.NowMs > proof.Service.DriftMs)
            return Reason.FromTheFuture;
        ulong ageMs = proof.NowMs > proof.ObservedMs ? proof.NowMs - proof.ObservedMs : 0;
        if (ageMs > proof.Service.MaxAgeMs || ageMs >= MapTiles.MemoryMs(proof.Session))
            return Reason.TooOld;
        return state.LastMs > 0 && !isAgain && proof.ObservedMs - state.LastMs < proof.Service.IntervalMinMs ? Reason.TooSoon : Reason.None;
    }

    private static Reason JudgeCommitment(in ProofCase proof, CommitReview commitment)
    {
        if (Find(proof, commitment.Image) is not { Phase: ReviewPhase.Committing } image || proof.NowMs >= image.EndsMs)
            return Reason.ReviewNotAsked; // what is over and waits for its turn takes nothing more
        int at = image.ReviewOf(proof.Address);
        if (at < 0 || image.Reviews[at].Stage != ReviewStage.Asked)
            return Reason.ReviewNotAsked;
        ImageReview review = image.Reviews[at] with
        {
            Stage = ReviewStage.Committed,
            Proof = proof.Id,
            SentMs = proof.NowMs,
            Commitment = commitment.Commitment,
        };
        Put(proof, commitment.Image, image, at, review, last: ReviewStage.Asked);
        return Reason.AwaitsGroup;
    }

    // One that does not fit is refused, and the right one may still come: who has none will be silent, and loses by that.
    private static Reason JudgeReveal(in ProofCase proof, RevealReview reveal)
    {
        if (Find(proof, reveal.Image) is not { Phase: ReviewPhase.Revealing } image || proof.NowMs >= image.EndsMs)
            return Reason.ReviewNotDue;
        int at = image.ReviewOf(proof.Address);
        if (at < 0 || image.Reviews[at].Stage != ReviewStage.Committed)
            return Reason.ReviewNotDue;
        if (ReviewScoring.Commit(reveal.Image, proof.Address, reveal.QualityPpm, reveal.Salt) != image.Reviews[at].Commitment)
            return Reason.CommitmentDiffers;
        ImageReview review = image.Reviews[at] with { Stage = ReviewStage.Revealed, QualityPpm = reveal.QualityPpm };
        Put(proof, reveal.Image, image, at, review, last: ReviewStage.Committed);
        return Reason.None;
    }

    private static MapImageRecord? Find(in ProofCase proof, Hash256 image) =>
        MapImageRecord.Find(proof.Session, image) is { } record && record.Service == proof.Service.Id ? record : null;

    // When the last one has done what the phase waits for, the next block goes on.
    private static void Put(in ProofCase proof, Hash256 id, MapImageRecord image, int at, ImageReview review, ReviewStage last)
    {
        MapImageRecord after = image with { Reviews = image.Reviews.SetItem(at, review) };
        proof.Session.Put(StateKey.MapImage(id), after);
        if (after.CountOf(last) == 0)
            ImageReviews.EnqueueTurn(proof.Session, proof.NowMs, id, after.Round);
    }
}
