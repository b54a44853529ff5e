using System.Collections.Immutable;
using static AppChain.Ledger.ReasonEntry;

namespace AppChain.Ledger;

/// <summary>Candidates for services' rules, and batches of proofs.</summary>
internal static class RulesReasons
{
    public static ImmutableArray<ReasonEntry> All { get; } =
    [
        AtAdmission(Reason.CandidateRuns, "The service's rules have a candidate already. End it, or wait for its last reward epoch."),
        AtAdmission(Reason.NoCandidate, "The service's rules have no candidate that could end."),
        AtAdmission(Reason.KindTakesNoCandidate, "Services of this kind take no candidates: what their rules do is not theirs alone."),
        AtDecode(Reason.CandidateEpochsWrong, "A candidate judges for 1 to 1,000 reward epochs; to end one, leave out both the definition and the epochs."),

        AtDecode(Reason.BatchOutOfBounds, "A batch holds 1 to 65,536 proofs, the last one later than the first; an opening holds at least one leaf, with a path."),
        AtAdmission(Reason.KindTakesNoBatches, "Services of this kind take no batches. Send each proof by itself."),
        AtAdmission(Reason.BatchStillOpen, "The device's last batch for this service is not opened yet. It has one at a time."),
        AtAdmission(Reason.BatchNotAfterLast, "The batch begins before the device's last observation, or its enrolment. Leave out what the chain has judged already."),
        AtAdmission(Reason.NoOpenBatch, "The device has no open batch for this service: it is opened, or its time was over."),
        AtAdmission(Reason.BatchNotDrawn, "No beacon has drawn from the batch yet. Open it after the next block."),
        AtAdmission(Reason.LeafNotDrawn, "A leaf is not the next one that was drawn, or its path does not lead to the batch's root. Open the drawn leaves in order."),

        AsVerdict(Reason.AwaitsOpenings,
            "The batch is taken in. Open the leaves that are drawn, in time: the verdict comes with the last one of them."),
        AsVerdict(Reason.BatchTooLong, "The batch holds more proofs than the chain's batchProofsMax allows."),
        AsVerdict(Reason.LeafFalse, "A drawn leaf is no proof that an honest device keeps: of another service or form, or not in its place in time. The whole batch is lost."),
        AsVerdict(Reason.BatchNotOpened, "The drawn leaves were not opened in time. The whole batch is lost."),
        AsVerdict(Reason.NoLeafAccepted, "None of the drawn leaves was accepted by the service's rules, so the batch earns nothing."),
        AsVerdict(Reason.BatchOutlivesRules,
            "The rules that the batch was made under are gone, and the present ones take no batches or cannot judge it. "
            + "It is closed, and counts against nobody."),
    ];
}
