namespace AppChain.Storage.Native;

/// <summary>Sees one entry; the spans are valid during the call only.</summary>
internal delegate void EntryVisitor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

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
    public static Database Open(string path, StoreOptions limits, bool mustExist = false)
    {
        DatabaseHandle? handle = null;
        try
        {
            if (mustExist && !File.Exists(Path.Combine(path, "synced")))
                throw new StorageException(StorageFault.NotFound, $"{path} is no data directory: it holds no chain. A node's is the folder `data` in its home.");
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
    /// Opens the database for reading only. Nothing in the directory is changed, and no node can start on it meanwhile.
    /// </summary>
    public static Database OpenReadOnly(string path, StoreOptions limits)
    {
        DurableMark? mark = null;
        string log = Directory.CreateTempSubdirectory("appchain-log-").FullName;
        try
        {
            mark = DurableMark.OpenReadOnly(path);
            DatabaseHandle handle = DatabaseOpening.Open(Path.Combine(path, "db"), limits, out nint[] columnFamilies, readOnlyLog: log);
            Database database = new(path, limits.DiskReserveBytes, handle, columnFamilies, mark);
            database.CheckNothingSyncedIsLost();
            return database;
        }
        catch (Exception exception)
        {
            mark?.Dispose();
            throw exception switch
            {
                FileNotFoundException or DirectoryNotFoundException => new StorageException(
                    StorageFault.NotFound, $"{path} is no data directory: it holds no chain. A node's is the folder `data` in its home.", exception),
                UnauthorizedAccessException => new StorageException(
                    StorageFault.Permission, $"This user may not read {path}: run as the user that runs appchain.", exception),
                IOException => NativeError.HeldByANode(path, exception),
                _ => exception,
            };
        }
        finally
        {
            // The text log was RocksDB's for the opening only; the file goes when the database closes.
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
        using PinnedValueHandle value = RocksDbNative.GetPinned(
            handle, snapshot ?? latest, columnFamilies[(int)family], key, (nuint)key.Length, out nint error);
        NativeError.Check(error, path, $"cannot read column family {ColumnFamilies.Name(family)}");
        if (value.IsInvalid)
            return null;
        byte* bytes = RocksDbNative.PinnedValue(value, out nuint length);
        return new ReadOnlySpan<byte>(bytes, checked((int)length)).ToArray();
    }

    public unsafe bool Contains(ColumnFamily family, ReadOnlySpan<byte> key)
    {
        using PinnedValueHandle value = RocksDbNative.GetPinned(
            handle, latest, columnFamilies[(int)family], key, (nuint)key.Length, out nint error);
        NativeError.Check(error, path, $"cannot read column family {ColumnFamilies.Name(family)}");
        return !value.IsInvalid;
    }

    /// <summary>
    /// The entries whose key starts with the prefix, in order of key, copied. Consistent from the first entry to the last.
    /// </summary>
    public IEnumerable<StateEntry> Enumerate(ColumnFamily family, ReadOnlyMemory<byte> prefix, ReadOptionsHandle? snapshot = null)
    {
        using IteratorHandle iterator = new(handle, snapshot ?? latest, columnFamilies[(int)family]);
        RocksDbNative.Seek(iterator, prefix.Span, (nuint)prefix.Length);
        while (TryReadEntry(iterator, prefix.Span, out StateEntry entry))
        {
            yield return entry;
            RocksDbNative.Next(iterator);
        }
        CheckIterator(iterator, family);
    }

    /// <summary>Shows every entry of a column family in order of key, without copies.</summary>
    public unsafe void Scan(ColumnFamily family, ReadOptionsHandle snapshot, EntryVisitor visit)
    {
        using IteratorHandle iterator = new(handle, snapshot, columnFamilies[(int)family]);
        for (RocksDbNative.Seek(iterator, default, 0); RocksDbNative.IsValid(iterator) != 0; RocksDbNative.Next(iterator))
        {
            byte* key = RocksDbNative.Key(iterator, out nuint keyLength);
            byte* value = RocksDbNative.Value(iterator, out nuint valueLength);
            visit(new ReadOnlySpan<byte>(key, checked((int)keyLength)), new ReadOnlySpan<byte>(value, checked((int)valueLength)));
        }
        CheckIterator(iterator, family);
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

    private void CheckIterator(IteratorHandle iterator, ColumnFamily family)
    {
        RocksDbNative.GetError(iterator, out nint error);
        NativeError.Check(error, path, $"cannot read column family {ColumnFamilies.Name(family)}");
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
        ulong found = RocksDbNative.GetLatestSequenceNumber(handle);
        ulong promised = mark.Sequence;
        if (found >= promised)
            return;
        Dispose();
        throw new StorageException(
            StorageFault.Corruption,
            $"Storage in {path}: the write-ahead log ends at write {found}, but writes up to {promised} were acknowledged as durable. "
            + $"The log was cut or a file is missing. {NativeError.RepairAdvice}");
    }
}
