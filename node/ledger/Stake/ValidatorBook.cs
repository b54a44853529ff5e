using System;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The one place that writes validators: it keeps their directory and the sum of their stake true, and knows when the next set may be another one.</summary>
internal static class ValidatorBook
{
    /// <param name="before">The validator as the state has it; null: it is new.</param>
    public static void Put(LedgerSession session, Address validator, ValidatorRecord? before, ValidatorRecord after)
    {
        bool empty = after.Shares == 0 && after.Unbonding == Amount.Zero;
        if (empty)
            Remove(session, validator, after);
        else
            session.Put(StateKey.Validator(validator), after);

        Amount bonded = before?.Stake ?? Amount.Zero;
        if (before is null || empty || bonded != after.Stake)
        {
            ValidatorDirectory directory = ValidatorDirectory.Get(session);
            session.Put(StateKey.ValidatorDirectory, directory with
            {
                Bonded = directory.Bonded - bonded + after.Stake,
                Validators = before is null ? [.. directory.Validators.Append(validator).Order()]
                    : empty ? directory.Validators.Remove(validator)
                    : directory.Validators,
            });
        }
        if (before is null || empty || before.Stake != after.Stake || before.Standing != after.Standing
            || !before.ConsensusKey.Span.SequenceEqual(after.ConsensusKey.Span))
        {
            session.OnValidatorsChanged();
        }
    }

    // Nobody has anything with it any more. Its keys stay its own: ConsensusKeyRecord.
    private static void Remove(LedgerSession session, Address validator, ValidatorRecord after)
    {
        Invariant.Check(after.Stake == Amount.Zero, "A validator without shares holds stake.");
        TreasuryRecord.Credit(session, after.Rewards); // what flooring its delegators' rewards left over
        // A tombstoned one is remembered: its operator does not return, and what it was punished for is not used again.
        if (after.Standing == ValidatorStanding.Tombstoned)
            session.Put(StateKey.Validator(validator), after with { Rewards = Amount.Zero });
        else
            session.Delete(StateKey.Validator(validator));
    }
}
