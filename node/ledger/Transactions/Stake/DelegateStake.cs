using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Bonds tokens with a validator: its power grows, its rewards are shared, and what it loses by a slash the stake loses as well.</summary>
/// <param name="Validator">The validator's operator.</param>
/// <param name="Amount">How much, at least one grain.</param>
public sealed record DelegateStake(Address Validator, Amount Amount) : Message
{
    internal const int Number = 62;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Validators;

    internal override Spending Spends(ILedgerState state) => new(Amount);

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Stake(signer), Validator)];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Validator);
        writer.UInt64(2, Amount.Grains);
        return writer.ToArray();
    }

    internal static DelegateStake Read(ref WireReader reader) => new(reader.Address(1), new Amount(reader.UInt64(2)));

    internal override Reason CheckShape(Transaction transaction) => Amount == Amount.Zero ? Reason.ZeroAmount : Reason.None;

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        StakeRecord stake = StakeRecord.Get(state, signer);
        if (stake.With(Validator) is null && stake.Positions.Length == LedgerLimits.DelegationsMax)
            return Reason.TooManyPositions;
        return Admit(ValidatorRecord.Find(state, Validator));
    }

    /// <summary>Whether a validator takes more stake. A jailed one does: its delegators may believe in it.</summary>
    internal static Reason Admit(ValidatorRecord? validator) =>
        validator is null ? Reason.UnknownValidator
        : validator.Standing == ValidatorStanding.Tombstoned ? Reason.ValidatorTombstoned
        : Reason.None;

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address signer = transaction.Body.Signer;
        if (AccountRecord.Get(session, signer).Balance < Amount)
            return new Outcome(Reason.InsufficientBalance);
        Bonding.Bond(session, signer, Validator, Amount);
        return Outcome.Applied;
    }
}
