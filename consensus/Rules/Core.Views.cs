namespace AppChain.Consensus;

// Rule 1: entering a view, its two deadlines, idling, silent leaders. Rules 6 and 8: leaving it.
public sealed partial class Core
{
    ulong enteredMs;

    // From when the two deadlines of this view count; null while the view idles.
    ulong? clockStartMs;

    // When the newest proposal of a view that we were in came, ours or another's.
    ulong? proposedMs;

    // Consecutive views left by nullification since the last finalization.
    uint stalledViews;
    bool workPending;

    ulong LeaderDeadlineMs(ulong startMs) => startMs + options.Timeouts.Grown(options.Timeouts.LeaderMs, stalledViews);

    ulong AdvanceDeadlineMs(ulong startMs) => startMs + options.Timeouts.Grown(options.Timeouts.AdvanceMs, stalledViews);

    // An idle view becomes busy by itself at the end of the idle interval; but if a block below waits for its finalization longer than
    // a leader timeout, then at once: the next block is what finalises it.
    ulong IdleEndMs => enteredMs
        + (certified.Count > 0 || pendingFinalization is not null ? options.Timeouts.LeaderMs : options.Timeouts.IdleIntervalMs);

    // Of the present view alone: no leader of a later one can hold ours back.
    ulong ProposeAtMs => proposedMs is { } before ? before + options.Timeouts.ProposalIntervalMs : 0;

    void Enter(View next)
    {
        Invariant.Check(next > View, "views only go up");
        View = next;
        ResetView();
        if (Find(next)?.Proposal is not null)
        {
            proposedMs = nowMs; // It came before we were there.
        }

        Forget();
    }

    void ResetView()
    {
        enteredMs = nowMs;
        clockStartMs = null;
        buildParent = null;
        buildFailed = false;
        askedFrom = null;
        retryAtMs = null;
        retryAttempts = 0;
    }

    bool StartViewClock()
    {
        if (clockStartMs is not null)
        {
            return false;
        }

        if ((workPending && !AwaitsBoundary()) || Current.Proposal is not null)
        {
            clockStartMs = nowMs;
        }
        else if (nowMs >= IdleEndMs)
        {
            clockStartMs = IdleEndMs;
        }

        return clockStartMs is not null;
    }

    bool LeaveView()
    {
        var state = Current;
        if (state.Finalization is null && !state.Held)
        {
            if (state.Nullification is null)
            {
                return false;
            }

            stalledViews++;
        }

        Enter(View.Next);
        return true;
    }

    /// <summary>Rule 8, "drop older work": states well below the finalised view, and the votes of views that were skipped long
    /// ago.</summary>
    void Forget()
    {
        foreach (var state in (ViewState[])[.. states.Values])
        {
            if (state.View.Value + ConsensusLimits.RetainedViews < Finalized.View.Value)
            {
                states.Remove(state.View);
            }
            else if (state.Nullification is not null && state.View.Value + ConsensusLimits.RetainedViews < View.Value)
            {
                state.ForgetVotes();
            }

            if (state.View <= Finalized.View)
            {
                certified.Remove(state.View);
            }
        }
    }

    ulong? NextDeadline()
    {
        ulong? next = null;
        void Consider(ulong? atMs) => next = atMs is { } at && (next is null || at < next) ? at : next;

        var state = Current;
        // Rule 7: after our nullify or finalize of a view its deadlines mean nothing. A restart may bring us back into such a view.
        if (MayVoteIn(View) && state.Own(VoteKind.Nullify) is null && state.Own(VoteKind.Finalize) is null)
        {
            Consider(clockStartMs is { } start
                ? state.Proposal is null && state.CertifiedHash is null ? LeaderDeadlineMs(start) : AdvanceDeadlineMs(start)
                : IdleEndMs);
        }

        if (MayPropose(state) && buildParent is null && ProposeAtMs > nowMs)
        {
            Consider(ProposeAtMs);
        }

        Consider(retryAtMs);
        Consider(NextSyncMs());
        foreach (var wanted in certified.Values)
        {
            Consider(IsWaitedFor(wanted) ? wanted.NextAttemptMs : null);
        }

        return next;
    }
}
