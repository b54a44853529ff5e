using System.Buffers.Binary;
using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>A change of one leaf of a <see cref="StateTree"/>.</summary>
internal readonly record struct TreeChange
{
    private TreeChange(in Hash256 keyHash, in Hash256 valueHash, bool isDelete)
    {
        KeyHash = keyHash;
        ValueHash = valueHash;
        IsDelete = isDelete;
    }

    /// <summary>H(key).</summary>
    public Hash256 KeyHash { get; }

    /// <summary>H(value); zero for a delete.</summary>
    public Hash256 ValueHash { get; }

    /// <summary>Whether the leaf goes.</summary>
    public bool IsDelete { get; }

    /// <summary>The leaf takes this value.</summary>
    public static TreeChange Put(in Hash256 keyHash, in Hash256 valueHash) => new(keyHash, valueHash, isDelete: false);

    /// <summary>The leaf goes.</summary>
    public static TreeChange Delete(in Hash256 keyHash) => new(keyHash, default, isDelete: true);

    /// <summary>Orders changes as an update needs them.</summary>
    public static TreeChange[] Sorted(ReadOnlySpan<TreeChange> changes)
    {
        // Eight bytes decide nearly always, and are much quicker to move about than a whole change.
        ulong[] prefixes = new ulong[changes.Length];
        int[] order = new int[changes.Length];
        for (int i = 0; i < changes.Length; i++)
            (prefixes[i], order[i]) = (PrefixOf(changes[i].KeyHash), i);
        Array.Sort(prefixes, order);
        TreeChange[] sorted = new TreeChange[changes.Length];
        for (int i = 0; i < order.Length; i++)
            sorted[i] = changes[order[i]];
        OrderTies(sorted);
        return sorted;
    }

    /// <summary>Orders changes that are in order of their prefixes already.</summary>
    public static void OrderTies(Span<TreeChange> changes)
    {
        for (int begin = 0, end; begin < changes.Length; begin = end)
        {
            ulong prefix = PrefixOf(changes[begin].KeyHash);
            for (end = begin + 1; end < changes.Length && PrefixOf(changes[end].KeyHash) == prefix;)
                end++;
            if (end - begin > 1)
                changes[begin..end].Sort(static (x, y) => x.KeyHash.CompareTo(y.KeyHash));
        }
    }

    /// <summary>The first eight bytes of a hash, which order as the hash does.</summary>
    public static ulong PrefixOf(in Hash256 hash) => BinaryPrimitives.ReadUInt64BigEndian(hash.Bytes);
}
