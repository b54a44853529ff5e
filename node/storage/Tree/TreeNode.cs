using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>An immutable subtree; null stands for the empty one. Shared by every tree version that did not change it.</summary>
internal abstract class TreeNode(in Hash256 hash)
{
    public Hash256 Hash { get; } = hash;

    public static Hash256 HashOf(TreeNode? node) => node?.Hash ?? TreeHash.Empty;
}

/// <summary>A subtree with exactly one key, at whatever depth it stands.</summary>
internal sealed class TreeLeaf(in Hash256 keyHash, in Hash256 valueHash) : TreeNode(TreeHash.Leaf(keyHash, valueHash))
{
    public Hash256 KeyHash { get; } = keyHash;

    public Hash256 ValueHash { get; } = valueHash;
}

/// <summary>
/// A subtree with two or more keys. One child may be null (all keys turn the same way), but then the other is a branch.
/// </summary>
internal sealed class TreeBranch(TreeNode? left, TreeNode? right) : TreeNode(TreeHash.Node(HashOf(left), HashOf(right)))
{
    public TreeNode? Left { get; } = left;

    public TreeNode? Right { get; } = right;
}
