using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Lets stake of the signer go, its own validator's or delegated. It weighs nothing from then on, and is paid out after the unbonding delay, until when it
/// answers for what the validator did before.
/// </summary>
/// <param name="Validator">The validator's operator; the signer itself for its own.</param>
/// <param name="Amount">How much; zero: all of it, whatever it is worth by then.</param>
public sealed record UnbondStake(Address Validator, Amount Amount) : Message
{
    internal const int Number = 61;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Validators;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Stake(signer), Validator)];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Address(1, Validator);
        writer.UInt64(2, Amount.Grains);
        return writer.ToArray();
    }

    internal static UnbondStake Read(ref WireReader reader) => new(reader.Address(1), new Amount(reader.UInt64(2)));

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        return StakeRecord.Get(state, signer).With(Validator) is null ? Reason.NothingBonded : Reason.None;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address signer = transaction.Body.Signer;
        StakePosition position = StakeRecord.Get(session, signer).With(Validator)!;
        Amount worth = ValidatorRecord.Get(session, Validator).WorthOf(position.Shares);
        if (Amount > worth)
            return new Outcome(Reason.MoreThanBonded);
        Bonding.Unbond(session, signer, Validator, Amount == Amount.Zero ? worth : Amount, context);
        return Outcome.Applied;
    }
}
