using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>What a validator that contradicted itself loses, and who gets it.</summary>
internal static class Slashing
{
    /// <summary>Tombstones a validator that contradicted itself. Its reporter gets a share of what it loses, the treasury the rest.</summary>
    /// <remarks>The reporter is paid as stake is that leaves: what it gets may have voted, and shall not vote again in the same matter.</remarks>
    public static void Tombstone(LedgerSession session, Address validator, ulong offenceEpoch, Address reporter, BlockContext context)
    {
        Amount slashed = Tombstone(session, validator, offenceEpoch, (uint)session.Parameters[Parameter.SlashEquivocation]);
        Amount reward = slashed.Share(session.Parameters[Parameter.ReporterShare], Parameters.Million);
        TreasuryRecord.Credit(session, slashed - reward);
        if (reward == Amount.Zero)
            return;
        ValidatorRecord before = ValidatorRecord.Get(session, validator);
        ValidatorBook.Put(session, validator, before, before with { Unbonding = before.Unbonding + reward });
        StakeRecord stake = StakeRecord.Get(session, reporter);
        StakeRecord.Put(session, reporter, stake with { Unbonding = stake.Unbonding + reward });
        UnbondingQueue.Add(session, new Unbonding(validator, reporter, reward, offenceEpoch, Slashed: true), context);
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
