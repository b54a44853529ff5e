using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Stake on its way out: version:1 ‖ validator:20 ‖ account:20 ‖ amount:8 ‖ epoch:8 ‖ slashed:1, the form of <see cref="QueueKind.Unbonding"/>'s items.</summary>
/// <param name="Epoch">The last epoch of consensus whose set it may still count in.</param>
/// <param name="Slashed">It has been: the validator was tombstoned when it was released.</param>
internal sealed record Unbonding(Address Validator, Address Account, Amount Amount, ulong Epoch, bool Slashed) : StateRecord
{
    public override byte[] Encode()
    {
        RecordWriter writer = new(Version);
        writer.Address(Validator);
        writer.Address(Account);
        writer.Amount(Amount);
        writer.UInt64(Epoch);
        writer.Flag(Slashed);
        return writer.ToArray();
    }

    public static Unbonding Decode(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes, Version);
        Unbonding unbonding = new(reader.Address(), reader.Address(), reader.Amount(), reader.UInt64(), reader.Flag());
        reader.End();
        return unbonding;
    }
}

/// <summary>Pays out stake when its delay is over, less what a slash meanwhile took of it.</summary>
internal static class UnbondingQueue
{
    public static void Add(LedgerSession session, Unbonding unbonding, BlockContext context) =>
        DueWork.Enqueue(session, QueueKind.Unbonding, context.TimeMs + session.Parameters[Parameter.UnbondingMs], unbonding.Encode());

    public static void PayOut(LedgerSession session, ReadOnlyMemory<byte> about)
    {
        Unbonding unbonding = Unbonding.Decode(about);
        (Amount amount, ValidatorRecord validator) = (unbonding.Amount, ValidatorRecord.Get(session, unbonding.Validator));
        // A token that backed the validator's votes in the epoch of its offence answers for it, wherever it is by now.
        Amount slashed = !unbonding.Slashed && validator.Standing == ValidatorStanding.Tombstoned && unbonding.Epoch >= validator.OffenceEpoch
            ? amount.Share(validator.SlashedPpm, Parameters.Million)
            : Amount.Zero;
        StakeRecord stake = StakeRecord.Get(session, unbonding.Account);
        StakeRecord.Put(session, unbonding.Account, stake with { Unbonding = stake.Unbonding - amount });
        ValidatorBook.Put(session, unbonding.Validator, validator, validator with { Unbonding = validator.Unbonding - amount });
        TreasuryRecord.Credit(session, slashed);
        AccountRecord.Credit(session, unbonding.Account, amount - slashed);
    }
}
