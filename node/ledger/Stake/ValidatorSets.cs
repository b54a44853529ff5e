using System.Collections.Generic;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Who gets the seats of the next epoch of consensus: those with the most stake, if it is enough and they are in good standing.</summary>
internal static class ValidatorSets
{
    /// <summary>Writes down the next set, at the end of a block that changed what it depends on.</summary>
    /// <remarks>The chain is never without validators: if nobody qualifies, the present set stays, whatever became of its members.</remarks>
    public static void Choose(LedgerSession session)
    {
        ValidatorSeat[] chosen =
        [
            .. ValidatorDirectory.Get(session).Validators
                .Select(address => (Address: address, Validator: ValidatorRecord.Get(session, address)))
                .Where(candidate => candidate.Validator.InGoodStanding && candidate.Validator.Stake.Grains >= session.Parameters[Parameter.StakeMin])
                .OrderByDescending(candidate => candidate.Validator.Stake)
                .ThenBy(candidate => candidate.Address)
                .Take((int)session.Parameters[Parameter.ValidatorsMax])
                .Select(candidate => new ValidatorSeat(candidate.Validator.ConsensusKey, candidate.Validator.Power)),
        ];
        ValidatorsRecord present = ValidatorsRecord.Get(session);
        if (chosen.Length > 0 && !Same(chosen, present.Seats))
            session.Put(StateKey.NextValidators, new ValidatorsRecord([.. chosen]));
        else if (ValidatorsRecord.FindNext(session) is not null)
            session.Delete(StateKey.NextValidators);
    }

    // Genesis has seats in an order of its own: the same members are the same set, and nobody changes seats for nothing.
    private static bool Same(IReadOnlyCollection<ValidatorSeat> some, IReadOnlyCollection<ValidatorSeat> others) =>
        some.Count == others.Count && Ordered(some).SequenceEqual(Ordered(others));

    private static IEnumerable<(string Key, ulong Power)> Ordered(IEnumerable<ValidatorSeat> seats) =>
        seats.Select(seat => (System.Convert.ToHexStringLower(seat.PublicKey.Span), seat.Power)).Order();
}
