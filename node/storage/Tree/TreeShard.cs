using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>
/// The nodes of one of the subtrees at depth <see cref="TreeTop.Depth"/>, of all versions that are held. A node never changes: an update
/// adds nodes and says which of the old ones its version has no use for. One thread at a time adds and frees; any thread reads.
/// </summary>
internal sealed class TreeShard
{
    private readonly Slab<TreeBranch> branches = new(1);
    private readonly Slab<TreeEntry>[] buckets =
        [.. Enumerable.Range(1, NodeRef.BucketEntriesMax).Select(static size => new Slab<TreeEntry>(size))];

    /// <summary>Memory that is allocated, in use or free, in bytes.</summary>
    public long CapacityBytes => branches.CapacityBytes + buckets.Sum(static slab => slab.CapacityBytes);

    public ref readonly TreeBranch Branch(NodeRef node) => ref branches[node.Slot][0];

    /// <summary>The entries of a bucket in order of key hash; none for the empty subtree.</summary>
    public ReadOnlySpan<TreeEntry> Bucket(NodeRef node) => node.IsEmpty ? default : buckets[node.EntryCount - 1][node.Slot];

    /// <summary>Begins to fetch a subtree's memory.</summary>
    public void Prefetch(NodeRef node)
    {
        if (node.IsBranch)
            branches.Prefetch(node.Slot);
        else if (!node.IsEmpty)
            buckets[node.EntryCount - 1].Prefetch(node.Slot);
    }

    public NodeRef Add(in TreeBranch branch)
    {
        uint slot = branches.Allocate();
        branches[slot][0] = branch;
        return NodeRef.Branch(slot);
    }

    /// <param name="entries">At most <see cref="NodeRef.BucketEntriesMax"/>, in order of key hash.</param>
    public NodeRef Add(ReadOnlySpan<TreeEntry> entries)
    {
        if (entries.IsEmpty)
            return NodeRef.Empty;
        Slab<TreeEntry> slab = buckets[entries.Length - 1];
        uint slot = slab.Allocate();
        entries.CopyTo(slab[slot]);
        return NodeRef.Bucket(slot, entries.Length);
    }

    public void Free(List<NodeRef> nodes)
    {
        foreach (NodeRef node in nodes)
        {
            if (node.IsBranch)
                branches.Free(node.Slot);
            else
                buckets[node.EntryCount - 1].Free(node.Slot);
        }
    }
}

/// <summary>One version's subtree in a shard.</summary>
internal readonly record struct ShardRoot(NodeRef Node, Hash256 Hash, int Count);

/// <summary>What a version added to the nodes of a shard, and which of its parent's nodes it replaced.</summary>
internal sealed class ShardLog
{
    public List<NodeRef> Added { get; } = [];

    public List<NodeRef> Replaced { get; } = [];
}
