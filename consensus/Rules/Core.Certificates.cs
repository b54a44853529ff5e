using System.Collections.Generic;

namespace AppChain.Consensus;

// Rules 5 and 8: certificates; rule 8: finalising; rule 9: fast-forward; falling behind and catching up.
public sealed partial class Core
{
    enum Ancestry
    {
        Complete,
        Incomplete,

        /// <summary>It does not descend from the finalised tip.</summary>
        Forked,
    }

    // The highest verified finalization that cannot be applied yet, and who sent it.
    Certificate? pendingFinalization;
    ushort? pendingFrom;
    ulong? blockedSinceMs;
    ulong? syncAskedMs;
    uint syncAttempts;

    void OnCertificate(ushort from, Certificate certificate)
    {
        // What we have or no longer need is not verified: everybody broadcasts every certificate.
        if (certificate.Body.Epoch == options.Epoch
            && certificate.View > Finalized.View
            && Find(certificate.View)?.CertificateOf(certificate.Kind) is null
            && certificate.Check(options.ChainId, options.Validators, crypto) == CertificateCheck.Valid)
        {
            Accept(certificate, from);
        }
    }

    /// <summary>Keep, journal, and broadcast once, whether formed here or received: a faulty node may have given it to us alone.</summary>
    void Accept(Certificate certificate, ushort? from)
    {
        Append(certificate.View, new JournalEntry.Accepted(certificate));
        Broadcast(new Message.Proof(certificate));
        Keep(certificate, from);
        CountSignatures(StateOf(certificate.View), certificate);
    }

    void Keep(Certificate certificate, ushort? from)
    {
        var state = StateOf(certificate.View);
        state.Keep(certificate);
        if (certificate.Kind != VoteKind.Nullify)
        {
            Certify(state, certificate.Body.HeaderHash, SignersOf(certificate));
        }

        if (certificate.Kind == VoteKind.Finalize && (pendingFinalization is null || certificate.View > pendingFinalization.View))
        {
            pendingFinalization = certificate;
            pendingFrom = from;
        }

        // Rule 9: whatever a quorum says of a later view, that view has been reached.
        if (certificate.View > View)
        {
            Enter(certificate.View);
        }
    }

    void Certify(ViewState state, Digest headerHash, IReadOnlyList<ushort> holders)
    {
        state.Certify(headerHash, holders);
        if (state.View > Finalized.View)
        {
            certified[state.View] = state;
        }
    }

    List<ushort> SignersOf(Certificate certificate)
    {
        var signers = new List<ushort>(certificate.Signatures.Count);
        foreach (var part in certificate.Signatures)
        {
            if (part.Signer != options.Signer)
            {
                signers.Add(part.Signer);
            }
        }

        return signers;
    }

    /// <summary>Whether all blocks from this one down to the finalised tip are held.</summary>
    Ancestry Connect(ViewState tip)
    {
        var walked = new List<ViewState>();
        for (var state = tip; !state.Connected;)
        {
            if (!state.Held)
            {
                return Ancestry.Incomplete;
            }

            walked.Add(state);
            var header = state.Block!.Header;
            if (header.ParentView <= Finalized.View)
            {
                if (header.ParentView != Finalized.View || header.ParentHash != Finalized.Hash)
                {
                    return Ancestry.Forked;
                }

                break;
            }

            state = StateOf(header.ParentView);
        }

        foreach (var state in walked)
        {
            state.Connected = true;
        }

        return Ancestry.Complete;
    }

    bool FinalizeBlocks()
    {
        if (pendingFinalization is not { } certificate)
        {
            return false;
        }

        var tip = StateOf(certificate.View);
        var ancestry = Connect(tip);
        var descends = ancestry != Ancestry.Forked;
        Invariant.Check(descends, $"the block of view {tip.View} descends from the finalised one of view {Finalized.View}");
        if (ancestry == Ancestry.Incomplete)
        {
            AskForSyncWhenDue(certificate);
            return false;
        }

        effects.Add(new Effect.Finalize(PathTo(tip.Block!), certificate));
        SetFinalized(ChainPoint.Of(tip.Block!), certificate);
        EpochEnded = tip.Block!.Header.EndsEpoch;
        return true;
    }

    /// <summary>The blocks above the finalised tip up to this one, ascending.</summary>
    List<Block> PathTo(Block tip)
    {
        var path = new List<Block> { tip };
        while (path[^1].Header.ParentView > Finalized.View)
        {
            path.Add(StateOf(path[^1].Header.ParentView).Block!);
        }

        Invariant.Check(path[^1].Header.ParentHash == Finalized.Hash, $"the path to view {tip.View} starts at the finalised tip");
        path.Reverse();
        return path;
    }

    void SetFinalized(ChainPoint point, Certificate finalization)
    {
        Finalized = point with { View = finalization.View }; // A boundary block's may be later than its own.
        Finalization = finalization;
        stalledViews = 0;
        blockedSinceMs = null;
        syncAskedMs = null;
        syncAttempts = 0;
        if (pendingFinalization?.View <= Finalized.View)
        {
            pendingFinalization = null;
        }

        if (View <= Finalized.View)
        {
            Enter(Finalized.View.Next);
        }
        else
        {
            Forget();
        }
    }

    ulong? NextSyncMs()
    {
        if (pendingFinalization is null || blockedSinceMs is not { } blockedSince)
        {
            return null;
        }

        return (syncAskedMs ?? blockedSince) + options.Timeouts.Grown(options.Timeouts.RetryMs, syncAttempts);
    }

    // Near the tip the core first tries to fetch the blocks itself; far behind, or after a retry interval, the host's sync is faster.
    void AskForSyncWhenDue(Certificate certificate)
    {
        blockedSinceMs ??= nowMs;
        var far = syncAskedMs is null && certificate.View.Value > Finalized.View.Value + ConsensusLimits.BehindViews;
        if (far || nowMs >= NextSyncMs())
        {
            syncAskedMs = nowMs;
            syncAttempts++;
            effects.Add(new Effect.Behind(certificate, pendingFrom));
        }
    }

    void OnCaughtUp(Header header, Certificate certificate)
    {
        Invariant.Check(
            certificate.Body.Epoch == options.Epoch && certificate.Finalizes(header, options.ChainId, options.Validators, crypto),
            "the host's sync ends with a block and its valid finalization");
        if (certificate.View > Finalized.View)
        {
            SetFinalized(ChainPoint.Of(header), certificate);
            EpochEnded = header.EndsEpoch;
        }
    }
}
