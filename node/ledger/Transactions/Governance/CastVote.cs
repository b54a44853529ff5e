using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>
/// Votes on a proposal with the signer's own stake, bonded and delegated, as it is now. A later vote takes an earlier one's place; the last counts.
/// </summary>
public sealed record CastVote(ulong Proposal, VoteChoice Choice) : Message
{
    internal const int Number = 71;

    internal override int Field => Number;

    internal override TransactionClass Class => TransactionClass.Governance;

    internal override byte[] Encode()
    {
        WireWriter writer = new();
        writer.UInt64(1, Proposal);
        writer.UInt64(2, (ulong)Choice);
        return writer.ToArray();
    }

    internal static CastVote Read(ref WireReader reader) =>
        new(reader.UInt64(1), (VoteChoice)reader.Choice(2, (byte)VoteChoice.Abstain, Reason.UnknownVoteChoice));

    internal override Reason Admit(ILedgerState state, Address signer)
    {
        if (ProposalRecord.Find(state, Proposal) is not { } proposal)
            return Reason.UnknownProposal;
        if (proposal.Status != ProposalStatus.Voting)
            return Reason.VotingClosed;
        return Stake.VotingPower(state, signer) == Amount.Zero ? Reason.NoVotingPower : Reason.None;
    }

    internal override Outcome Execute(LedgerSession session, Transaction transaction, BlockContext context)
    {
        ProposalRecord proposal = ProposalRecord.Get(session, Proposal);
        // The end is worked off by a queue, which may be late; the time itself never is.
        if (context.TimeMs >= proposal.EndMs)
            return new Outcome(Reason.VotingOver);
        Address voter = transaction.Body.Signer;
        BallotsRecord ballots = BallotsRecord.Get(session, voter);
        Ballot cast = new(Proposal, Choice, Stake.VotingPower(session, voter));
        Tally votes = ballots.On(Proposal) is { } earlier ? proposal.Votes.Without(earlier.Choice, earlier.Weight) : proposal.Votes;
        session.Put(StateKey.Proposal(Proposal), proposal with
        {
            Votes = votes.With(cast.Choice, cast.Weight),
            Bonded = Amount.Max(proposal.Bonded, Stake.TotalBonded(session)),
        });
        session.Put(StateKey.Ballots(voter), ballots.With(cast, GovernanceRecord.Get(session)));
        return Outcome.Applied;
    }
}
