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

    /// <summary>The root of the items in order.</summary>
    public static Hash256 Root(ReadOnlySpan<Hash256> items)
    {
        if (items.IsEmpty)
            return Hash256.Zero;
        // The complete subtrees to the left of the next item, largest first: one for each bit that is set in the count so far.
        Span<Hash256> complete = stackalloc Hash256[PathLengthMax + 1];
        int depth = 0;
        for (int i = 0; i < items.Length; i++)
        {
            Hash256 subtree = Leaf(items[i]);
            for (int count = i; (count & 1) == 1; count >>= 1)
                subtree = Node(complete[--depth], subtree);
            complete[depth++] = subtree;
        }
        Hash256 root = complete[--depth];
        while (depth > 0)
            root = Node(complete[--depth], root);
        return root;
    }

    /// <summary>The hashes that prove an item's place: the siblings on the way from its leaf to the root.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The list has no such index.</exception>
    public static Hash256[] Prove(ReadOnlySpan<Hash256> items, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, items.Length);
        Hash256[] level = new Hash256[items.Length];
        for (int i = 0; i < items.Length; i++)
            level[i] = Leaf(items[i]);

        var path = new List<Hash256>(PathLengthMax);
        for (int width = level.Length, place = index; width > 1; width = (width + 1) / 2, place /= 2)
        {
            if ((place ^ 1) < width)
                path.Add(level[place ^ 1]);
            // A last subtree without a sibling rises as it is.
            for (int i = 0; i < width; i += 2)
                level[i / 2] = i + 1 < width ? Node(level[i], level[i + 1]) : level[i];
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

    private static Hash256 Leaf(Hash256 item)
    {
        Span<byte> input = stackalloc byte[1 + Hash256.Size];
        input[0] = LeafMark;
        item.Bytes.CopyTo(input[1..]);
        return Hashing.Sha256(input);
    }

    private static Hash256 Node(Hash256 left, Hash256 right)
    {
        Span<byte> input = stackalloc byte[1 + 2 * Hash256.Size];
        input[0] = NodeMark;
        left.Bytes.CopyTo(input[1..]);
        right.Bytes.CopyTo(input[(1 + Hash256.Size)..]);
        return Hashing.Sha256(input);
    }
}
