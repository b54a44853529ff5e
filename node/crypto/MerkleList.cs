namespace AppChain.Crypto;

/// <summary>
/// The Merkle tree of a list of hashes (RFC 6962's shape): leaves <c>H(0x00 ‖ item)</c>, nodes <c>H(0x01 ‖ left ‖ right)</c>, and a list
/// of n &gt; 1 items splits at the largest power of two below n. The root of the empty list is 32 zero bytes.
/// </summary>
public static class MerkleList
{
    /// <summary>Most hashes in a proof: the depth of the longest list that can be addressed.</summary>
    public const int PathLengthMax = 31;

    private const byte LeafMark = 0;
    private const byte NodeMark = 1;

    private const int LeafSize = 1 + Hash256.Size;
    private const int NodeSize = 1 + 2 * Hash256.Size;

    // Hashed at a time: their inputs stay in the nearest cache.
    private const int Together = 256;

    /// <summary>The root of the items in order.</summary>
    public static Hash256 Root(ReadOnlySpan<Hash256> items)
    {
        if (items.IsEmpty)
            return Hash256.Zero;
        Hash256[] level = Leaves(items);
        for (int width = level.Length; width > 1; width = (width + 1) / 2)
            Rise(level, width);
        return level[0];
    }

    /// <summary>The hashes that prove an item's place: the siblings on the way from its leaf to the root.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The list has no such index.</exception>
    public static Hash256[] Prove(ReadOnlySpan<Hash256> items, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, items.Length);
        Hash256[] level = Leaves(items);
        var path = new List<Hash256>(PathLengthMax);
        for (int width = level.Length, place = index; width > 1; width = (width + 1) / 2, place /= 2)
        {
            if ((place ^ 1) < width)
                path.Add(level[place ^ 1]);
            Rise(level, width);
        }
        return [.. path];
    }

    /// <summary>
    /// True if the path shows that <paramref name="item"/> is at <paramref name="index"/> in the list of <paramref name="count"/> items
    /// with this root. Strict: the path must have exactly the hashes that the place asks for. The count must come from where the root does,
    /// since a root alone does not fix it.
    /// </summary>
    public static bool Verify(Hash256 root, Hash256 item, int index, int count, ReadOnlySpan<Hash256> path)
    {
        if (index < 0 || index >= count)
            return false;
        Hash256 subtree = Leaf(item);
        int used = 0;
        for (int place = index, last = count - 1; last > 0; place >>= 1, last >>= 1)
        {
            bool isRight = (place & 1) == 1;
            if (!isRight && place == last)
                continue;
            if (used == path.Length)
                return false;
            Hash256 sibling = path[used++];
            subtree = isRight ? Node(sibling, subtree) : Node(subtree, sibling);
        }
        return used == path.Length && subtree == root;
    }

    private static Hash256[] Leaves(ReadOnlySpan<Hash256> items)
    {
        Hash256[] leaves = new Hash256[items.Length];
        Span<byte> inputs = stackalloc byte[Together * LeafSize];
        for (int from = 0; from < items.Length; from += Together)
        {
            int count = Math.Min(Together, items.Length - from);
            for (int i = 0; i < count; i++)
                WriteLeaf(items[from + i], inputs[(i * LeafSize)..]);
            HashEach(inputs, LeafSize, leaves.AsSpan(from, count));
        }
        return leaves;
    }

    // From a level of this width to the one above it, in place. A last subtree without a sibling rises as it is.
    private static void Rise(Span<Hash256> level, int width)
    {
        Span<byte> inputs = stackalloc byte[Together * NodeSize];
        int pairs = width / 2;
        for (int from = 0; from < pairs; from += Together)
        {
            int count = Math.Min(Together, pairs - from);
            for (int i = 0; i < count; i++)
                WriteNode(level[2 * (from + i)], level[(2 * (from + i)) + 1], inputs[(i * NodeSize)..]);
            HashEach(inputs, NodeSize, level.Slice(from, count));
        }
        if (width % 2 == 1)
            level[pairs] = level[width - 1];
    }

    // Many at once: a single short hash has a large fixed cost.
    private static void HashEach(ReadOnlySpan<byte> inputs, int size, Span<Hash256> hashes)
    {
        Span<int> ends = stackalloc int[hashes.Length];
        for (int i = 0; i < ends.Length; i++)
            ends[i] = (i + 1) * size;
        Sha256Batch.Hash(inputs, ends, hashes);
    }

    private static Hash256 Leaf(Hash256 item)
    {
        Span<byte> input = stackalloc byte[LeafSize];
        WriteLeaf(item, input);
        return Hashing.Sha256(input);
    }

    private static Hash256 Node(Hash256 left, Hash256 right)
    {
        Span<byte> input = stackalloc byte[NodeSize];
        WriteNode(left, right, input);
        return Hashing.Sha256(input);
    }

    private static void WriteLeaf(Hash256 item, Span<byte> input)
    {
        input[0] = LeafMark;
        item.Bytes.CopyTo(input[1..]);
    }

    private static void WriteNode(Hash256 left, Hash256 right, Span<byte> input)
    {
        input[0] = NodeMark;
        left.Bytes.CopyTo(input[1..]);
        right.Bytes.CopyTo(input[(1 + Hash256.Size)..]);
    }
}
