using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>
/// One version of the canonical Merkle tree over the state (README, "The tree"). It never changes: an update is a new version that shares
/// what it does not touch, so that a speculative block costs only its changes and is dropped by forgetting it. Its nodes are in the slabs
/// of its <see cref="TreeHistory"/>. Safe for any number of readers.
/// </summary>
internal sealed class StateTree
{
    private readonly TreeHistory history;
    private int readers;
    private volatile bool isExpired;

    internal StateTree(TreeHistory history, TreeTop top, StateTree? parent)
    {
        this.history = history;
        Top = top;
        Parent = parent;
    }

    /// <summary>The root hash; readable for ever.</summary>
    public Hash256 Root => Top.Root;

    /// <summary>Number of keys; readable for ever.</summary>
    public int Count => Top.Count;

    internal TreeTop Top { get; }

    /// <summary>The version that this one was made from; null when it is final. Keeps the nodes that both share.</summary>
    internal StateTree? Parent { get; private set; }

    /// <summary>The final version that this one stands on: itself, if it is final.</summary>
    internal StateTree Base
    {
        get
        {
            StateTree tree = this;
            while (tree.Parent is { } parent)
                tree = parent;
            return tree;
        }
    }

    internal bool IsExpired => isExpired;

    internal bool IsBeingRead => Volatile.Read(ref readers) > 0;

    /// <summary>The version after the changes; this one if they change nothing.</summary>
    /// <param name="changes">In strictly ascending order of key hash. Deleting an absent key changes nothing.</param>
    /// <exception cref="ArgumentException">The changes are not in strictly ascending order.</exception>
    /// <exception cref="StorageException">Expired.</exception>
    public StateTree Update(TreeChange[] changes) => history.Update(this, changes);

    /// <summary>The proof that a key is present or absent under <see cref="Root"/>.</summary>
    /// <exception cref="StorageException">Expired: the nodes of this version are gone.</exception>
    public StateProof Prove(in Hash256 keyHash)
    {
        // The reader is counted before it looks, the history looks at the count after it says expired: one of them sees the other.
        Interlocked.Increment(ref readers);
        try
        {
            if (isExpired)
                throw Expired();
            return TreeProver.Prove(history.Shards, Top, keyHash);
        }
        finally
        {
            Interlocked.Decrement(ref readers);
            // Until here, so that the history does not take this version for a forgotten one.
            GC.KeepAlive(this);
        }
    }

    internal void MarkFinal() => Parent = null;

    internal void MarkExpired()
    {
        isExpired = true;
        Interlocked.MemoryBarrier();
    }

    internal static StorageException Expired() => new(
        StorageFault.Expired,
        "This version of the state tree is no longer held: newer blocks were committed. Take the current view and ask again.");
}
