using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>
/// The canonical Merkle tree over the state (README, "The tree"). Immutable: an update copies the paths it touches and shares the rest,
/// so that a speculative block costs only its changes and is dropped by forgetting it. Safe for any number of readers.
/// </summary>
public sealed class StateTree
{
    private readonly TreeNode? root;

    private StateTree(TreeNode? root, int count)
    {
        this.root = root;
        Count = count;
    }

    /// <summary>The tree without keys; its root is 32 zero bytes.</summary>
    public static StateTree Empty { get; } = new(null, 0);

    /// <summary>The root hash.</summary>
    public Hash256 Root => TreeNode.HashOf(root);

    /// <summary>Number of keys.</summary>
    public int Count { get; }

    /// <summary>The tree of these leaves, from nothing. Sorts the array.</summary>
    /// <exception cref="ArgumentException">A key hash appears twice.</exception>
    public static StateTree Build(TreeChange[] leaves)
    {
        Sort(leaves);
        return Empty.Update(leaves);
    }

    /// <summary>Orders changes as <see cref="Update"/> needs them.</summary>
    public static void Sort(TreeChange[] changes) => Array.Sort(changes, static (x, y) => x.KeyHash.CompareTo(y.KeyHash));

    /// <summary>The tree after the changes. Each touched node is hashed once.</summary>
    /// <param name="changes">In strictly ascending order of key hash. Deleting an absent key changes nothing.</param>
    /// <exception cref="ArgumentException">The changes are not in strictly ascending order.</exception>
    public StateTree Update(ReadOnlySpan<TreeChange> changes)
    {
        for (int i = 1; i < changes.Length; i++)
        {
            if (changes[i - 1].KeyHash.CompareTo(changes[i].KeyHash) >= 0)
                throw new ArgumentException($"Changes {i - 1} and {i} are not in strictly ascending order of key hash.", nameof(changes));
        }
        int count = Count;
        TreeNode? updated = Update(root, changes, depth: 0, ref count);
        return ReferenceEquals(updated, root) ? this : new StateTree(updated, count);
    }

    /// <summary>The proof that a key is present or absent under <see cref="Root"/>.</summary>
    public StateProof Prove(in Hash256 keyHash)
    {
        List<Hash256> siblings = [];
        TreeNode? node = root;
        while (node is TreeBranch branch)
        {
            bool right = TreeHash.GoesRight(keyHash, siblings.Count);
            siblings.Add(TreeNode.HashOf(right ? branch.Left : branch.Right));
            node = right ? branch.Right : branch.Left;
        }
        return node switch
        {
            TreeLeaf leaf when leaf.KeyHash == keyHash => StateProof.Present([.. siblings]),
            TreeLeaf other => StateProof.AbsentOtherLeaf([.. siblings], other.KeyHash, other.ValueHash),
            _ => StateProof.AbsentEmptySlot([.. siblings]),
        };
    }

    // A leaf that stands above its changes is carried down with them, as if it were a child, until they part.
    private static TreeNode? Update(TreeNode? node, ReadOnlySpan<TreeChange> changes, int depth, ref int count)
    {
        if (changes.IsEmpty)
            return node;
        if (changes.Length == 1 && node is not TreeBranch && (node is null || ((TreeLeaf)node).KeyHash == changes[0].KeyHash))
            return Replace((TreeLeaf?)node, changes[0], ref count);

        int firstRight = FirstRight(changes, depth);
        (TreeNode? left, TreeNode? right) = node switch
        {
            TreeBranch branch => (branch.Left, branch.Right),
            TreeLeaf leaf => TreeHash.GoesRight(leaf.KeyHash, depth) ? (null, node) : (node, (TreeNode?)null),
            _ => (null, null),
        };
        TreeNode? newLeft = Update(left, changes[..firstRight], depth + 1, ref count);
        TreeNode? newRight = Update(right, changes[firstRight..], depth + 1, ref count);
        bool isSame = ReferenceEquals(newLeft, left) && ReferenceEquals(newRight, right);
        return isSame ? node : Join(newLeft, newRight);
    }

    private static TreeLeaf? Replace(TreeLeaf? old, in TreeChange change, ref int count)
    {
        if (change.IsDelete)
        {
            if (old is not null)
                count--;
            return null;
        }
        if (old is null)
            count++;
        else if (old.ValueHash == change.ValueHash)
            return old;
        return new TreeLeaf(change.KeyHash, change.ValueHash);
    }

    // What makes the tree canonical: a lone leaf rises until it meets a sibling.
    private static TreeNode? Join(TreeNode? left, TreeNode? right) => (left, right) switch
    {
        (null, null) => null,
        (TreeLeaf leaf, null) => leaf,
        (null, TreeLeaf leaf) => leaf,
        _ => new TreeBranch(left, right),
    };

    // The changes share their first `depth` bits and are sorted: those that turn right are a suffix.
    private static int FirstRight(ReadOnlySpan<TreeChange> changes, int depth)
    {
        int low = 0, high = changes.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (TreeHash.GoesRight(changes[middle].KeyHash, depth))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
