using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>Makes the proof of a key under one version of the tree.</summary>
internal static class TreeProver
{
    public static StateProof Prove(TreeShard[] shards, TreeTop top, in Hash256 keyHash)
    {
        List<Hash256> siblings = [];
        bool goesOn = top.Walk(keyHash, siblings, out int index);
        (TreeShard shard, NodeRef node) = (shards[index], top.ShardRoots[index].Node);
        while (node.IsBranch)
        {
            ref readonly TreeBranch branch = ref shard.Branch(node);
            bool right = TreeHash.GoesRight(keyHash, siblings.Count);
            siblings.Add(right ? branch.LeftHash : branch.RightHash);
            node = right ? branch.Right : branch.Left;
        }
        ReadOnlySpan<TreeEntry> entries = shard.Bucket(node);
        while (goesOn && entries.Length > 1)
        {
            int depth = siblings.Count, firstRight = TreePath.FirstRight(entries, depth);
            bool goesRight = TreeHash.GoesRight(keyHash, depth);
            siblings.Add(RootOf(goesRight ? entries[..firstRight] : entries[firstRight..], depth + 1));
            entries = goesRight ? entries[firstRight..] : entries[..firstRight];
        }
        if (entries.IsEmpty)
            return StateProof.AbsentEmptySlot([.. siblings]);
        return entries[0].KeyHash == keyHash
            ? StateProof.Present([.. siblings])
            : StateProof.AbsentOtherLeaf([.. siblings], entries[0].KeyHash, entries[0].ValueHash);
    }

    private static Hash256 RootOf(ReadOnlySpan<TreeEntry> entries, int depth)
    {
        if (entries.IsEmpty)
            return TreeHash.Empty;
        if (entries.Length == 1)
            return TreeHash.Leaf(entries[0].KeyHash, entries[0].ValueHash);
        int firstRight = TreePath.FirstRight(entries, depth);
        return TreeHash.Node(RootOf(entries[..firstRight], depth + 1), RootOf(entries[firstRight..], depth + 1));
    }
}
