namespace AppChain.Storage.Native;

/// <summary>Reads every entry of a column family in order of key, many at a time.</summary>
internal sealed class EntryScan(IteratorHandle iterator, Action<IteratorHandle> check) : IDisposable
{
    private bool hasBegun;

    /// <summary>Fills the batch with the next entries; false if there are none.</summary>
    /// <exception cref="StorageException">The disk failed or a file is damaged.</exception>
    public unsafe bool TryRead(EntryBatch batch)
    {
        batch.Clear();
        if (!hasBegun)
            RocksDbNative.Seek(iterator, default, 0);
        hasBegun = true;
        for (; !batch.IsFull && RocksDbNative.IsValid(iterator) != 0; RocksDbNative.Next(iterator))
        {
            byte* key = RocksDbNative.Key(iterator, out nuint keyLength);
            byte* value = RocksDbNative.Value(iterator, out nuint valueLength);
            batch.Add(new ReadOnlySpan<byte>(key, checked((int)keyLength)), new ReadOnlySpan<byte>(value, checked((int)valueLength)));
        }
        check(iterator);
        return batch.Count > 0;
    }

    public void Dispose() => iterator.Dispose();
}

/// <summary>Some entries, one after the other: key, value, key, value …</summary>
internal sealed class EntryBatch
{
    /// <summary>Most entries of a batch.</summary>
    public const int EntriesMax = 4_096;

    private const int BytesFull = 1 << 20;

    private readonly int[] ends = new int[2 * EntriesMax];
    private byte[] bytes = new byte[BytesFull];
    private int length;

    /// <summary>Number of entries.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == EntriesMax || length >= BytesFull;

    /// <summary>The bytes of all entries.</summary>
    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, length);

    /// <summary>Where the key and the value of each entry end.</summary>
    public ReadOnlySpan<int> Ends => ends.AsSpan(0, 2 * Count);

    public void Clear() => (Count, length) = (0, 0);

    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        int end = length + key.Length + value.Length;
        if (end > bytes.Length)
            Array.Resize(ref bytes, Math.Max(end, 2 * bytes.Length));
        key.CopyTo(bytes.AsSpan(length));
        value.CopyTo(bytes.AsSpan(length + key.Length));
        ends[2 * Count] = length + key.Length;
        ends[(2 * Count++) + 1] = length = end;
    }
}
