using System;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>The way of a proposal: open, voted on, decided at its end, and executed after a delay if it passed.</summary>
internal static class Proposals
{
    public static void Open(LedgerSession session, Propose what, Address proposer, Amount deposit, ulong nowMs)
    {
        GovernanceRecord governance = GovernanceRecord.Get(session);
        ulong number = governance.Next;
        ulong endMs = nowMs + session.Parameters[Parameter.VotingPeriodMs];
        session.Put(StateKey.Proposal(number), new ProposalRecord
        {
            Proposer = proposer,
            Title = what.Title,
            Action = what.Action,
            Deposit = deposit,
            SubmittedMs = nowMs,
            EndMs = endMs,
            Bonded = Stake.TotalBonded(session),
        });
        session.Put(StateKey.Governance, new GovernanceRecord(number + 1, governance.Open.Add(new OpenProposal(number, proposer, endMs))));
        DueWork.Enqueue(session, QueueKind.VotingEnds, endMs, number);
    }

    /// <summary>Counts the votes, settles the deposit, and lets what passed wait for its execution.</summary>
    public static void EndVoting(LedgerSession session, BlockContext context, ulong number)
    {
        ProposalRecord proposal = ProposalRecord.Get(session, number);
        Invariant.Check(proposal.Status == ProposalStatus.Voting, $"The voting on proposal {number} ends a second time.");
        ParametersRecord parameters = session.Parameters;
        Amount bonded = Amount.Max(proposal.Bonded, Stake.TotalBonded(session));
        Decision decision = Decide(parameters, proposal.Votes, bonded);
        if (decision.BurnsDeposit)
            SupplyRecord.Burn(session, proposal.Deposit);
        else
            AccountRecord.Credit(session, proposal.Proposer, proposal.Deposit);
        ProposalRecord ended = proposal with { Status = decision.Status, Bonded = bonded, DepositBurned = decision.BurnsDeposit };
        if (decision.Status == ProposalStatus.Waiting)
        {
            ended = ended with { ExecuteMs = context.TimeMs + parameters[Parameter.ExecutionDelayMs] };
            DueWork.Enqueue(session, QueueKind.Executions, ended.ExecuteMs, number);
        }
        else
        {
            Close(session, number);
        }
        session.Put(StateKey.Proposal(number), ended);
    }

    /// <summary>Does what a proposal asks for, or notes why that is not possible any more. Either way it is closed.</summary>
    public static void Execute(LedgerSession session, BlockContext context, ulong number)
    {
        ProposalRecord proposal = ProposalRecord.Get(session, number);
        Invariant.Check(proposal.Status == ProposalStatus.Waiting, $"Proposal {number} is executed without having passed.");
        Close(session, number);
        Reason reason = proposal.Action.Check(session);
        if (reason == Reason.None)
            reason = proposal.Action.CheckMoment(session, context);
        if (reason == Reason.None)
            proposal.Action.Apply(session, context);
        session.Put(StateKey.Proposal(number), proposal with
        {
            Status = reason == Reason.None ? ProposalStatus.Executed : ProposalStatus.Failed,
            Failure = reason,
        });
    }

    private static Decision Decide(ParametersRecord parameters, Tally votes, Amount bonded)
    {
        if (votes.Turnout == Amount.Zero || !Reaches(votes.Turnout, bonded, parameters[Parameter.VotingQuorum]))
            return new Decision(ProposalStatus.NoQuorum, BurnsDeposit: true);
        Amount decided = votes.Yes + votes.No;
        ProposalStatus status = Exceeds(votes.Yes, decided, parameters[Parameter.VotingThreshold]) ? ProposalStatus.Waiting : ProposalStatus.Rejected;
        return new Decision(status, Exceeds(votes.No, decided, parameters[Parameter.DepositBurnThreshold]));
    }

    private static bool Reaches(Amount part, Amount whole, ulong ppm) => (UInt128)part.Grains * Parameters.Million >= (UInt128)whole.Grains * ppm;

    private static bool Exceeds(Amount part, Amount whole, ulong ppm) => (UInt128)part.Grains * Parameters.Million > (UInt128)whole.Grains * ppm;

    private static void Close(LedgerSession session, ulong number) =>
        session.Put(StateKey.Governance, GovernanceRecord.Get(session).Without(number));

    private readonly record struct Decision(ProposalStatus Status, bool BurnsDeposit);
}
