namespace AppChain.Storage.Native;

/// <summary>
/// RocksDB with our column families. Reads and writes from any thread. After a write fails nothing is written any more: after a failed
/// sync nobody knows what is on disk, and trying again could acknowledge what is not.
/// </summary>
internal sealed class Database : IDisposable
{
    private readonly string path;
    private readonly DriveInfo disk;
    private readonly long diskReserveBytes;
    private readonly DatabaseHandle handle;
    private readonly nint[] columnFamilies;
    private readonly DurableMark mark;
    private readonly ReadOptionsHandle latest = new();
    private readonly WriteOptionsHandle unsynced = RocksDbNative.CreateWriteOptions();
    private readonly WriteOptionsHandle synced = RocksDbNative.CreateWriteOptions();
    private volatile StorageException? failure;

    private Database(string path, long diskReserveBytes, DatabaseHandle handle, nint[] columnFamilies, DurableMark mark)
    {
        this.path = path;
        this.diskReserveBytes = diskReserveBytes;
        disk = new DriveInfo(path);
        this.handle = handle;
        this.columnFamilies = columnFamilies;
        this.mark = mark;
        RocksDbNative.SetSync(synced, 1);
    }

    /// <summary>Opens or creates the database in <c>path/db</c>.</summary>
    public static Database Open(string path, StoreOptions limits)
    {
        DatabaseHandle? handle = null;
        try
        {
            Directory.CreateDirectory(path);
            // RocksDB first: it holds the lock that keeps a second process from the mark.
            handle = DatabaseOpening.Open(Path.Combine(path, "db"), limits, out nint[] columnFamilies);
            DurableMark mark = DurableMark.Open(path);
            Database database = new(path, limits.DiskReserveBytes, handle, columnFamilies, mark);
            database.CheckNothingSyncedIsLost();
            return database;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            handle?.Dispose();
            StorageException described = NativeError.Describe(exception.Message, path, "cannot open the data directory");
            StorageFault fault = exception is UnauthorizedAccessException ? StorageFault.Permission : described.Fault;
            throw new StorageException(fault, described.Message, exception);
        }
        catch (StorageException)
        {
            handle?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens the database in <c>path/db</c> without changing anything there. A write to it fails. It is held meanwhile: this fails while a
    /// node runs on the directory, and keeps one from starting.
    /// </summary>
    public static Database OpenReadOnly(string path)
    {
        StoreOptions limits = new();
        DurableMark? mark = null;
        DatabaseHandle? handle = null;
        // RocksDB writes its text log even then; elsewhere, and only while it opens.
        string log = Directory.CreateTempSubdirectory("appchain-log-").FullName;
        try
        {
            mark = DurableMark.OpenReadOnly(path);
            handle = DatabaseOpening.Open(Path.Combine(path, "db"), limits, out nint[] columnFamilies, readOnlyLog: log);
            Database database = new(path, limits.DiskReserveBytes, handle, columnFamilies, mark);
            database.CheckNothingSyncedIsLost();
            return database;
        }
        catch (Exception exception)
        {
            handle?.Dispose();
            mark?.Dispose();
            if (exception is IOException or UnauthorizedAccessException)
                throw NativeError.CannotRead(path, exception);
            throw;
        }
        finally
        {
            Directory.Delete(log, recursive: true);
        }
    }

    /// <summary>A view of the data as it is now. Dispose it before the database.</summary>
    public ReadOptionsHandle CreateSnapshot() => new(handle);

    public WriteBatch NewBatch() => new(columnFamilies);

    /// <summary>The value of a key, copied; null if absent.</summary>
    /// <param name="snapshot">What to read through; null reads the latest data.</param>
    public unsafe byte[]? Get(ColumnFamily family, ReadOnlySpan<byte> key, ReadOptionsHandle? snapshot = null)
    {
        using PinnedValueHandle value = GetPinned(family, key, snapshot);
        return value.IsInvalid ? null : Bytes(value).ToArray();
    }

    /// <summary>A part of the value of a key, copied; null if the key is absent, empty if the value is shorter than that.</summary>
    public byte[]? GetPart(ColumnFamily family, ReadOnlySpan<byte> key, int offset, int length)
    {
        using PinnedValueHandle value = GetPinned(family, key, snapshot: null);
        if (value.IsInvalid)
            return null;
        ReadOnlySpan<byte> bytes = Bytes(value);
        return offset > bytes.Length || length > bytes.Length - offset ? [] : bytes.Slice(offset, length).ToArray();
    }

    public bool Contains(ColumnFamily family, ReadOnlySpan<byte> key)
    {
        using PinnedValueHandle value = GetPinned(family, key, snapshot: null);
        return !value.IsInvalid;
    }

    /// <summary>
    /// The entries whose key starts with the prefix, in order of key, copied. Consistent from the first entry to the last.
    /// </summary>
    /// <param name="from">The key to start at, or just behind; empty: the prefix.</param>
    public IEnumerable<StateEntry> Enumerate(
        ColumnFamily family, ReadOnlyMemory<byte> prefix, ReadOptionsHandle? snapshot = null, ReadOnlyMemory<byte> from = default)
    {
        ReadOnlyMemory<byte> start = from.IsEmpty ? prefix : from;
        using IteratorHandle iterator = new(handle, snapshot ?? latest, columnFamilies[(int)family]);
        RocksDbNative.Seek(iterator, start.Span, (nuint)start.Length);
        while (TryReadEntry(iterator, prefix.Span, out StateEntry entry))
        {
            start = entry.Key;
            yield return entry;
            RocksDbNative.Next(iterator);
        }
        CheckIterator(iterator, family, start.Span);
    }

    /// <summary>The last entry whose key is not above this one; null if there is none.</summary>
    public StateEntry? LastAtOrBefore(ColumnFamily family, ReadOnlySpan<byte> key)
    {
        using IteratorHandle iterator = new(handle, latest, columnFamilies[(int)family]);
        RocksDbNative.SeekForPrevious(iterator, key, (nuint)key.Length);
        bool found = TryReadEntry(iterator, default, out StateEntry entry);
        CheckIterator(iterator, family, key);
        return found ? entry : null;
    }

    /// <summary>Begins to read every entry of a column family in order of key.</summary>
    public EntryScan Scan(ColumnFamily family, ReadOptionsHandle snapshot)
        => new(new IteratorHandle(handle, snapshot, columnFamilies[(int)family]), iterator => CheckIterator(iterator, family, default));

    /// <summary>
    /// Rewrites the files that hold keys from <paramref name="from"/> to <paramref name="to"/>, so that what was deleted there gives its
    /// space back; empty bounds are open. Other compactions and writes go on meanwhile.
    /// </summary>
    public void Compact(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        using CompactOptionsHandle options = RocksDbNative.CreateCompactOptions();
        RocksDbNative.SetExclusiveManualCompaction(options, 0);
        RocksDbNative.CompactRange(handle, columnFamilies[(int)family], options, from, (nuint)from.Length, to, (nuint)to.Length);
    }

    /// <summary>Writes what a column family has in memory to a file.</summary>
    public void Flush(ColumnFamily family)
    {
        using FlushOptionsHandle options = RocksDbNative.CreateFlushOptions();
        RocksDbNative.Flush(handle, options, columnFamilies[(int)family], out nint error);
        NativeError.Check(error, path, $"cannot write column family {ColumnFamilies.Name(family)} to a file");
    }

    /// <summary>One of RocksDB's numbers about a column family, such as <c>rocksdb.total-sst-files-size</c>.</summary>
    public ulong Property(ColumnFamily family, string name)
        => RocksDbNative.GetProperty(handle, columnFamilies[(int)family], name, out ulong value) == 0
            ? value
            : throw new ArgumentException($"RocksDB has no number {name}.", nameof(name));

    private PinnedValueHandle GetPinned(ColumnFamily family, ReadOnlySpan<byte> key, ReadOptionsHandle? snapshot)
    {
        PinnedValueHandle value = RocksDbNative.GetPinned(
            handle, snapshot ?? latest, columnFamilies[(int)family], key, (nuint)key.Length, out nint error);
        if (error == 0)
            return value;
        value.Dispose();
        throw NativeError.Take(error, path, $"cannot read {Damage.Place(family, key)}");
    }

    private static unsafe ReadOnlySpan<byte> Bytes(PinnedValueHandle value)
    {
        byte* bytes = RocksDbNative.PinnedValue(value, out nuint length);
        return new ReadOnlySpan<byte>(bytes, checked((int)length));
    }

    /// <summary>Makes the changes of a batch, all or none.</summary>
    /// <param name="sync">Whether to return only when this write, and every one before it, is on disk. All column families share one log,
    /// and RocksDB syncs all of it.</param>
    public void Write(WriteBatch batch, bool sync)
    {
        if (failure is { } earlier)
        {
            throw new StorageException(
                earlier.Fault, $"Storage is stopped since a write failed: restart the node. First failure: {earlier.Message}", earlier);
        }
        // Deletes are never synced on their own: space can still be freed below the reserve.
        if (sync)
            CheckDiskReserve();
        // Read before the write: others may write at the same time, and only what precedes ours is synced with it.
        ulong before = RocksDbNative.GetLatestSequenceNumber(handle);
        try
        {
            RocksDbNative.Write(handle, sync ? synced : unsynced, batch.Handle, out nint error);
            NativeError.Check(error, path, sync ? "cannot write and sync" : "cannot write");
            if (sync)
                mark.Raise(before + (ulong)batch.Count);
        }
        catch (StorageException exception)
        {
            failure = exception;
            throw;
        }
        catch (IOException exception)
        {
            failure = NativeError.Describe(exception.Message, path, "cannot write the durable mark");
            throw failure;
        }
    }

    public void Dispose()
    {
        latest.Dispose();
        unsynced.Dispose();
        synced.Dispose();
        handle.Dispose();
        mark.Dispose();
    }

    private static unsafe bool TryReadEntry(IteratorHandle iterator, ReadOnlySpan<byte> prefix, out StateEntry entry)
    {
        entry = default;
        if (RocksDbNative.IsValid(iterator) == 0)
            return false;
        ReadOnlySpan<byte> key = new(RocksDbNative.Key(iterator, out nuint keyLength), checked((int)keyLength));
        if (!key.StartsWith(prefix))
            return false;
        ReadOnlySpan<byte> value = new(RocksDbNative.Value(iterator, out nuint valueLength), checked((int)valueLength));
        entry = new StateEntry(key.ToArray(), value.ToArray());
        return true;
    }

    private void CheckIterator(IteratorHandle iterator, ColumnFamily family, ReadOnlySpan<byte> last)
    {
        RocksDbNative.GetError(iterator, out nint error);
        NativeError.Check(error, path, $"cannot read on after {Damage.Place(family, last)}");
    }

    // Before anything is written, so that the store is still whole: a refusal here may be tried again when there is space.
    private void CheckDiskReserve()
    {
        long free;
        try
        {
            free = disk.AvailableFreeSpace;
        }
        catch (IOException exception)
        {
            throw NativeError.Describe(exception.Message, path, "cannot read the free disk space");
        }
        if (free < diskReserveBytes)
        {
            throw NativeError.Describe(
                $"No space left on device: {free >> 20} MiB are free, {diskReserveBytes >> 20} MiB are kept in reserve",
                path,
                "cannot write and sync");
        }
    }

    private void CheckNothingSyncedIsLost()
    {
        ulong promised = mark.Sequence;
        ulong found = RocksDbNative.GetLatestSequenceNumber(handle);
        if (found >= promised)
            return;
        Dispose();
        throw new StorageException(
            StorageFault.Corruption,
            $"Storage in {path}: the write-ahead log ends at write {found}, but writes up to {promised} were acknowledged as durable. "
            + $"The log was cut or a file is missing. {NativeError.RepairAdvice}");
    }
}
