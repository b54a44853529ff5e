using AppChain.Ledger;
using AppChain.Storage;

namespace AppChain.Node.Driver;

/// <summary>The ledger's reading glass on a storage view.</summary>
public sealed class LedgerState(StateView view) : ILedgerState
{
    /// <summary>The block after which this is the state.</summary>
    public ulong Height => view.Height;

    /// <summary>The ledger's changes in the store's form.</summary>
    public static StateChange[] ToStored(IReadOnlyCollection<LedgerChange> changes) =>
        [.. changes.Select(change => change.Value is { } value ? StateChange.Put(change.Key, value) : StateChange.Delete(change.Key))];

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value) => view.TryGet(key, out value);
}
