using System;
using System.Collections.Generic;
using AppChain.Crypto;

namespace AppChain.Ledger;

/// <summary>A proposal as the outside sees it.</summary>
/// <param name="Bonded">All stake at the end of its voting; while that lasts, all stake now.</param>
public sealed record ProposalView(ulong Number, ProposalRecord Proposal, Amount Bonded)
{
    /// <summary>The message that proposed it, without its signer: an encoded <see cref="Propose"/>.</summary>
    public byte[] Content => new Propose(Proposal.Title, Proposal.Action).Encode();
}

/// <summary>What the outside may ask about proposals, votes and disputes. Reads only.</summary>
public static class GovernanceQueries
{
    /// <summary>The proposal, or null if there is none of this number.</summary>
    public static ProposalView? Proposal(ILedgerState state, ulong number)
    {
        if (ProposalRecord.Find(state, number) is not { } proposal)
            return null;
        return new ProposalView(number, proposal, proposal.Status == ProposalStatus.Voting ? Stake.TotalBonded(state) : proposal.Bonded);
    }

    /// <summary>Proposals with lower numbers than this, newest first; 0: all.</summary>
    public static IEnumerable<ProposalView> ProposalsBefore(ILedgerState state, ulong before)
    {
        ulong next = GovernanceRecord.Get(state).Next;
        for (ulong number = (before == 0 ? next : Math.Min(before, next)) - 1; number > 0; number--)
        {
            yield return Proposal(state, number) ?? throw new LedgerInvariantException($"Proposal {number} is not in the state.");
        }
    }

    /// <summary>What an account votes with, and its votes on what is open.</summary>
    public static (Amount Power, IReadOnlyList<Ballot> Ballots) Voter(ILedgerState state, Address voter)
    {
        GovernanceRecord governance = GovernanceRecord.Get(state);
        return (Stake.VotingPower(state, voter), BallotsRecord.Get(state, voter).Ballots.RemoveAll(ballot => !governance.IsOpen(ballot.Proposal)));
    }
}
