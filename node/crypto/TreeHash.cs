using System.Runtime.CompilerServices;

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

    private const int PaddedSize = 2 * Sha256Lanes.BlockSize;

    // The first byte keeps leaves and nodes apart, so that neither can be passed off as the other.
    internal const byte LeafDomain = 0x00;
    internal const byte NodeDomain = 0x01;

    /// <summary>The hash of a subtree that holds no key.</summary>
    public static Hash256 Empty => Hash256.Zero;

    /// <summary><c>H(0x00 ‖ keyHash ‖ valueHash)</c>.</summary>
    public static Hash256 Leaf(in Hash256 keyHash, in Hash256 valueHash) => Hashing.Sha256(TreeInput.Leaf(keyHash, valueHash).Bytes);

    /// <summary><c>H(0x01 ‖ left ‖ right)</c>.</summary>
    public static Hash256 Node(in Hash256 left, in Hash256 right) => Hashing.Sha256(TreeInput.Node(left, right).Bytes);

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

    /// <summary>The hash of each leaf or node, eight at once where the processor can.</summary>
    /// <exception cref="ArgumentException">There is less room for hashes than inputs.</exception>
    [SkipLocalsInit]
    public static void Hash(ReadOnlySpan<TreeInput> inputs, Span<Hash256> hashes)
    {
        if (hashes.Length < inputs.Length)
            throw new ArgumentException($"{inputs.Length} inputs need as many hashes, not {hashes.Length}.", nameof(hashes));
        if (!Sha256Lanes.IsSupported)
        {
            for (int i = 0; i < inputs.Length; i++)
                hashes[i] = Hashing.Sha256(inputs[i].Bytes);
            return;
        }
        // The padding is written once: every input has the same length.
        Span<byte> lanes = stackalloc byte[Sha256Lanes.Count * PaddedSize];
        Span<Hash256> digests = stackalloc Hash256[Sha256Lanes.Count];
        for (int lane = 0; lane < Sha256Lanes.Count; lane++)
            Sha256Lanes.Pad(lanes.Slice(lane * PaddedSize, PaddedSize), TreeInput.Size);
        for (int begin = 0; begin < inputs.Length; begin += Sha256Lanes.Count)
        {
            int count = Math.Min(Sha256Lanes.Count, inputs.Length - begin);
            for (int lane = 0; lane < count; lane++)
                inputs[begin + lane].Bytes.CopyTo(lanes[(lane * PaddedSize)..]);
            Sha256Lanes.Hash(lanes, PaddedSize / Sha256Lanes.BlockSize, digests);
            digests[..count].CopyTo(hashes[begin..]);
        }
    }
}
