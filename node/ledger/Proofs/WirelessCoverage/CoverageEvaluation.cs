using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;
using AppChain.Ledger.Location;

namespace AppChain.Ledger;

/// <summary>The final verdicts on a beacon and its witnesses, when the window of its group has closed.</summary>
internal static class CoverageEvaluation
{
    public static void Run(LedgerSession session, ServiceRecord service, Address beaconer)
    {
        CoverageGroup group = CoverageGroup.Find(session, service.Id, beaconer)
            ?? throw new LedgerInvariantException("A beacon whose window has closed is not in the state.");
        session.Delete(StateKey.CoverageGroup(service.Id, beaconer));

        Reason ofAll = group.Secret == Hash256.Zero ? Reason.NotRevealed : IsRevoked(session, beaconer) ? Reason.RevokedSince : Reason.None;
        ImmutableArray<Reason> verdicts = [.. group.Witnesses.Select(witness => ofAll != Reason.None ? ofAll : FinalReason(session, group, witness))];
        int valid = verdicts.Count(reason => reason == Reason.None);
        ulong scale = Scale(session, service, group.Place);

        WaitingProof beacon = new(beaconer, group.Proof, group.SentMs);
        if (ofAll == Reason.None && valid == 0)
            ofAll = Reason.NotWitnessed;
        ProofFrame.Conclude(session, service.Id, beacon, ofAll, ofAll == Reason.None ? Scaled(CoverageUnits.OfBeacon(valid), scale) : 0);
        for (int i = 0; i < verdicts.Length; i++)
        {
            CoverageWitness witness = group.Witnesses[i];
            ulong units = verdicts[i] == Reason.None ? Scaled(CoverageUnits.OfWitness(verdicts.Length), scale) : 0;
            ProofFrame.Conclude(session, service.Id, new WaitingProof(witness.Device, witness.Proof, witness.SentMs), verdicts[i], units);
        }
    }

    private static Reason FinalReason(LedgerSession session, CoverageGroup group, in CoverageWitness witness) =>
        witness.Reason != Reason.None ? witness.Reason
        : RadioSecret.Mark(group.Secret, witness.Device) != witness.Mark ? Reason.MarkDiffers
        : IsRevoked(session, witness.Device) ? Reason.RevokedSince
        : Reason.None;

    private static bool IsRevoked(LedgerSession session, Address device) => DeviceOwnership.IsRevoked(session, DeviceRecord.Get(session, device));

    // Of the beaconer's place, for all: where there is coverage enough, hearing it is worth as little as sending it.
    private static ulong Scale(LedgerSession session, ServiceRecord service, GeoPoint place) => Density.ScaleOf(
        place, CoverageTerms.Decode(service.Definition.KindParameters).Density, cell => CellCountRecord.Of(session, service.Id, cell));

    private static ulong Scaled(ulong units, ulong scale) => units * scale / Density.Whole;
}
