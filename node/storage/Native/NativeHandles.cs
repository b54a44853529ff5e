using System.Runtime.InteropServices;

namespace AppChain.Storage.Native;

// Who owns what, and what must outlive what:
//   options, table options, cache   ours from create to destroy; RocksDB copies or shares what it needs of them when the database opens.
//   database                        ours; closed when the store is disposed AND no iterator or snapshot is left: each of those holds a
//                                   counted reference on it, because RocksDB must not be closed under them.
//   column family handles           owned by the DatabaseHandle, destroyed just before the database is closed.
//   snapshot                        owned by the ReadOptionsHandle that reads through it: the options point to it.
//   iterator                        ours; holds the database open; keeps its own view of the data, so its read options may die first.
//   pinned value                    ours; points into a cache block or a copy; must die before the database, thus is never kept.
//   write batch, write, compact and flush options   ours.

internal abstract class NativeHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;
}

internal sealed class OptionsHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        RocksDbNative.DestroyOptions(handle);
        return true;
    }
}

internal sealed class TableOptionsHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        RocksDbNative.DestroyTableOptions(handle);
        return true;
    }
}

/// <summary>Our share of the block cache; the table factories hold theirs.</summary>
internal sealed class CacheHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        RocksDbNative.DestroyCache(handle);
        return true;
    }
}

internal sealed class CompactOptionsHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        RocksDbNative.DestroyCompactOptions(handle);
        return true;
    }
}

internal sealed class FlushOptionsHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        RocksDbNative.DestroyFlushOptions(handle);
        return true;
    }
}

internal sealed class WriteOptionsHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        RocksDbNative.DestroyWriteOptions(handle);
        return true;
    }
}

internal sealed class WriteBatchHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        RocksDbNative.DestroyWriteBatch(handle);
        return true;
    }
}

/// <summary>A value found by a get; invalid if the key is absent.</summary>
internal sealed class PinnedValueHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        RocksDbNative.DestroyPinned(handle);
        return true;
    }
}

/// <summary>The database and its column families.</summary>
internal sealed class DatabaseHandle : NativeHandle
{
    private readonly nint[] columnFamilies;

    public DatabaseHandle(nint database, nint[] columnFamilies)
    {
        this.columnFamilies = columnFamilies;
        SetHandle(database);
    }

    protected override bool ReleaseHandle()
    {
        foreach (nint columnFamily in columnFamilies)
            RocksDbNative.DestroyColumnFamily(columnFamily);
        RocksDbNative.Close(handle);
        return true;
    }
}

/// <summary>Read options, and the snapshot that they read through if there is one.</summary>
internal sealed class ReadOptionsHandle : NativeHandle
{
    private readonly DatabaseHandle? database;
    private readonly nint snapshot;

    /// <summary>Reads the latest data.</summary>
    public ReadOptionsHandle() => SetHandle(RocksDbNative.CreateReadOptions());

    /// <summary>Reads the data as it is now, until disposed. Keeps the database open.</summary>
    public ReadOptionsHandle(DatabaseHandle database)
        : this()
    {
        bool isReferenced = false;
        database.DangerousAddRef(ref isReferenced);
        this.database = database;
        snapshot = RocksDbNative.CreateSnapshot(database);
        RocksDbNative.SetSnapshot(handle, snapshot);
    }

    protected override bool ReleaseHandle()
    {
        RocksDbNative.DestroyReadOptions(handle);
        if (database is not null)
        {
            if (snapshot != 0)
                RocksDbNative.ReleaseSnapshot(database.DangerousGetHandle(), snapshot);
            database.DangerousRelease();
        }
        return true;
    }
}

/// <summary>An iterator. Keeps the database open.</summary>
internal sealed class IteratorHandle : NativeHandle
{
    private readonly DatabaseHandle database;

    public IteratorHandle(DatabaseHandle database, ReadOptionsHandle options, nint columnFamily)
    {
        bool isReferenced = false;
        database.DangerousAddRef(ref isReferenced);
        this.database = database;
        try
        {
            SetHandle(RocksDbNative.CreateIterator(database, options, columnFamily));
        }
        catch
        {
            // Options or database were disposed meanwhile. A handle that was never set is never released: give the reference back here.
            database.DangerousRelease();
            throw;
        }
    }

    protected override bool ReleaseHandle()
    {
        RocksDbNative.DestroyIterator(handle);
        database.DangerousRelease();
        return true;
    }
}
