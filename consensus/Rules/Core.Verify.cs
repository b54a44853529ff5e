namespace AppChain.Consensus;

// Rule 3: verify before any notarize vote. Rule 4: notarize at most once per view.
public sealed partial class Core
{
    enum Place
    {
        Right,

        /// <summary>What the header claims can never become true.</summary>
        Wrong,

        /// <summary>A certificate or a block that would prove it is missing, and being fetched.</summary>
        Unproven,
    }

    void OnProposal(Message.Proposal proposal)
    {
        var block = proposal.Block;
        var header = block.Header;
        if (header.Epoch != options.Epoch || header.View <= Finalized.View || header.View > View.Next
            || header.ParentView >= header.View
            || header.Leader != LeaderOf(header.View) || header.Leader == options.Signer)
        {
            return;
        }

        // The slot goes to the first block that the leader *signed*, not to the first that arrives. A second one is evidence.
        var state = StateOf(header.View);
        var vote = proposal.LeaderVote;
        OnVote(vote);
        if (state.Proposal is null && !state.VotesForgotten && state.Votes.Holds(vote))
        {
            state.Propose(block, vote.Body, IsOfThisEpoch(header) ? ProposalStage.Received : ProposalStage.Invalid);
            proposedMs = state.View == View ? nowMs : proposedMs;
        }
    }

    // Whether the epoch ends here, and with which set it goes on, is the host's to check.
    bool IsOfThisEpoch(Header header) => header.ChainId == options.ChainId && header.ValidatorsHash == options.Validators.Hash;

    bool VerifyProposal()
    {
        var state = Current;
        if (state.Stage != ProposalStage.Received || !MayNotarize(state))
        {
            return false;
        }

        switch (PlaceOf(state))
        {
            case Place.Right when state.IsReproposal:
                state.Stage = ProposalStage.Valid; // A quorum has checked it before (rule 11).
                return true;
            case Place.Right:
                state.Stage = ProposalStage.Checking;
                effects.Add(new Effect.Check(state.Proposal!));
                return true;
            case Place.Wrong:
                state.Stage = ProposalStage.Invalid;
                return true;
            default:
                return false;
        }
    }

    Place PlaceOf(ViewState state)
    {
        var header = state.Proposal!.Header;
        var parentView = state.ProposedAs.ParentView;
        var parentHash = state.IsReproposal ? state.Proposal.Hash : header.ParentHash;
        ChainPoint parent;
        if (parentView > Finalized.View)
        {
            var certified = Find(parentView);
            if (certified?.CertifiedHash is not { } certifiedHash)
            {
                Want(parentView);
                return Place.Unproven;
            }

            if (certifiedHash != parentHash)
            {
                return Place.Wrong;
            }

            if (Connect(certified) != Ancestry.Complete)
            {
                return Place.Unproven; // Rule 5 is fetching it.
            }

            if (certified.Block!.Header.EndsEpoch && !state.IsReproposal)
            {
                return Place.Wrong; // Rule 11: nothing is built on it in this epoch.
            }

            parent = ChainPoint.Of(certified.Block);
        }
        else if (parentView == Finalized.View && parentHash == Finalized.Hash)
        {
            parent = Finalized;
        }
        else
        {
            return Place.Wrong;
        }

        // A skipped view without its nullification may hold a block that is or will be finalised.
        for (var skipped = parentView.Next; skipped < state.View; skipped = skipped.Next)
        {
            if (Find(skipped)?.Nullification is null)
            {
                Want(skipped);
                return Place.Unproven;
            }
        }

        return state.IsReproposal || (header.Height == parent.Height.Next && header.TimeMs > parent.TimeMs && DrewBeacon(header, parent))
            ? Place.Right : Place.Wrong;
    }

    // Last, and so once per proposal: it costs as much as a few signatures.
    bool DrewBeacon(Header header, ChainPoint parent) =>
        new BeaconDraw(header.Beacon, header.BeaconProof).Follows(parent.Beacon, options.Validators[header.Leader].PublicKey.Span, crypto);

    void OnChecked(View view, Digest headerHash, CheckResult result)
    {
        // A late answer may be for a proposal that this slot no longer or not yet holds: after a restart, say.
        if (Find(view) is { Stage: ProposalStage.Checking } state && state.Proposal!.Hash == headerHash)
        {
            state.Stage = result == CheckResult.Valid ? ProposalStage.Valid : ProposalStage.Invalid;
        }
    }

    bool MayNotarize(ViewState state) =>
        MayVoteIn(state.View)
        && state.Own(VoteKind.Notarize) is null && state.Own(VoteKind.Nullify) is null
        && !state.Equivocated;

    bool VoteNotarize()
    {
        var state = Current;
        if (state.Stage != ProposalStage.Valid || LeaderOf(View) == options.Signer || !MayNotarize(state))
        {
            return false;
        }

        Cast(state, state.ProposedAs);
        return true;
    }
}
