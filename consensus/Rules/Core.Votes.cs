using System.Collections.Generic;

namespace AppChain.Consensus;

// Our own votes, with the exclusions of rules 4, 6 and 7 as invariants. Rule 9: admission. Rule 10: evidence.
public sealed partial class Core
{
    readonly List<Evidence> evidence = [];

    void Cast(ViewState state, VoteBody body)
    {
        CheckMayCast(state, body.Kind);
        var vote = new Vote(body, options.Signer!.Value, crypto.Sign(body.SigningDigest(options.ChainId)));
        state.SetOwn(vote);
        Append(vote.View, new JournalEntry.OwnVote(vote));
        Broadcast(MessageOf(state, vote));
        Count(state, vote);
    }

    /// <summary>False without a key, and in views where a vote could contradict one that nobody remembers any more.</summary>
    bool MayVoteIn(View view) =>
        options.Signer is not null && view > options.SignAbove && view.Value + ConsensusLimits.VotedViews > View.Value;

    /// <summary>The rules that call <see cref="Cast"/> have checked all of this. It is checked again here, where the key is used: safety
    /// rests on it.</summary>
    void CheckMayCast(ViewState state, VoteKind kind)
    {
        Invariant.Check(started && MayVoteIn(state.View), "only a started validator votes, in views whose votes are remembered");
        Invariant.Check(state.View > Finalized.View, "nothing is voted on at or below the finalised tip");
        Invariant.Check(state.Own(kind) is null, "one vote of a kind per view");
        var unspoiled = state.Own(VoteKind.Nullify) is null && !state.Equivocated;
        switch (kind)
        {
            case VoteKind.Notarize:
                Invariant.Check(unspoiled, "rule 4: no notarize after nullify or equivocation");
                break;
            case VoteKind.Nullify:
                Invariant.Check(state.Own(VoteKind.Finalize) is null, "rule 7: never nullify after finalize");
                break;
            default:
                Invariant.Check(unspoiled, "rule 6: no finalize after nullify or equivocation");
                Invariant.Check(state.Notarization is not null && state.Held, "rule 6: finalize only what is notarized and held");
                break;
        }
    }

    // A leader's notarize travels with its block; but a block that is proposed again is with everybody (rule 11).
    Message MessageOf(ViewState state, Vote own) =>
        own.Kind == VoteKind.Notarize && state.Proposal is { } block && block.Header.Leader == own.Signer && !state.IsReproposal
            ? new Message.Proposal(block, own.Signature)
            : new Message.Ballot(own);

    void OnVote(Vote vote)
    {
        // Rule 9. The window bounds how many views anybody can make us keep; the tally bounds votes per signer and view.
        if (vote.Body.Epoch != options.Epoch || vote.Signer >= options.Validators.Count
            || vote.View > View.Next || vote.View.Value + ConsensusLimits.RetainedViews < Finalized.View.Value)
        {
            return;
        }

        var state = StateOf(vote.View);
        if (state.VotesForgotten || state.Votes.Holds(vote) || state.Votes.HasOffended(vote.Signer)
            || !vote.IsValid(options.ChainId, options.Validators, crypto))
        {
            return;
        }

        Count(state, vote);
    }

    /// <summary>Counts a verified vote; a quorum makes a certificate.</summary>
    void Count(ViewState state, Vote vote)
    {
        if (Tally(state, vote))
        {
            FormCertificate(state, vote.Body);
        }
    }

    bool Tally(ViewState state, Vote vote)
    {
        if (state.VotesForgotten || state.Votes.Holds(vote) || state.Votes.HasOffended(vote.Signer) || IsOffence(state, vote))
        {
            return false;
        }

        state.Votes.Add(vote);
        if (vote.Signer == options.Signer && state.Own(vote.Kind) is null)
        {
            // A vote of ours that our journal does not know: it was lost or restored from a backup. What we signed still binds us.
            state.SetOwn(vote);
        }

        return true;
    }

    void FormCertificate(ViewState state, VoteBody body)
    {
        if (state.View > Finalized.View && state.CertificateOf(body.Kind) is null
            && options.Validators.IsQuorum(state.Votes.PowerFor(body, options.Validators)))
        {
            Accept(Certificate.Of(body, state.Votes.SignaturesFor(body)), from: null);
        }
    }

    bool IsOffence(ViewState state, Vote vote)
    {
        if (state.Votes.ContradictionOf(vote) is not { } first)
        {
            return false;
        }

        var offence = new Evidence(first, vote);
        Condemn(state, offence);
        if (evidence.Count < ConsensusLimits.EvidenceMax)
        {
            evidence.Add(offence);
            Append(state.View, new JournalEntry.Offence(offence));
            effects.Add(new Effect.Report(offence));
        }

        return true;
    }

    /// <summary>Its signer is not listened to in this view any more, and a leader's two blocks are as good as none.</summary>
    void Condemn(ViewState state, Evidence offence)
    {
        state.Votes.MarkOffended(offence.Offender);
        state.Equivocated |= offence.First.Kind == VoteKind.Notarize && offence.Second.Kind == VoteKind.Notarize
            && offence.Offender == LeaderOf(state.View);
    }

    /// <summary>A certificate's signatures are votes too, and may contradict those that their signers sent us.</summary>
    void CountSignatures(ViewState state, Certificate certificate)
    {
        foreach (var part in certificate.Signatures)
        {
            Tally(state, new Vote(certificate.Body, part.Signer, part.Signature));
        }
    }
}
