using System.Runtime.InteropServices;

namespace AppChain.Storage.Native;

/// <summary>Opens RocksDB with our options, and closes what was opened if anything fails.</summary>
internal static unsafe class DatabaseOpening
{
    /// <summary>
    /// kTolerateCorruptedTailRecords. After a crash the log's end may be cut off in the middle of a record, or filled with zeros: this
    /// mode drops that record and opens. A record whose checksum is wrong is something else, damage, possibly under data that was synced:
    /// this mode refuses to open and leaves the files as they are. The others do not fit: kPointInTimeRecovery (the default) silently
    /// drops everything after the damage, votes included; kSkipAnyCorruptedRecords leaves a hole; kAbsoluteConsistency would refuse the
    /// torn tail that every power cut may leave. What this mode cannot see, a log cut below its synced end, <see cref="DurableMark"/>
    /// does.
    /// </summary>
    private const int TolerateCorruptedTailRecords = 0;

    /// <summary>
    /// HEADER_LEVEL: RocksDB's own text log (the LOG files) gets its options at open and nothing after. Debian builds the library with
    /// assertions, and one aborts the process at the second line that does not fit on a full disk. What matters comes back as an error
    /// anyway.
    /// </summary>
    private const int InfoLogHeadersOnly = 5;
    private const nuint InfoLogFilesMax = 4;

    /// <param name="readOnlyLog">Null opens for writing. Else nothing in the directory is changed, and RocksDB's text log goes to this
    /// directory instead.</param>
    public static DatabaseHandle Open(string path, StoreOptions limits, out nint[] columnFamilies, string? readOnlyLog = null)
    {
        int count = ColumnFamilies.Names.Length;
        using OptionsHandle options = CommonOptions(limits);
        if (readOnlyLog is not null)
            RocksDbNative.SetLogDirectory(options, readOnlyLog);
        using CacheHandle cache = RocksDbNative.CreateLruCache((nuint)limits.BlockCacheBytes);
        OptionsHandle[] familyOptions = [.. Enumerable.Range(0, count).Select(i => FamilyOptions(limits.Tuning((ColumnFamily)i), limits, cache))];
        nint[] names = [.. ColumnFamilies.Names.Select(Marshal.StringToCoTaskMemUTF8)];
        nint[] optionPointers = [.. familyOptions.Select(static handle => handle.DangerousGetHandle())];
        columnFamilies = new nint[count];
        try
        {
            nint database, error;
            fixed (nint* namesPointer = names, optionsPointer = optionPointers, familiesPointer = columnFamilies)
            {
                database = readOnlyLog is null
                    ? RocksDbNative.Open(options, path, count, namesPointer, optionsPointer, familiesPointer, out error)
                    : RocksDbNative.OpenReadOnly(options, path, count, namesPointer, optionsPointer, familiesPointer, 0, out error);
            }
            NativeError.Check(error, path, "cannot open the database");
            return new DatabaseHandle(database, columnFamilies);
        }
        finally
        {
            foreach (nint name in names)
                Marshal.FreeCoTaskMem(name);
            foreach (OptionsHandle handle in familyOptions)
                handle.Dispose();
        }
    }

    private static OptionsHandle CommonOptions(StoreOptions limits)
    {
        OptionsHandle options = RocksDbNative.CreateOptions();
        RocksDbNative.SetCreateIfMissing(options, 1);
        RocksDbNative.SetCreateMissingColumnFamilies(options, 1);
        RocksDbNative.SetWalRecoveryMode(options, TolerateCorruptedTailRecords);
        RocksDbNative.SetMaxTotalWalSize(options, (ulong)limits.WriteAheadLogBytesMax);
        RocksDbNative.SetInfoLogLevel(options, InfoLogHeadersOnly);
        RocksDbNative.SetKeepLogFileNum(options, InfoLogFilesMax);
        return options;
    }

    private static OptionsHandle FamilyOptions(FamilyTuning tuning, StoreOptions limits, CacheHandle cache)
    {
        OptionsHandle options = RocksDbNative.CreateOptions();
        RocksDbNative.SetWriteBufferSize(options, (nuint)limits.WriteBufferBytes);
        RocksDbNative.SetCompression(options, (int)tuning.Tables);
        RocksDbNative.SetDynamicLevelBytes(options, tuning.DynamicLevels ? (byte)1 : (byte)0);
        if (tuning.BlobBytesMin is { } blobBytesMin)
        {
            RocksDbNative.SetEnableBlobFiles(options, 1);
            RocksDbNative.SetMinBlobSize(options, blobBytesMin);
            RocksDbNative.SetBlobCompression(options, (int)tuning.Blobs);
            RocksDbNative.SetEnableBlobGarbageCollection(options, tuning.BlobCollectionAge > 0 ? (byte)1 : (byte)0);
            RocksDbNative.SetBlobCollectionAge(options, tuning.BlobCollectionAge);
        }
        using TableOptionsHandle table = RocksDbNative.CreateTableOptions();
        RocksDbNative.SetBlockCache(table, cache);
        RocksDbNative.SetBlockSize(table, (nuint)tuning.BlockBytes);
        if (tuning.BloomBits > 0)
            RocksDbNative.SetFilterPolicy(table, RocksDbNative.CreateBloomFilterPolicy(tuning.BloomBits));
        RocksDbNative.SetBlockBasedTableFactory(options, table);
        return options;
    }
}
