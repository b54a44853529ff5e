using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Ends the jail of the signer's validator once its time is over: it is back in the next set if its stake is enough.</summary>
public sealed record Unjail : Message
{
    internal const int Number = 65;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Validators;

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Validator(signer))];

    internal override byte[] Encode() => [];

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        Reason reason = DelegateStake.Admit(ValidatorRecord.Find(state, signer));
        if (reason != Reason.None)
            return reason;
        return ValidatorRecord.Find(state, signer)!.Standing == ValidatorStanding.Jailed ? Reason.None : Reason.NotJailed;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Address signer = transaction.Body.Signer;
        ValidatorRecord before = ValidatorRecord.Get(session, signer);
        if (context.TimeMs < before.JailedUntilMs)
            return new Outcome(Reason.StillJailed);
        ValidatorBook.Put(session, signer, before, before with
        {
            Standing = ValidatorStanding.Good,
            JailedUntilMs = 0,
            Turns = 0,
            Missed = 0,
        });
        return Outcome.Applied;
    }
}
