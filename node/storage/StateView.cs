using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>
/// The state after one block: readable and provable, from any thread, and the same for as long as it can be read.
/// <para>
/// A view says the same all its life but may change how it says it. A speculative view holds its own changes over its parent. When its
/// block is committed its layer is exchanged, in one reference write, for a snapshot of the flat state, which by then contains those
/// changes; so a chain of views never grows beyond the blocks that are not final, and children that still point to the view read on
/// unharmed.
/// </para>
/// <para>
/// A finalised view reads through a RocksDB snapshot and thus never shows a newer block. The store keeps the snapshots of the last
/// <see cref="StoreOptions.RetainedViews"/> blocks; reading an older view, or a speculative one that was built on it, throws a
/// <see cref="StorageException"/> with <see cref="StorageFault.Expired"/>; so does a proof under it, and a view with changes over it.
/// </para>
/// </summary>
public sealed class StateView
{
    /// <summary>Longest key, in bytes.</summary>
    public const int KeyBytesMax = 256;

    /// <summary>Longest value, in bytes.</summary>
    public const int ValueBytesMax = 1 << 20;

    private readonly StateTree tree;
    private volatile Layer layer;

    private StateView(ulong height, StateTree tree, Layer layer)
    {
        Height = height;
        this.tree = tree;
        this.layer = layer;
    }

    /// <summary>The block after which this is the state.</summary>
    public ulong Height { get; }

    /// <summary>The state root.</summary>
    public Hash256 Root => tree.Root;

    /// <summary>Number of keys.</summary>
    public int Count => tree.Count;

    /// <summary>The state that the genesis starts with: changes over nothing, at height 0.</summary>
    internal static StateView Genesis(StateTree empty, IReadOnlyCollection<StateChange> changes)
        => Over(parent: null, empty, height: 0, changes);

    internal static StateView Finalised(ulong height, StateTree tree, StateSnapshot snapshot)
        => new(height, tree, new SnapshotLayer(snapshot));

    /// <summary>The changes against the parent; null once the view is finalised.</summary>
    internal IReadOnlyDictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?>? Changes => (layer as ChangesLayer)?.Changes;

    /// <summary>The view's version of the tree.</summary>
    internal StateTree Tree => tree;

    /// <summary>The view that this one was made from; none if it is finalised or the genesis.</summary>
    internal StateView? Parent => (layer as ChangesLayer)?.Parent;

    /// <summary>The value of a key.</summary>
    /// <exception cref="StorageException">The view expired, or the disk failed.</exception>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        value = default;
        for (StateView? view = this; view is not null;)
        {
            switch (view.layer)
            {
                case ChangesLayer changes when changes.ByKey.TryGetValue(key, out ReadOnlyMemory<byte>? changed):
                    value = changed.GetValueOrDefault();
                    return changed.HasValue;
                case ChangesLayer changes:
                    view = changes.Parent;
                    break;
                case SnapshotLayer flat:
                    byte[]? stored = flat.Snapshot.Get(key);
                    value = stored;
                    return stored is not null;
            }
        }
        return false;
    }

    /// <summary>
    /// The state one block later, with these changes. Nothing is written: the view becomes durable by <see cref="ChainStore.Commit"/>, or
    /// is dropped by forgetting it. Keys and values are not copied and must not be modified afterwards.
    /// </summary>
    /// <exception cref="ArgumentException">A key appears twice, or a key or value is beyond its limit.</exception>
    /// <exception cref="StorageException">The view expired.</exception>
    public StateView With(IReadOnlyCollection<StateChange> changes) => Over(this, tree, Height + 1, changes);

    /// <summary>The entries whose key starts with the prefix, in order of key; an empty prefix gives all.</summary>
    /// <exception cref="StorageException">The view expired before the first entry was read, or the disk failed.</exception>
    public IEnumerable<StateEntry> Enumerate(ReadOnlyMemory<byte> prefix)
    {
        SortedDictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> changed = new(ByteOrder.Instance);
        for (StateView? view = this; view is not null;)
        {
            switch (view.layer)
            {
                case ChangesLayer changes:
                    foreach ((ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value) in changes.Changes)
                    {
                        // The newest view comes first and wins.
                        if (key.Span.StartsWith(prefix.Span))
                            changed.TryAdd(key, value);
                    }
                    view = changes.Parent;
                    break;
                case SnapshotLayer flat:
                    return Merge(flat.Snapshot.Enumerate(prefix), changed);
            }
        }
        return Merge([], changed);
    }

    /// <summary>The proof that a key is present or absent under <see cref="Root"/>.</summary>
    /// <exception cref="StorageException">The view expired.</exception>
    public StateProof Prove(ReadOnlySpan<byte> key) => tree.Prove(Hashing.Sha256(key));

    /// <summary>The flat state now holds this view: reads through the snapshot from here on, and lets go of changes and parent.</summary>
    internal void Settle(StateSnapshot snapshot) => layer = new SnapshotLayer(snapshot);

    private static StateView Over(StateView? parent, StateTree tree, ulong height, IReadOnlyCollection<StateChange> changes)
    {
        Dictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> byKey = new(changes.Count, ByteOrder.Instance);
        StateChange[] list = [.. changes];
        foreach (ref readonly StateChange change in list.AsSpan())
        {
            if (change.Key.Length is 0 or > KeyBytesMax || change.Value is { Length: > ValueBytesMax })
                throw new ArgumentException($"A key has 1 to {KeyBytesMax} bytes and a value at most {ValueBytesMax}.", nameof(changes));
            if (!byKey.TryAdd(change.Key, change.Value))
                throw new ArgumentException($"The key {Convert.ToHexStringLower(change.Key.Span)} changes twice.", nameof(changes));
        }
        return new StateView(height, tree.Update(ChangeHashing.Hash(list)), new ChangesLayer(parent, byKey));
    }

    private static IEnumerable<StateEntry> Merge(
        IEnumerable<StateEntry> stored, SortedDictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> changed)
    {
        using SortedDictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?>.Enumerator next = changed.GetEnumerator();
        bool hasNext = next.MoveNext();
        foreach (StateEntry entry in stored)
        {
            int order = 1;
            while (hasNext && (order = ByteOrder.Instance.Compare(next.Current.Key, entry.Key)) <= 0)
            {
                if (next.Current.Value is { } value)
                    yield return new StateEntry(next.Current.Key, value);
                hasNext = next.MoveNext();
                if (order == 0)
                    break;
            }
            if (order != 0)
                yield return entry;
        }
        for (; hasNext; hasNext = next.MoveNext())
        {
            if (next.Current.Value is { } value)
                yield return new StateEntry(next.Current.Key, value);
        }
    }

    private abstract class Layer;

    private sealed class SnapshotLayer(StateSnapshot snapshot) : Layer
    {
        public StateSnapshot Snapshot { get; } = snapshot;
    }

    private sealed class ChangesLayer(StateView? parent, Dictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> changes) : Layer
    {
        public StateView? Parent { get; } = parent;

        public Dictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> Changes { get; } = changes;

        public Dictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?>.AlternateLookup<ReadOnlySpan<byte>> ByKey { get; }
            = changes.GetAlternateLookup<ReadOnlySpan<byte>>();
    }
}
