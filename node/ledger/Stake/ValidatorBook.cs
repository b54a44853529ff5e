using System;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The one place that writes validators: it keeps their directory and the sum of their stake true, and knows when the next set may be another one.</summary>
/// <remarks>
/// The directory has <see cref="LedgerLimits.CandidatesMax"/> places. When it is full, whoever has more stake takes the place of the smallest; who is in
/// no good standing yields to anybody. Who lost a place keeps its record and all stake with it, and gets one again as soon as its stake changes and is
/// enough. So nobody can fill the directory with small validators, or with what is left of tombstoned ones.
/// </remarks>
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

        if (empty || before is null || before.Stake != after.Stake || before.Standing != after.Standing)
        {
            ValidatorDirectory directory = ValidatorDirectory.Get(session);
            session.Put(StateKey.ValidatorDirectory, directory with
            {
                Bonded = directory.Bonded - (before?.Stake ?? Amount.Zero) + after.Stake,
                Validators = empty ? directory.Validators.Remove(validator) : WithPlaceFor(session, directory.Validators, validator, after),
            });
            session.OnValidatorsChanged();
        }
        else if (!before.ConsensusKey.Span.SequenceEqual(after.ConsensusKey.Span))
        {
            session.OnValidatorsChanged();
        }
    }

    /// <summary>Whether a validator that is not in the directory gets a place with this stake.</summary>
    public static bool HasRoomFor(ILedgerState state, Amount stake)
    {
        ImmutableArray<Address> listed = ValidatorDirectory.Get(state).Validators;
        return listed.Length < LedgerLimits.CandidatesMax || ValidatorRecord.Get(state, First(state, listed)).YieldsTo(stake);
    }

    private static ImmutableArray<Address> WithPlaceFor(
        LedgerSession session, ImmutableArray<Address> listed, Address validator, ValidatorRecord record)
    {
        if (!record.InGoodStanding || listed.BinarySearch(validator) >= 0 || !HasRoomFor(session, record.Stake))
            return listed;
        ImmutableArray<Address> left = listed.Length < LedgerLimits.CandidatesMax ? listed : listed.Remove(First(session, listed));
        return [.. left.Append(validator).Order()];
    }

    // The first to yield: the opposite of the order in which seats are given.
    private static Address First(ILedgerState state, ImmutableArray<Address> listed) => listed
        .Select(address => (Address: address, Validator: ValidatorRecord.Get(state, address)))
        .OrderBy(one => one.Validator.InGoodStanding)
        .ThenBy(one => one.Validator.Stake)
        .ThenByDescending(one => one.Address)
        .First().Address;

    private static bool YieldsTo(this ValidatorRecord validator, Amount stake) => !validator.InGoodStanding || validator.Stake < stake;

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
