using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>
/// The upper levels of one version of the tree, down to the shards, which can be updated side by side. Here a subtree knows its number of
/// keys, so that the rules hold also for a tree with fewer keys than shards.
/// </summary>
internal sealed class TreeTop
{
    /// <summary>Levels above the shards.</summary>
    public const int Depth = 4;

    /// <summary>Number of shards.</summary>
    public const int Shards = 1 << Depth;

    // Node i has the halves 2i and 2i + 1; node 1 is the root; the shards are the last.
    private readonly ShardRoot[] nodes;

    private TreeTop(ShardRoot[] nodes) => this.nodes = nodes;

    /// <summary>The top of the tree without keys.</summary>
    public static TreeTop Empty { get; } = new(new ShardRoot[2 * Shards]);

    public Hash256 Root => nodes[1].Hash;

    public int Count => nodes[1].Count;

    public ReadOnlySpan<ShardRoot> ShardRoots => nodes.AsSpan(Shards);

    /// <summary>The shard of a key hash.</summary>
    public static int ShardOf(in Hash256 keyHash) => keyHash.Bytes[0] >> (8 - Depth);

    /// <summary>The top over these shards.</summary>
    public static TreeTop Over(ReadOnlySpan<ShardRoot> shards)
    {
        ShardRoot[] nodes = new ShardRoot[2 * Shards];
        shards.CopyTo(nodes.AsSpan(Shards));
        Span<TreeInput> inputs = stackalloc TreeInput[Shards / 2];
        Span<Hash256> hashes = stackalloc Hash256[Shards / 2];
        for (int width = Shards / 2; width > 0; width /= 2)
        {
            for (int i = 0; i < width; i++)
                inputs[i] = TreeInput.Node(nodes[2 * (width + i)].Hash, nodes[(2 * (width + i)) + 1].Hash);
            TreeHash.Hash(inputs[..width], hashes);
            for (int i = 0; i < width; i++)
                nodes[width + i] = Join(nodes[2 * (width + i)], nodes[(2 * (width + i)) + 1], hashes[i]);
        }
        return new TreeTop(nodes);
    }

    /// <summary>
    /// Walks to the shard of the key hash and collects the siblings. The walk ends early at a subtree with one key or none: then the shard
    /// that has that key is <paramref name="shard"/>, if there is one.
    /// </summary>
    /// <returns>Whether the walk goes on in the shard.</returns>
    public bool Walk(in Hash256 keyHash, List<Hash256> siblings, out int shard)
    {
        int node = 1;
        while (node < Shards && nodes[node].Count > 1)
        {
            int turn = TreeHash.GoesRight(keyHash, siblings.Count) ? 1 : 0;
            siblings.Add(nodes[(2 * node) + 1 - turn].Hash);
            node = (2 * node) + turn;
        }
        bool goesOn = nodes[node].Count > 1;
        while (node < Shards)
            node = (2 * node) + (nodes[2 * node].Count > 0 ? 0 : 1);
        shard = node - Shards;
        return goesOn;
    }

    private static ShardRoot Join(in ShardRoot left, in ShardRoot right, in Hash256 hash) => (left.Count, right.Count) switch
    {
        (0, 0) => default,
        (1, 0) => new ShardRoot(NodeRef.Empty, left.Hash, 1),
        (0, 1) => new ShardRoot(NodeRef.Empty, right.Hash, 1),
        (int l, int r) => new ShardRoot(NodeRef.Empty, hash, l + r),
    };
}
