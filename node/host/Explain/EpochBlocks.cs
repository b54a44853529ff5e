using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Storage;

namespace AppChain.Node.Explain;

/// <summary>The blocks of a reward epoch: those whose time lies in it.</summary>
/// <param name="First">The first one; above <paramref name="Last"/>: there is none.</param>
/// <param name="Last">The last one, so far.</param>
/// <param name="IsClosed">The epoch has ended: the block after the last one mints for it.</param>
internal sealed record EpochBlocks(ulong First, ulong Last, bool IsClosed)
{
    /// <summary>Null: it has not begun, or has no blocks here.</summary>
    public static EpochBlocks? Of(ChainReader reader, LedgerState state, ulong epoch)
    {
        EpochRecord epochs = LedgerQueries.Supply(state).Epochs;
        ulong length = LedgerQueries.Parameters(state).EpochMs;
        if (epoch > epochs.Open || epoch > (ulong.MaxValue - epochs.GenesisMs) / length - 1)
            return null;
        ulong start = epochs.GenesisMs + (epoch * length);
        // Before the first block there is none, which a node that has pruned blocks cannot know.
        ulong? before = epoch == 0 ? 0 : reader.HeightAt(start - 1) ?? (reader.OldestKept(RetentionClass.Headers) <= 1 ? 0 : null);
        if (before is not { } parent || reader.HeightAt(start + length - 1) is not { } last)
            return null;
        return last > parent ? new EpochBlocks(parent + 1, last, IsClosed: epoch < epochs.Open) : null;
    }
}
