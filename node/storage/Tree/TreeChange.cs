using AppChain.Crypto;

namespace AppChain.Storage;

/// <summary>A change of one leaf of a <see cref="StateTree"/>.</summary>
public readonly record struct TreeChange
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

    /// <summary>The tree change of a change of the state: the hashes of its key and value.</summary>
    public static TreeChange Of(in StateChange change)
    {
        Hash256 keyHash = Hashing.Sha256(change.Key.Span);
        return change.Value is { } value ? Put(keyHash, Hashing.Sha256(value.Span)) : Delete(keyHash);
    }
}
