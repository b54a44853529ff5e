using AppChain.Consensus;
using AppChain.Node.Signer;
using AppChain.Storage;

namespace AppChain.Node.Driver;

/// <summary>
/// Keeps the core's journal: appends each turn's records in one synced write, with the votes among them in the signer record, and prunes
/// what the durable tip has made needless.
/// </summary>
public sealed class JournalKeeper(Journal journal, Func<ulong> durableHeight, VoteGuard guard)
{
    private readonly Queue<(ulong Sequence, Epoch Epoch, View View)> kept = new();
    private (ulong Height, Epoch Epoch, View View)? floor;
    private ulong lastReplayed;

    /// <summary>Feeds the whole journal to a new core, before its first input, and then the votes that only the signer record knows.</summary>
    /// <exception cref="StorageException">A record is damaged.</exception>
    /// <exception cref="ConfigException">A record was not written by this validator.</exception>
    /// <exception cref="SignerRecordException">Journal and signer record contradict each other.</exception>
    public void Replay(Epoch epoch, Core core)
    {
        bool later = false;
        foreach (JournalRecord record in journal.ReadAll())
        {
            ReplayResult result = core.Replay(record.Bytes.Span);
            if (result == ReplayResult.Foreign)
            {
                throw new ConfigException(
                    $"The journal's record {record.Sequence} is not this validator's: the data directory belongs to another key or chain. "
                    + "Start with the key that it was made with; do not copy a data directory between validators.");
            }
            if (Core.TryReadOwnVote(record.Bytes.Span, out Vote vote))
                guard.OnJournaled(vote.Body);
            later |= result == ReplayResult.OfLaterEpoch; // That and what follows are for a core to come.
            if (!later)
                lastReplayed = record.Sequence;
        }
        guard.OnReplayed(epoch, core, journalIsNew: journal.LastSequence == 0);
    }

    /// <summary>The core has started. Which view each replayed record was for is its own knowledge: all of them go once the tip reaches the view it starts in.</summary>
    public void OnReplayed(Epoch epoch, View startedIn)
    {
        if (kept.Count == 0 && lastReplayed > 0)
            kept.Enqueue((lastReplayed, epoch, startedIn));
    }

    /// <summary>
    /// Appends the records of a core of this epoch in one write, then the votes among them to the signer record, and returns when both
    /// are on disk. In this order: after a crash in between the journal knows more, and nothing of it was sent.
    /// </summary>
    /// <exception cref="SignerRecordException">A vote contradicts an earlier one: nothing was written.</exception>
    public void Append(Epoch epoch, IReadOnlyList<Effect.Append> appends)
    {
        if (appends.Count == 0)
            return;
        guard.Admit(appends);
        ulong last = journal.Append([.. appends.Select(append => append.Record)]);
        ulong sequence = last - (ulong)appends.Count;
        foreach (Effect.Append append in appends)
            kept.Enqueue((++sequence, epoch, append.View));
        guard.Save();
    }

    /// <summary>Drops the oldest records, as far as both the durable tip and the core are past their view.</summary>
    public void Prune(Epoch epoch, Core core)
    {
        floor ??= (core.Finalized.Height.Value, epoch, core.JournalFloor);
        if (floor is not { } past || durableHeight() < past.Height)
            return;
        floor = null;
        ulong? needless = null;
        while (kept.TryPeek(out var oldest)
            && (oldest.Epoch.Value < past.Epoch.Value || (oldest.Epoch == past.Epoch && oldest.View <= past.View)))
            needless = kept.Dequeue().Sequence;
        if (needless is { } sequence)
            journal.PruneBefore(sequence + 1);
    }
}
