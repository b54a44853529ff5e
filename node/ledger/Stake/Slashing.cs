using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a validator that contradicted itself loses, and who gets it.</summary>
internal static class Slashing
{
    /// <summary>Takes the share of all that is bonded with it, now; of what waits to be paid out, when it is (<see cref="UnbondingQueue"/>).</summary>
    public static void Tombstone(LedgerSession session, Address validator, ulong offenceEpoch, Address reporter)
    {
        uint ppm = (uint)session.Parameters[Parameter.SlashEquivocation];
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
        Amount reward = slashed.Share(session.Parameters[Parameter.ReporterShare], Parameters.Million);
        if (reward != Amount.Zero)
            AccountRecord.Credit(session, reporter, reward);
        TreasuryRecord.Credit(session, slashed - reward);
    }
}
