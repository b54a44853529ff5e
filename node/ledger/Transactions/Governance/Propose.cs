using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>Proposes something to be voted on. The signer's deposit is held until the voting ends.</summary>
/// <param name="Title">What it does, in a few words: 1 to 64 bytes of UTF-8.</param>
/// <param name="Action">What it asks for.</param>
public sealed record Propose(string Title, ProposalAction Action) : Message
{
    internal const int Number = 70;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Governance;

    internal override Spending Spends(ILedgerState state) => new(new Amount(ParametersRecord.Get(state)[Parameter.ProposalDeposit]));

    internal override IEnumerable<Decision> Decides(Address signer) => [new Decision(StateKey.Governance, signer)];

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.Text(1, Title);
        writer.Element(Action.Field, Action.Encode());
        return writer.ToArray();
    }

    internal static Propose Read(ref WireReader reader)
    {
        string title = reader.Text(1);
        int field = (int)reader.PeekField();
        reader.TryElement(field, out ReadOnlySpan<byte> bytes);
        WireReader inner = new(bytes);
        ProposalAction? action = ProposalAction.Read(field, ref inner);
        reader.Fail(action is null ? Reason.UnknownAction : inner.Finish());
        return new Propose(title, action ?? new CancelUpgrade()); // the latter is never seen: what failed is refused
    }

    internal override Reason CheckShape(Transaction transaction) =>
        Encoding.UTF8.GetByteCount(Title) is 0 or > LedgerLimits.NameBytesMax ? Reason.TitleInvalid : Action.CheckShape();

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (AccountRecord.Find(state, signer) is null)
            return Reason.UnknownAccount;
        GovernanceRecord governance = GovernanceRecord.Get(state);
        if (governance.Open.Length >= LedgerLimits.OpenProposalsMax)
            return Reason.TooManyProposals;
        if (governance.Open.Count(open => open.Proposer == signer) >= LedgerLimits.OpenProposalsPerProposerMax)
            return Reason.TooManyOwnProposals;
        return Action.Check(state);
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        Reason reason = Action.CheckMoment(session, context);
        if (reason != Reason.None)
            return new Outcome(reason);
        Address proposer = transaction.Body.Signer;
        Amount deposit = new(session.Parameters[Parameter.ProposalDeposit]);
        if (AccountRecord.Get(session, proposer).Balance < deposit)
            return new Outcome(Reason.InsufficientBalance);
        AccountRecord.Debit(session, proposer, deposit);
        Proposals.Open(session, this, proposer, deposit, context.TimeMs);
        return Outcome.Applied;
    }
}
