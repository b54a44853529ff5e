using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>
/// Where a subtree stands in the slabs of its shard, in 4 bytes: nothing, a branch, or a bucket with 1 to <see cref="BucketEntriesMax"/>
/// keys. A subtree with so few keys is always a bucket and any other always a branch, so that the same keys always give the same shape.
/// </summary>
internal readonly record struct NodeRef
{
    /// <summary>
    /// Most keys of a bucket. With fewer, branches take more of the memory; with more, an update hashes more of what did not change
    /// (docs/state-tree.md).
    /// </summary>
    public const int BucketEntriesMax = 4;

    private const int KindBits = 3;
    private const uint KindMask = (1 << KindBits) - 1;
    private const uint BranchKind = KindMask;

    private readonly uint value;

    private NodeRef(uint slot, uint kind)
    {
        if (slot > uint.MaxValue >> KindBits)
            throw new InvalidOperationException($"A shard of the state tree has at most {uint.MaxValue >> KindBits} nodes of a kind.");
        value = (slot << KindBits) | kind;
    }

    /// <summary>The subtree without keys.</summary>
    public static NodeRef Empty => default;

    public bool IsEmpty => value == 0;

    public bool IsBranch => (value & KindMask) == BranchKind;

    /// <summary>Keys of a bucket; 0 for the empty subtree. Not for a branch, which does not count its keys.</summary>
    public int EntryCount => (int)(value & KindMask);

    public uint Slot => value >> KindBits;

    public static NodeRef Branch(uint slot) => new(slot, BranchKind);

    public static NodeRef Bucket(uint slot, int entries) => new(slot, (uint)entries);
}

/// <summary>A subtree with more keys than a bucket holds. The hashes of its halves stand together, as its own hash is over them.</summary>
internal readonly record struct TreeBranch(Hash256 LeftHash, Hash256 RightHash, NodeRef Left, NodeRef Right);

/// <summary>A key of the tree.</summary>
internal readonly record struct TreeEntry(Hash256 KeyHash, Hash256 ValueHash);
