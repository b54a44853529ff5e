using System.Collections.Generic;

namespace AppChain.Consensus;

// Fetch by view: asking for certificates that rules 2 and 3 miss, and answering those who ask.
public sealed partial class Core
{
    // The lowest view whose certificate a rule found missing in this step, and the one we last asked for in this view.
    View? missing;
    View? askedFrom;

    /// <summary>Asks the leader, who must have it, at once; the retry asks everybody.</summary>
    void Want(View view)
    {
        missing = view;

        // One answer brings the certificates of half its limit of views at least: do not ask again for each as they come in.
        const ulong covered = ConsensusLimits.CertificatesPerAnswerMax / 2;
        if (askedFrom is { } asked && view >= asked && view.Value < asked.Value + covered)
        {
            return;
        }

        askedFrom = view;
        var request = new Message.StatusRequest(options.Epoch, Finalized.View, view, View);
        if (LeaderOf(View) is var leader && leader != options.Signer)
        {
            Send(leader, request);
        }
        else
        {
            Broadcast(request);
        }
    }

    /// <summary>The lowest view above the finalised one for which we have no certificate.</summary>
    View FirstGap()
    {
        var view = Finalized.View.Next;
        while (view < View && Find(view) is { } state && (state.Nullification is not null || state.CertifiedHash is not null))
        {
            view = view.Next;
        }

        return view;
    }

    /// <summary>The certificate that brought us to this view: about this one, or the one before.</summary>
    Certificate? EntryCertificate()
    {
        if (Current.Notarization is { } notarization)
        {
            return notarization;
        }

        if (View.Previous == Finalized.View)
        {
            return Finalization;
        }

        var previous = Find(View.Previous);
        return previous?.Finalization
            ?? (previous is { Held: true } ? previous.Notarization : null)
            ?? previous?.Nullification;
    }

    List<Message> OwnVotes()
    {
        var messages = new List<Message>();
        var state = Current;
        foreach (var kind in (VoteKind[])[VoteKind.Notarize, VoteKind.Nullify])
        {
            if (state.Own(kind) is { } vote)
            {
                messages.Add(MessageOf(state, vote));
            }
        }

        var skip = certified.Count - ConsensusLimits.FinalizeResendMax;
        foreach (var unfinalized in certified.Values)
        {
            if (skip-- <= 0 && unfinalized.Own(VoteKind.Finalize) is { } vote)
            {
                messages.Add(new Message.Ballot(vote));
            }
        }

        return messages;
    }

    void OnStatusRequest(ushort from, Message.StatusRequest request)
    {
        if (request.Epoch != options.Epoch || !answers.TrySpend(from, nowMs))
        {
            return;
        }

        if ((pendingFinalization ?? Finalization) is { } finalization && finalization.View > request.Finalized)
        {
            Send(from, new Message.Proof(finalization));
        }

        foreach (var certificate in CertificatesFor(request))
        {
            Send(from, new Message.Proof(certificate));
        }

        // Certificates may help even one who is ahead; our votes only one who is not.
        foreach (var message in request.View <= View ? OwnVotes() : [])
        {
            Send(from, message);
        }
    }

    List<Certificate> CertificatesFor(Message.StatusRequest request)
    {
        var answer = new List<Certificate>();
        foreach (var state in states.Values)
        {
            if (state.View < request.From || state.View <= Finalized.View || answer.Count >= ConsensusLimits.CertificatesPerAnswerMax)
            {
                continue;
            }

            foreach (var certificate in (Certificate?[])[state.Notarization, state.Nullification])
            {
                if (certificate is not null)
                {
                    answer.Add(certificate);
                }
            }
        }

        // Above the limit there may be a gap, but with this one at least the asker comes to our view.
        if (request.View < View && EntryCertificate() is { } entry && entry != Finalization && !answer.Contains(entry))
        {
            answer.Add(entry);
        }

        return answer;
    }

    void OnBlockRequest(ushort from, Message.BlockRequest request)
    {
        if (request.Epoch != options.Epoch || Find(request.View) is not { } state)
        {
            return;
        }

        var block = state.Block?.Hash == request.HeaderHash ? state.Block
            : state.Proposal?.Hash == request.HeaderHash ? state.Proposal
            : null;
        if (block is not null && answers.TrySpend(from, nowMs))
        {
            Send(from, new Message.BlockResponse(block));
        }
    }
}
