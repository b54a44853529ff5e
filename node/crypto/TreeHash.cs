using System.Security.Cryptography;

namespace AppChain.Crypto;

/// <summary>
/// The hash rules of the canonical state tree, apart from any way of storing it, so that a client can check a proof with this room alone.
/// A subtree without keys is 32 zero bytes; a subtree with exactly one key <b>is</b> its leaf; any other is a node over its halves. The
/// key's hash gives the path: bit 0 is the most significant bit of byte 0; 0 goes left, 1 goes right.
/// </summary>
public static class TreeHash
{
    /// <summary>The longest path: two different key hashes part at bit 255 at the latest.</summary>
    public const int DepthMax = Hash256.Size * 8;

    // The first byte keeps leaves and nodes apart, so that neither can be passed off as the other.
    private const byte LeafDomain = 0x00;
    private const byte NodeDomain = 0x01;

    /// <summary>The hash of a subtree that holds no key.</summary>
    public static Hash256 Empty => Hash256.Zero;

    /// <summary><c>H(0x00 ‖ keyHash ‖ valueHash)</c>.</summary>
    public static Hash256 Leaf(in Hash256 keyHash, in Hash256 valueHash) => Pair(LeafDomain, keyHash, valueHash);

    /// <summary><c>H(0x01 ‖ left ‖ right)</c>.</summary>
    public static Hash256 Node(in Hash256 left, in Hash256 right) => Pair(NodeDomain, left, right);

    /// <summary>Whether the path of this key hash turns right at this depth; the root is at depth 0.</summary>
    public static bool GoesRight(in Hash256 keyHash, int depth) => (keyHash.Bytes[depth >> 3] & (0x80 >> (depth & 7))) != 0;

    /// <summary>How many leading bits two key hashes share: 0 to 256.</summary>
    public static int SharedBits(in Hash256 left, in Hash256 right)
    {
        int index = left.Bytes.CommonPrefixLength(right.Bytes);
        if (index == Hash256.Size)
            return DepthMax;
        int difference = left.Bytes[index] ^ right.Bytes[index];
        return (index * 8) + 7 - int.Log2(difference);
    }

    private static Hash256 Pair(byte domain, in Hash256 first, in Hash256 second)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Hash256.Size)];
        input[0] = domain;
        first.Bytes.CopyTo(input[1..]);
        second.Bytes.CopyTo(input[(1 + Hash256.Size)..]);
        Span<byte> digest = stackalloc byte[Hash256.Size];
        SHA256.HashData(input, digest);
        return new Hash256(digest);
    }
}
