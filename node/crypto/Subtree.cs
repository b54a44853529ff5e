namespace AppChain.Crypto;

/// <summary>
/// What a subtree of the state tree comes to: its hash, and whether it holds none, one or several keys. A lone leaf is remembered, because
/// it rises until it meets a sibling.
/// </summary>
public readonly record struct Subtree
{
    private Subtree(int keys, in Hash256 hash, in Hash256 keyHash, in Hash256 valueHash)
        => (Keys, Hash, KeyHash, ValueHash) = (keys, hash, keyHash, valueHash);

    /// <summary>The subtree without keys.</summary>
    public static Subtree Empty => default;

    /// <summary>0, 1, or 2 for two and more.</summary>
    public int Keys { get; }

    /// <summary>The hash by the rules of <see cref="TreeHash"/>.</summary>
    public Hash256 Hash { get; }

    /// <summary>H(key) of the lone leaf.</summary>
    public Hash256 KeyHash { get; }

    /// <summary>H(value) of the lone leaf.</summary>
    public Hash256 ValueHash { get; }

    /// <summary>The subtree with exactly this key.</summary>
    public static Subtree Leaf(in Hash256 keyHash, in Hash256 valueHash) => new(1, TreeHash.Leaf(keyHash, valueHash), keyHash, valueHash);

    /// <summary>The subtree with these halves.</summary>
    public static Subtree Join(in Subtree left, in Subtree right) => (left.Keys, right.Keys) switch
    {
        (0, < 2) => right,
        (1, 0) => left,
        _ => new Subtree(2, TreeHash.Node(left.Hash, right.Hash), default, default),
    };
}
