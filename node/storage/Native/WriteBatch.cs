namespace AppChain.Storage.Native;

/// <summary>Changes that <see cref="Database.Write"/> makes all at once or not at all. Keys and values are copied in.</summary>
internal sealed class WriteBatch(nint[] columnFamilies) : IDisposable
{
    public WriteBatchHandle Handle { get; } = RocksDbNative.CreateWriteBatch();

    /// <summary>Operations in the batch; RocksDB numbers each with one sequence.</summary>
    public int Count => RocksDbNative.Count(Handle);

    public void Put(ColumnFamily family, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        => RocksDbNative.Put(Handle, columnFamilies[(int)family], key, (nuint)key.Length, value, (nuint)value.Length);

    public void Delete(ColumnFamily family, ReadOnlySpan<byte> key)
        => RocksDbNative.Delete(Handle, columnFamilies[(int)family], key, (nuint)key.Length);

    /// <summary>
    /// Deletes the keys from <paramref name="from"/> to before <paramref name="to"/>. Never an empty range: RocksDB counts it in
    /// <see cref="Count"/> and then gives it no sequence, and the durable mark would lie ahead of the log.
    /// </summary>
    public void DeleteRange(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
        => RocksDbNative.DeleteRange(Handle, columnFamilies[(int)family], from, (nuint)from.Length, to, (nuint)to.Length);

    public void Dispose() => Handle.Dispose();
}
