using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// The validators' share of an epoch, by stake and participation: <c>floor(share × stake / stake of all seats)</c>, times the part of its turns
/// that a validator took.
/// </summary>
/// <remarks>
/// The seats are those at the mint, the turns those since the mint before it or since the seat was won: who leaves the set earlier gets nothing of the
/// epoch. What absence costs one is not minted and so no other's gain: nobody earns more by keeping others from their turns.
/// </remarks>
internal static class ValidatorRewards
{
    /// <summary>In the order of the seats; those who get nothing are left out.</summary>
    public static ImmutableArray<ValidatorMint> Split(ILedgerState state, Amount share)
    {
        if (share == Amount.Zero)
            return [];
        ImmutableArray<ValidatorSeat> seats = ValidatorsRecord.Get(state).Seats;
        Amount bonded = Amount.Zero;
        foreach (ValidatorSeat seat in seats)
            bonded += Attendance.Find(state, seat)?.Validator.Stake ?? Amount.Zero;

        ImmutableArray<ValidatorMint>.Builder mints = ImmutableArray.CreateBuilder<ValidatorMint>(seats.Length);
        foreach (ValidatorSeat seat in seats)
        {
            if (Attendance.Find(state, seat) is not { } found || !found.Validator.InGoodStanding || found.Validator.Stake == Amount.Zero)
                continue;
            Amount amount = share.Share(found.Validator.Stake.Grains, bonded.Grains).Share(Participation(found.Validator), Parameters.Million);
            if (amount != Amount.Zero)
                mints.Add(new ValidatorMint(found.Operator, amount));
        }
        return mints.DrainToImmutable();
    }

    /// <summary>Pays what was minted, and starts a new count of turns for every seat.</summary>
    public static void Pay(LedgerSession session, ImmutableArray<ValidatorMint> mints)
    {
        foreach (ValidatorMint mint in mints)
        {
            ValidatorRecord validator = ValidatorRecord.Get(session, mint.Validator);
            ValidatorBook.Put(session, mint.Validator, validator, Bonding.Reward(session, mint.Validator, validator, mint.Amount));
        }
        Forget(session, ValidatorsRecord.Get(session).Seats, staying: []);
    }

    /// <summary>Starts a new count of turns for those whose seat is not among the next ones: when they are back, they begin anew.</summary>
    public static void Forget(LedgerSession session, ImmutableArray<ValidatorSeat> seats, ImmutableArray<ValidatorSeat> staying)
    {
        // A validator that only changes its key stays.
        HashSet<Address?> operators = [.. staying.Select(seat => Attendance.Find(session, seat)?.Operator)];
        foreach (ValidatorSeat seat in seats)
        {
            if (Attendance.Find(session, seat) is not { } found || operators.Contains(found.Operator))
                continue;
            if ((found.Validator.Led | found.Validator.Absent) != 0)
                ValidatorBook.Put(session, found.Operator, found.Validator, found.Validator with { Led = 0, Absent = 0 });
        }
    }

    // Whoever had no turn yet has missed none.
    private static ulong Participation(ValidatorRecord validator) =>
        validator.Led + validator.Absent == 0 ? Parameters.Million : validator.Led * Parameters.Million / (validator.Led + validator.Absent);
}
