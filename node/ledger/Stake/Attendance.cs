using System.Collections.Immutable;
using System.Linq;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Who took their turns: the block's leader did, the leaders of the views that were skipped just before it did not. Who misses too many is jailed.
/// </summary>
/// <remarks>
/// <para>Only the chain of headers is asked, which all nodes have alike: a block of view v on a parent of view p says that the views between
/// were nullified. Certificates say more (who signed), but each node holds other ones, so nothing in the state may depend on them.</para>
/// <para>Absence jails only while the seats that stay in good standing hold more than two thirds of the set's power: they are a quorum without
/// those who are jailed, so a wave of absences never takes away the set that keeps the chain alive. And only while four seats stay: with three,
/// of equal power, every single one is needed, so that a jail would make a chain that bears a fault into one that bears none.</para>
/// </remarks>
internal static class Attendance
{
    private const int SeatsThatBearAFault = 4;

    public static void Count(LedgerSession session, BlockContext context)
    {
        if (context.Proposer is null && context.Missed.IsEmpty)
            return;
        Invariant.Check(context.Missed.Length <= LedgerLimits.MissedTurnsMax, "A block accounts for more missed turns than its limit.");
        ImmutableArray<ValidatorSeat> seats = ValidatorsRecord.Get(session).Seats;
        foreach (ushort seat in context.Missed)
            Turn(session, context, seats, seats[seat], missed: true);
        if (context.Proposer is { } proposer)
            Turn(session, context, seats, seats[proposer], missed: false);
    }

    /// <summary>The validator of a seat; null if it has left since the set was fixed.</summary>
    public static (Address Operator, ValidatorRecord Validator)? Find(ILedgerState state, ValidatorSeat seat) =>
        ConsensusKeyRecord.Find(state, seat.PublicKey.Span) is { } key && ValidatorRecord.Find(state, key.Validator) is { } validator
            ? (key.Validator, validator)
            : null;

    private static void Turn(LedgerSession session, BlockContext context, ImmutableArray<ValidatorSeat> seats, ValidatorSeat seat, bool missed)
    {
        if (Find(session, seat) is not { } found)
            return;
        (Address address, ValidatorRecord before) = found;
        ValidatorRecord after = before with
        {
            Turns = before.Turns + 1,
            Missed = before.Missed + (missed ? 1u : 0),
            Led = before.Led + (missed ? 0u : 1),
            Absent = before.Absent + (missed ? 1u : 0),
        };
        ulong window = session.Parameters[Parameter.AbsenceWindow];
        bool tooMany = (ulong)after.Missed * Parameters.Million > session.Parameters[Parameter.AbsenceMax] * window;
        if (tooMany && before.InGoodStanding && MayJail(session, seats, address))
        {
            after = after with
            {
                Standing = ValidatorStanding.Jailed,
                JailedUntilMs = context.TimeMs + session.Parameters[Parameter.JailMs],
            };
        }
        if (tooMany || after.Turns >= window)
            after = after with { Turns = 0, Missed = 0 }; // a new window
        ValidatorBook.Put(session, address, before, after);
    }

    private static bool MayJail(LedgerSession session, ImmutableArray<ValidatorSeat> seats, Address absent)
    {
        System.UInt128 total = 0, present = 0;
        int staying = 0;
        foreach (ValidatorSeat seat in seats)
        {
            total += seat.Power;
            if (Find(session, seat) is { } found && found.Operator != absent && found.Validator.InGoodStanding)
            {
                present += seat.Power;
                staying++;
            }
        }
        return present * 3 > total * 2 && staying >= SeatsThatBearAFault;
    }
}
