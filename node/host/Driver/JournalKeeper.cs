using AppChain.Consensus;
using AppChain.Storage;

namespace AppChain.Node.Driver;

/// <summary>Keeps the core's journal: appends each turn's records in one synced write, and prunes what the durable tip has made needless.</summary>
public sealed class JournalKeeper(Journal journal, Func<View> durableTipView)
{
    private readonly Queue<(ulong Sequence, View View)> kept = new();
    private View pruned;
    private ulong lastReplayed;

    /// <summary>Feeds the whole journal to the core, before its first input.</summary>
    /// <exception cref="StorageException">A record is damaged.</exception>
    /// <exception cref="ConfigException">A record was not written by this validator.</exception>
    public void Replay(Core core)
    {
        foreach (JournalRecord record in journal.ReadAll())
        {
            if (core.Replay(record.Bytes.Span) == ReplayResult.Foreign)
            {
                throw new ConfigException(
                    $"The journal's record {record.Sequence} is not this validator's: the data directory belongs to another key or chain. "
                    + "Start with the key that it was made with; do not copy a data directory between validators.");
            }
            lastReplayed = record.Sequence;
        }
    }

    /// <summary>The core has started. Which view each replayed record was for is its own knowledge: all of them go once the tip reaches the view it starts in.</summary>
    public void OnReplayed(View startedIn)
    {
        if (lastReplayed > 0)
            kept.Enqueue((lastReplayed, startedIn));
    }

    /// <summary>Appends the records in one write and returns when they are on disk.</summary>
    public void Append(IReadOnlyList<Effect.Append> appends)
    {
        if (appends.Count == 0)
            return;
        ulong last = journal.Append([.. appends.Select(append => append.Record)]);
        ulong sequence = last - (ulong)appends.Count;
        foreach (Effect.Append append in appends)
            kept.Enqueue((++sequence, append.View));
    }

    /// <summary>Drops the oldest records, as far as both the durable tip and the core are past their view.</summary>
    /// <param name="floor">The core's own journal floor.</param>
    public void Prune(View floor)
    {
        View durable = durableTipView();
        View tip = durable < floor ? durable : floor;
        if (tip == pruned)
            return;
        pruned = tip;
        ulong? needless = null;
        while (kept.TryPeek(out (ulong Sequence, View View) oldest) && oldest.View <= tip)
            needless = kept.Dequeue().Sequence;
        if (needless is { } sequence)
            journal.PruneBefore(sequence + 1);
    }
}
