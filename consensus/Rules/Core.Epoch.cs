namespace AppChain.Consensus;

// Rule 11: the end of an epoch. On its boundary block nothing is built; later leaders propose that same block until it is final.
public sealed partial class Core
{
    /// <summary>True once the epoch's boundary block is final. This core then only answers those who have missed it: the host goes on with a
    /// core of the next epoch (contract 11, README.md).</summary>
    public bool EpochEnded { get; private set; }

    /// <summary>Whether a boundary block waits for its finalization. Most times it is one message away, so nobody hurries to propose it again,
    /// whatever work there is.</summary>
    bool AwaitsBoundary()
    {
        foreach (var state in certified.Values)
        {
            if (state.Block is { Header.EndsEpoch: true })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The leader's part: its vote for the held boundary block in the present view is the whole proposal.</summary>
    void ProposeAgain(ViewState state, Block boundary, View parentView)
    {
        var body = new VoteBody(VoteKind.Notarize, options.Epoch, View, parentView, boundary.Hash);
        state.Propose(boundary, body, ProposalStage.Valid);
        Cast(state, body);
    }

    /// <summary>Everybody else's part: a leader's vote for the boundary block that is notarized in the parent view fills the proposal
    /// slot. It needs no message of its own, as whoever can judge it has the block.</summary>
    bool TakeReproposal()
    {
        var state = Current;
        if (state.Proposal is not null
            || state.Votes.NotarizeOf(LeaderOf(View))?.Body is not { } body
            || body.ParentView <= Finalized.View)
        {
            return false;
        }

        var parent = Find(body.ParentView);
        if (parent?.CertifiedHash is not { } certifiedHash)
        {
            Want(body.ParentView);
            return false;
        }

        if (certifiedHash != body.HeaderHash || parent.Block is not { Header.EndsEpoch: true } boundary)
        {
            return false; // The vote for an ordinary proposal that has not come, or rule 5 is fetching the block.
        }

        state.Propose(boundary, body, ProposalStage.Received);
        return true;
    }
}
