using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>
/// The flat state as it was when the snapshot was taken, whatever is committed later. Owned by the store, which disposes it.
/// </summary>
internal sealed class StateSnapshot(Database database, ulong height) : IDisposable
{
    private readonly ReadOptionsHandle snapshot = database.CreateSnapshot();

    /// <exception cref="StorageException">Expired: the store released this snapshot; or the disk failed.</exception>
    public byte[]? Get(ReadOnlySpan<byte> key)
    {
        try
        {
            return database.Get(ColumnFamily.State, key, snapshot);
        }
        catch (ObjectDisposedException exception)
        {
            throw Expired(exception);
        }
    }

    /// <summary>The entries under a prefix. Once begun, the enumeration outlives the snapshot.</summary>
    public IEnumerable<StateEntry> Enumerate(ReadOnlyMemory<byte> prefix)
    {
        using IEnumerator<StateEntry> entries = database.Enumerate(ColumnFamily.State, prefix, snapshot).GetEnumerator();
        while (MoveNext(entries))
            yield return entries.Current;
    }

    public void Dispose() => snapshot.Dispose();

    /// <summary>Begins to read every entry of the state.</summary>
    public EntryScan Scan() => database.Scan(ColumnFamily.State, snapshot);

    private bool MoveNext(IEnumerator<StateEntry> entries)
    {
        try
        {
            return entries.MoveNext();
        }
        catch (ObjectDisposedException exception)
        {
            throw Expired(exception);
        }
    }

    private StorageException Expired(Exception inner) => new(
        StorageFault.Expired,
        $"The state after block {height} is no longer held: newer blocks were committed, or the store was closed. "
        + "Take the current view and read again.",
        inner);
}
