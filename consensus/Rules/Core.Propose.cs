namespace AppChain.Consensus;

// Rule 2: propose once per view, journaled first.
public sealed partial class Core
{
    // The parent that the host was asked to build on; null until it was asked.
    ChainPoint? buildParent;
    bool buildFailed;

    bool MayPropose(ViewState state) =>
        LeaderOf(View) == options.Signer && MayVoteIn(View)
        && clockStartMs is not null
        && state.Own(VoteKind.Notarize) is null && state.Own(VoteKind.Nullify) is null
        && state.CertifiedHash is null;

    bool Propose()
    {
        var state = Current;
        if (!MayPropose(state) || buildParent is not null)
        {
            return false;
        }

        if (state.Proposal is not null)
        {
            // A crash fell between the proposal's record and the vote's: the block is bound, only its vote is missing.
            Cast(state, state.ProposedAs);
            return true;
        }

        if (nowMs < ProposeAtMs || FindParent() is not { } parentView)
        {
            return false;
        }

        var parent = Find(parentView)?.Block;
        if (parent is { Header.EndsEpoch: true } boundary)
        {
            ProposeAgain(state, boundary, parentView); // Rule 11.
            return true;
        }

        buildParent = parentView == Finalized.View ? Finalized : ChainPoint.Of(parent!);
        effects.Add(new Effect.Build(View, buildParent));
        return true;
    }

    /// <summary>The highest view reachable by walking down from the one before, over held nullifications, to a notarized block that is held
    /// or to the finalised tip. Null if a certificate on the way is missing (it is fetched) or the block is (rule 5 fetches it).</summary>
    View? FindParent()
    {
        for (var view = View.Previous; ; view = view.Previous)
        {
            if (view == Finalized.View)
            {
                return view;
            }

            var state = Find(view);
            if (state is not null && Connect(state) == Ancestry.Complete)
            {
                return view;
            }

            if (state?.Nullification is null)
            {
                if (state?.CertifiedHash is null)
                {
                    Want(view);
                }

                return null;
            }
        }
    }

    void OnBuilt(View view, BlockContent? content)
    {
        var state = Current;
        if (view != View || buildParent is not { } parent || !MayPropose(state) || state.Proposal is not null)
        {
            return; // The answer came after the view had ended.
        }

        if (content is null)
        {
            buildFailed = true;
            return;
        }

        var draw = BeaconDraw.After(parent.Beacon, crypto);
        var header = new Header
        {
            ChainId = options.ChainId,
            Epoch = options.Epoch,
            View = View,
            Height = parent.Height.Next,
            ParentView = parent.View,
            ParentHash = parent.Hash,
            TimeMs = ulong.Max(content.TimeMs, parent.TimeMs + 1),
            Leader = options.Signer!.Value,
            PayloadHash = Block.HashOfPayload(content.Payload.Span),
            StateRoot = content.StateRoot,
            ReceiptsRoot = content.ReceiptsRoot,
            ValidatorsHash = options.Validators.Hash,
            NextValidatorsHash = content.NextValidatorsHash,
            Beacon = draw.Beacon,
            BeaconProof = draw.Proof,
        };
        Invariant.Check(Block.TryCreate(header, content.Payload, out var block), "the host keeps to the payload limit");
        state.Propose(block, VoteBody.For(VoteKind.Notarize, header, block.Hash), ProposalStage.Valid);
        proposedMs = nowMs;
        Append(View, new JournalEntry.OwnProposal(block));
        Cast(state, state.ProposedAs);
    }
}
