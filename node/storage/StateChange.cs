namespace AppChain.Storage;

/// <summary>
/// One change of the state: a key takes a value, or goes. Made by <see cref="Put"/> and <see cref="Delete"/> only: a null <c>byte[]</c>
/// converts silently to an <em>empty</em> value, so that a constructor with a nullable value would invite to store what was to be
/// deleted.
/// </summary>
public readonly record struct StateChange
{
    private StateChange(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value)
    {
        Key = key;
        Value = value;
    }

    /// <summary>The key, 1 to <see cref="StateView.KeyBytesMax"/> bytes.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>The new value, at most <see cref="StateView.ValueBytesMax"/> bytes; null deletes the key.</summary>
    public ReadOnlyMemory<byte>? Value { get; }

    /// <summary>The key takes this value.</summary>
    public static StateChange Put(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) => new(key, value);

    /// <summary>The key goes. Deleting an absent key changes nothing.</summary>
    public static StateChange Delete(ReadOnlyMemory<byte> key) => new(key, null);
}

/// <summary>One key of the state and its value.</summary>
public readonly record struct StateEntry(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);
