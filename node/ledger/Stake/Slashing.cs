using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a validator that contradicted itself loses, and who gets it.</summary>
internal static class Slashing
{
    /// <summary>Tombstones a validator that contradicted itself. Its reporter gets a share of what it loses, the treasury the rest.</summary>
    public static void Tombstone(LedgerSession session, Address validator, ulong offenceEpoch, Address reporter)
    {
        Amount slashed = Tombstone(session, validator, offenceEpoch, (uint)session.Parameters[Parameter.SlashEquivocation]);
        Amount reward = slashed.Share(session.Parameters[Parameter.ReporterShare], Parameters.Million);
        if (reward != Amount.Zero)
            AccountRecord.Credit(session, reporter, reward);
        TreasuryRecord.Credit(session, slashed - reward);
    }

    /// <summary>
    /// Takes the share of all that is bonded with it, now, for the caller to pass on; of what waits to be paid out, when it is (<see cref="UnbondingQueue"/>).
    /// </summary>
    public static Amount Tombstone(LedgerSession session, Address validator, ulong offenceEpoch, uint ppm)
    {
        ValidatorRecord before = ValidatorRecord.Get(session, validator);
        Amount slashed = before.Stake.Share(ppm, Parameters.Million);
        ValidatorBook.Put(session, validator, before, before with
        {
            Stake = before.Stake - slashed,
            Standing = ValidatorStanding.Tombstoned,
            JailedUntilMs = 0,
            OffenceEpoch = offenceEpoch,
            SlashedPpm = ppm,
        });
        return slashed;
    }
}
