using System;

namespace AppChain.Consensus;

// Recovery: replay all of the journal, then start. Part of the durability contract (README.md).
public sealed partial class Core
{
    /// <summary>Takes one journal record, in the order of appending, before <see cref="Input.Start"/>.</summary>
    public ReplayResult Replay(ReadOnlySpan<byte> record)
    {
        Invariant.Check(!started, "the journal is replayed before the start");
        if (!JournalEntry.TryDecode(record, out var entry))
        {
            return ReplayResult.Foreign;
        }

        switch (entry)
        {
            case JournalEntry.OwnVote(var vote):
                return Restored(vote.Body.Epoch, vote.View, vote.Signer, () => Restore(vote));
            case JournalEntry.OwnProposal(var block):
                return Restored(block.Header.Epoch, block.View, block.Header.Leader, () => RestoreProposal(block));
            case JournalEntry.Accepted(var certificate):
                // Verified when it was accepted; the journal's own checksums vouch for it since.
                return Restored(certificate.Body.Epoch, certificate.View, options.Signer, () => Keep(certificate, from: null));
            case JournalEntry.Certified(var block):
                return Restored(block.Header.Epoch, block.View, options.Signer, () => RestoreBlock(block));
            case JournalEntry.Offence(var offence):
                evidence.Add(offence);
                return Restored(
                    offence.First.Body.Epoch, offence.View, options.Signer, () => Condemn(StateOf(offence.View), offence));
            default:
                throw new InvariantException($"{entry.GetType().Name} is replayed");
        }
    }

    /// <summary>Takes a vote of ours that the host remembers apart from the journal, after all of the journal and before
    /// <see cref="Input.Start"/>. If the journal was lost or is an old copy, what we signed still binds us, counts, and is sent
    /// again. What the journal knows, and what is final, changes nothing.</summary>
    public void Recall(Vote vote)
    {
        Invariant.Check(!started && vote.Signer == options.Signer, "own votes are recalled before the start");
        if (vote.Body.Epoch != options.Epoch || vote.View <= Finalized.View)
        {
            return;
        }

        if (Find(vote.View)?.Own(vote.Kind) is { } journaled)
        {
            Invariant.Check(journaled.Body == vote.Body, $"journal and memory agree on our vote in view {vote.View}");
            return;
        }

        Restore(vote);
    }

    /// <summary>The vote, if this journal record holds one of our own.</summary>
    public static bool TryReadOwnVote(ReadOnlySpan<byte> journalRecord, out Vote vote)
    {
        vote = JournalEntry.TryDecode(journalRecord, out var entry) && entry is JournalEntry.OwnVote own ? own.Vote : null!;
        return vote is not null;
    }

    /// <param name="author">Our own seat, or the journal is somebody else's; in another epoch our seat was another.</param>
    ReplayResult Restored(Epoch epoch, View view, ushort? author, Action restore)
    {
        if (epoch.Value > options.Epoch.Value)
        {
            return ReplayResult.OfLaterEpoch;
        }

        if (epoch == options.Epoch && author != options.Signer)
        {
            return ReplayResult.Foreign;
        }

        if (epoch != options.Epoch || view <= Finalized.View)
        {
            return ReplayResult.Obsolete;
        }

        restore();
        return ReplayResult.Applied;
    }

    void Restore(Vote vote)
    {
        var state = StateOf(vote.View);
        Invariant.Check(state.Own(vote.Kind) is null, "the journal has one own vote of a kind per view");
        state.SetOwn(vote);
        if (!state.VotesForgotten)
        {
            state.Votes.Add(vote);
        }

        if (vote.View > View)
        {
            Enter(vote.View); // We were there.
        }
    }

    void RestoreProposal(Block block)
    {
        var state = StateOf(block.View);
        state.Propose(block, VoteBody.For(VoteKind.Notarize, block.Header, block.Hash), ProposalStage.Valid);
        if (block.View > View)
        {
            Enter(block.View);
        }
    }

    void RestoreBlock(Block block)
    {
        var state = StateOf(block.View);
        Certify(state, block.Hash, []);
        state.Block = block;
        state.InJournal = true;
    }

    void OnStart()
    {
        started = true;
        activity.Start(nowMs);
        ResetView();
        foreach (var offence in evidence)
        {
            effects.Add(new Effect.Report(offence));
        }

        // Our own votes count again. If everybody stopped after voting, nobody else will bring them.
        foreach (var state in (ViewState[])[.. states.Values])
        {
            foreach (var kind in Enum.GetValues<VoteKind>())
            {
                if (state.Own(kind) is { } vote)
                {
                    FormCertificate(state, vote.Body);
                }
            }
        }

        Resend();
    }
}
