using System.Runtime.InteropServices;

namespace AppChain.Crypto;

/// <summary>
/// What the hash of one leaf or node of the state tree is over: <c>domain:1 ‖ first:32 ‖ second:32</c>. Laid out as it is hashed, so that
/// many are hashed without a copy that arranges them.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct TreeInput
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 1 + (2 * Hash256.Size);

    private byte domain;

    /// <summary>The key's hash of a leaf; the left half of a node.</summary>
    public Hash256 First;

    /// <summary>The value's hash of a leaf; the right half of a node.</summary>
    public Hash256 Second;

    private TreeInput(byte domain, in Hash256 first, in Hash256 second) => (this.domain, First, Second) = (domain, first, second);

    /// <summary>The bytes to hash, without a copy; valid as long as the variable is.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(in domain, Size);

    /// <summary>A leaf: <c>0x00 ‖ keyHash ‖ valueHash</c>.</summary>
    public static TreeInput Leaf(in Hash256 keyHash, in Hash256 valueHash) => new(TreeHash.LeafDomain, keyHash, valueHash);

    /// <summary>A node: <c>0x01 ‖ left ‖ right</c>.</summary>
    public static TreeInput Node(in Hash256 left, in Hash256 right) => new(TreeHash.NodeDomain, left, right);
}
