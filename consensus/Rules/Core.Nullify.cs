namespace AppChain.Consensus;

// Rule 7: give a view up; re-send what others may have missed.
public sealed partial class Core
{
    ulong? retryAtMs;
    uint retryAttempts;

    bool VoteNullify()
    {
        var state = Current;
        if (!MayVoteIn(View) || state.Own(VoteKind.Nullify) is not null || state.Own(VoteKind.Finalize) is not null
            || !IsHopeless(state))
        {
            return false;
        }

        Cast(state, VoteBody.Nullify(options.Epoch, View));
        return true;
    }

    bool IsHopeless(ViewState state)
    {
        if (state.Stage == ProposalStage.Invalid || buildFailed)
        {
            return true;
        }

        if (state.Equivocated && state.Own(VoteKind.Notarize) is null && state.CertifiedHash is null)
        {
            return true; // We could never vote for it.
        }

        var nothingCame = state.Proposal is null && state.CertifiedHash is null;
        if (nothingCame && activity.IsSilent(LeaderOf(View)))
        {
            return true; // Rule 1: both deadlines expire at once.
        }

        return clockStartMs is { } start
            && ((nothingCame && nowMs >= LeaderDeadlineMs(start)) || nowMs >= AdvanceDeadlineMs(start));
    }

    /// <summary>True while others must act before we can go on, or we hold a vote that may not have reached them, or we may not vote yet
    /// and need to hear of later views. A quiet idle view waits for nobody and is silent.</summary>
    bool AwaitsOthers()
    {
        var state = Current;
        return options.Signer is not null
            && (!MayVoteIn(View) || missing is not null || pendingFinalization is not null || certified.Count > 0
                || state.Own(VoteKind.Notarize) is not null || state.Own(VoteKind.Nullify) is not null);
    }

    void RetryWhenDue()
    {
        if (!AwaitsOthers())
        {
            retryAtMs = null;
            retryAttempts = 0;
            return;
        }

        if (nowMs >= retryAtMs)
        {
            Resend();
            retryAttempts++;
            retryAtMs = null;
        }

        retryAtMs ??= nowMs + options.Timeouts.Grown(options.Timeouts.RetryMs, retryAttempts);
    }

    /// <summary>What a peer who has missed our messages needs in order to stand where we stand; and a question, for the case that it is we
    /// who missed something.</summary>
    void Resend()
    {
        if (EntryCertificate() is { } entry)
        {
            Broadcast(new Message.Proof(entry));
        }

        foreach (var message in OwnVotes())
        {
            Broadcast(message);
        }

        Broadcast(new Message.StatusRequest(options.Epoch, Finalized.View, missing ?? FirstGap(), View));
    }
}
