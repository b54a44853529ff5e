namespace AppChain.Consensus;

// Rule 5: a certified block is obtained and made durable, whatever we voted; its ancestors too. Rule 6: then we finalize.
public sealed partial class Core
{
    bool ObtainBlocks()
    {
        var acted = false;
        foreach (var state in (ViewState[])[.. certified.Values])
        {
            if (state.Held)
            {
                continue;
            }

            TakeKnownBlock(state);
            if (state.Held)
            {
                acted = true;
            }
            else if (state.Block is { } block)
            {
                acted |= Obtain(state, block);
            }
            else if (IsWaitedFor(state) && nowMs >= state.NextAttemptMs)
            {
                RequestBlock(state);
            }
        }

        return acted;
    }

    /// <summary>The block may be here already: as the proposal, or, of a boundary block, in another view (rule 11).</summary>
    void TakeKnownBlock(ViewState state)
    {
        if (state.Block is null && state.Proposal?.Hash == state.CertifiedHash)
        {
            state.Block = state.Proposal;
        }

        foreach (var other in certified.Values)
        {
            if (other.CertifiedHash == state.CertifiedHash && other.Block is not null)
            {
                state.Block ??= other.Block;
                state.Held |= other.Held;
            }
        }
    }

    /// <summary>False for what the host's sync will bring anyway, and for a node that cannot ask.</summary>
    bool IsWaitedFor(ViewState state) =>
        !state.Held
        && (state.Block is not null
            || (options.Signer is not null && !(syncAskedMs is not null && state.View <= pendingFinalization?.View)));

    bool Obtain(ViewState state, Block block)
    {
        var first = !state.ObtainRequested;
        if (!first && nowMs < state.NextAttemptMs)
        {
            return false;
        }

        if (first)
        {
            state.ObtainRequested = true;
            state.Attempts = 0;
            if (!state.InJournal)
            {
                state.InJournal = true;
                Append(state.View, new JournalEntry.Certified(block));
            }

            // A quorum verified this header, so its parent was notarized too.
            if (block.Header.ParentView > Finalized.View)
            {
                Certify(StateOf(block.Header.ParentView), block.Header.ParentHash, state.Holders);
            }
        }

        effects.Add(new Effect.Obtain(block, state.Holders));
        ScheduleAttempt(state);
        return first;
    }

    void RequestBlock(ViewState state)
    {
        if (state.Holders.Count > 0)
        {
            var holder = state.Holders[(int)((options.Signer!.Value + state.Attempts) % (uint)state.Holders.Count)];
            Send(holder, new Message.BlockRequest(options.Epoch, state.View, state.CertifiedHash!.Value));
        }

        ScheduleAttempt(state);
    }

    void ScheduleAttempt(ViewState state)
    {
        state.NextAttemptMs = nowMs + options.Timeouts.Grown(options.Timeouts.RetryMs, state.Attempts);
        state.Attempts++;
    }

    void OnBlockResponse(Block block)
    {
        foreach (var state in certified.Values)
        {
            if (state.CertifiedHash == block.Hash)
            {
                state.Block ??= block;
            }
        }
    }

    void OnHeld(Digest headerHash)
    {
        // Two views only if it is a boundary block's.
        foreach (var state in certified.Values)
        {
            state.Held |= state.Block?.Hash == headerHash;
        }
    }

    /// <summary>Rule 6. Not only in the view just left: a notarization or a block may come late. What counts is that we have not nullified
    /// the view, on whatever path we came here.</summary>
    bool VoteFinalize()
    {
        foreach (var state in certified.Values)
        {
            if (MayVoteIn(state.View) && state.Notarization is { } notarization && state.Held && !(state.View <= pendingFinalization?.View)
                && state.Own(VoteKind.Finalize) is null && state.Own(VoteKind.Nullify) is null && !state.Equivocated)
            {
                Cast(state, notarization.Body with { Kind = VoteKind.Finalize });
                return true;
            }
        }

        return false;
    }
}
