using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a guilty one loses. It goes to the treasury: nobody gains by accusing.</summary>
internal static class Penalty
{
    /// <summary>Takes the share and returns how much that was.</summary>
    /// <remarks>
    /// A device loses of its rewards that are held back or were frozen while they rested, and of its bonds; a validator of all stake with it, and its seat for good. A manufacturer holds nothing here that
    /// could be taken: the ruling stands in the state.
    /// </remarks>
    public static Amount Take(LedgerSession session, DisputeRecord dispute, uint sharePpm)
    {
        Amount taken = dispute.Subject.Kind switch
        {
            SubjectKind.Device => TakeOfDevice(session, dispute.Subject, sharePpm),
            SubjectKind.Validator => TakeOfValidator(session, dispute.Subject.Address, dispute.OpenedEpoch, sharePpm),
            _ => Amount.Zero,
        };
        TreasuryRecord.Credit(session, taken);
        return taken;
    }

    private static Amount TakeOfDevice(LedgerSession session, Subject subject, uint sharePpm)
    {
        // What it has earned and nobody has settled yet is held back as well.
        DeviceRecord before = DeviceRecord.Get(session, subject.Address);
        DeviceRecord device = Settlement.SettleAll(session, subject.Address, before);
        AccusedRecord accused = AccusedRecord.Find(session, subject)
            ?? throw new LedgerInvariantException("A device is ruled on that is not accused.");
        Amount bonds = device.Enrollments.Aggregate(Amount.Zero, (sum, enrollment) => sum + enrollment.Bond);
        Amount ofResting = Escrow.Slash(session, subject.Address, sharePpm);
        Amount taken = (accused.Held + bonds).Share(sharePpm, Parameters.Million);
        // What is held back goes first, then the bonds, in the order of services.
        Amount ofHeld = Amount.Min(accused.Held, taken), left = taken - ofHeld;
        session.Put(StateKey.Accused(subject), accused with { Held = accused.Held - ofHeld });
        foreach (Enrollment enrollment in device.Enrollments)
        {
            Amount ofBond = Amount.Min(enrollment.Bond, left);
            left -= ofBond;
            device = device.With(enrollment with { Bond = enrollment.Bond - ofBond });
        }
        session.PutDevice(subject.Address, before, device);
        return taken + ofResting;
    }

    // One that left, or is out for good already, has nothing more to lose here.
    private static Amount TakeOfValidator(LedgerSession session, Address validator, ulong openedEpoch, uint sharePpm) =>
        ValidatorRecord.Find(session, validator) is { Standing: not ValidatorStanding.Tombstoned }
            ? Slashing.Tombstone(session, validator, openedEpoch, sharePpm)
            : Amount.Zero;
}
