using AppChain.Consensus;

namespace AppChain.Node.Driver;

/// <summary>Tells who slept through the end of an epoch how it ended: the finalization of its boundary block (consensus/README.md,
/// contract 10). The driver's loop only.</summary>
public sealed class EpochEnds(ChainReader reader)
{
    private readonly Dictionary<int, ulong> answeredMs = [];
    private (Epoch Epoch, Message? Proof) last = (new Epoch(ulong.MaxValue), null);
    private ulong askedMs;

    /// <summary>Whether this peer's question is answered now: one per <see cref="NodeLimits.EpochAnswerIntervalMs"/> is.</summary>
    public bool MayAnswer(int peer, ulong nowMs)
    {
        if (answeredMs.TryGetValue(peer, out ulong before) && nowMs < before + NodeLimits.EpochAnswerIntervalMs)
            return false;
        answeredMs[peer] = nowMs;
        return true;
    }

    /// <summary>Whether a question of our own may be sent now: at the same interval.</summary>
    public bool MayAsk(ulong nowMs)
    {
        if (nowMs < askedMs + NodeLimits.EpochAnswerIntervalMs)
            return false;
        askedMs = nowMs;
        return true;
    }

    /// <summary>The proof that this epoch has ended; null if it has not, or the block is not kept any more.</summary>
    public Message? ProofOf(Epoch epoch)
    {
        if (last.Epoch != epoch)
            last = (epoch, Find(epoch));
        return last.Proof;
    }

    private Message.Proof? Find(Epoch epoch)
    {
        // Epochs ascend with height: the boundary block is the last that is not of a later one.
        (ulong low, ulong high) = (0, reader.Tip.Height);
        while (low < high)
        {
            ulong middle = high - ((high - low) / 2);
            if (reader.FindHeader(middle) is { } header && header.Epoch.Value > epoch.Value)
                high = middle - 1;
            else
                low = middle;
        }
        return reader.FindHeader(low) is { EndsEpoch: true } boundary && boundary.Epoch == epoch
            && Certificate.TryDecode(reader.Finalization(low).Span, out Certificate finalization)
            ? new Message.Proof(finalization)
            : null;
    }
}
