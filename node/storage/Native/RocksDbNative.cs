using System.Runtime.InteropServices;
using AppChain.Crypto;

namespace AppChain.Storage.Native;

/// <summary>
/// The functions of RocksDB's C API (<c>rocksdb/c.h</c>) that we call, as they are. Handles own their objects (NativeHandles.cs); a raw
/// <c>nint</c> here is an object that is borrowed, or not yet owned. Every <c>char** errptr</c> is an <c>out nint</c> that
/// <see cref="NativeError.Check"/> turns into an exception and frees.
/// </summary>
internal static unsafe partial class RocksDbNative
{
    private const string Library = "rocksdb";

    /// <summary>File names under which distributions ship the versions that this binding was read against.</summary>
    internal static readonly string[] FileNames =
        ["librocksdb.so.7.8", "librocksdb.so.7", "librocksdb.so.8", "librocksdb.so.9", "librocksdb.so.10", "librocksdb.so"];

    /// <summary>Loads the library. The names are a parameter so that a test can name ones that no system has.</summary>
    internal static nint Load(IEnumerable<string> fileNames)
        => NativeLibraries.Load(typeof(RocksDbNative).Assembly, fileNames, "RocksDB", "librocksdb7.8");

    // Runs before the first call of any function below.
    static RocksDbNative() => NativeLibrary.SetDllImportResolver(
        typeof(RocksDbNative).Assembly,
        static (name, _, _) => name == Library ? Load(FileNames) : 0);

    // Database

    [LibraryImport(Library, EntryPoint = "rocksdb_open_column_families", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Open(
        OptionsHandle options, string path, int count, nint* names, nint* columnOptions, nint* columnHandles, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_open_for_read_only_column_families", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint OpenReadOnly(
        OptionsHandle options, string path, int count, nint* names, nint* columnOptions, nint* columnHandles, byte failIfLogExists,
        out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_column_family_handle_destroy")]
    public static partial void DestroyColumnFamily(nint columnFamily);

    [LibraryImport(Library, EntryPoint = "rocksdb_close")]
    public static partial void Close(nint database);

    [LibraryImport(Library, EntryPoint = "rocksdb_free")]
    public static partial void Free(nint memory);

    [LibraryImport(Library, EntryPoint = "rocksdb_get_latest_sequence_number")]
    public static partial ulong GetLatestSequenceNumber(DatabaseHandle database);

    [LibraryImport(Library, EntryPoint = "rocksdb_property_int_cf", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetProperty(DatabaseHandle database, nint columnFamily, string name, out ulong value);

    [LibraryImport(Library, EntryPoint = "rocksdb_compact_range_cf_opt")]
    public static partial void CompactRange(
        DatabaseHandle database, nint columnFamily, CompactOptionsHandle options,
        ReadOnlySpan<byte> from, nuint fromLength, ReadOnlySpan<byte> to, nuint toLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_compactoptions_create")]
    public static partial CompactOptionsHandle CreateCompactOptions();

    [LibraryImport(Library, EntryPoint = "rocksdb_compactoptions_destroy")]
    public static partial void DestroyCompactOptions(nint options);

    [LibraryImport(Library, EntryPoint = "rocksdb_compactoptions_set_exclusive_manual_compaction")]
    public static partial void SetExclusiveManualCompaction(CompactOptionsHandle options, byte value);

    [LibraryImport(Library, EntryPoint = "rocksdb_compactoptions_set_bottommost_level_compaction")]
    public static partial void SetBottommostLevelCompaction(CompactOptionsHandle options, byte value);

    [LibraryImport(Library, EntryPoint = "rocksdb_set_options_cf")]
    public static partial void SetOptions(
        DatabaseHandle database, nint columnFamily, int count, nint* keys, nint* values, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_flush_cf")]
    public static partial void Flush(DatabaseHandle database, FlushOptionsHandle options, nint columnFamily, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_flushoptions_create")]
    public static partial FlushOptionsHandle CreateFlushOptions();

    [LibraryImport(Library, EntryPoint = "rocksdb_flushoptions_destroy")]
    public static partial void DestroyFlushOptions(nint options);

    // Reads

    [LibraryImport(Library, EntryPoint = "rocksdb_get_pinned_cf")]
    public static partial PinnedValueHandle GetPinned(
        DatabaseHandle database, ReadOptionsHandle options, nint columnFamily, ReadOnlySpan<byte> key, nuint keyLength, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_pinnableslice_value")]
    public static partial byte* PinnedValue(PinnedValueHandle value, out nuint length);

    [LibraryImport(Library, EntryPoint = "rocksdb_pinnableslice_destroy")]
    public static partial void DestroyPinned(nint value);

    [LibraryImport(Library, EntryPoint = "rocksdb_create_snapshot")]
    public static partial nint CreateSnapshot(DatabaseHandle database);

    [LibraryImport(Library, EntryPoint = "rocksdb_release_snapshot")]
    public static partial void ReleaseSnapshot(nint database, nint snapshot);

    [LibraryImport(Library, EntryPoint = "rocksdb_readoptions_create")]
    public static partial nint CreateReadOptions();

    [LibraryImport(Library, EntryPoint = "rocksdb_readoptions_destroy")]
    public static partial void DestroyReadOptions(nint options);

    [LibraryImport(Library, EntryPoint = "rocksdb_readoptions_set_snapshot")]
    public static partial void SetSnapshot(nint options, nint snapshot);

    // Iteration

    [LibraryImport(Library, EntryPoint = "rocksdb_create_iterator_cf")]
    public static partial nint CreateIterator(DatabaseHandle database, ReadOptionsHandle options, nint columnFamily);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_destroy")]
    public static partial void DestroyIterator(nint iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_seek")]
    public static partial void Seek(IteratorHandle iterator, ReadOnlySpan<byte> key, nuint keyLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_seek_for_prev")]
    public static partial void SeekForPrevious(IteratorHandle iterator, ReadOnlySpan<byte> key, nuint keyLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_next")]
    public static partial void Next(IteratorHandle iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_valid")]
    public static partial byte IsValid(IteratorHandle iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_key")]
    public static partial byte* Key(IteratorHandle iterator, out nuint length);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_value")]
    public static partial byte* Value(IteratorHandle iterator, out nuint length);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_get_error")]
    public static partial void GetError(IteratorHandle iterator, out nint error);

    // Writes

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_create")]
    public static partial WriteBatchHandle CreateWriteBatch();

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_destroy")]
    public static partial void DestroyWriteBatch(nint batch);

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_count")]
    public static partial int Count(WriteBatchHandle batch);

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_put_cf")]
    public static partial void Put(
        WriteBatchHandle batch, nint columnFamily, ReadOnlySpan<byte> key, nuint keyLength, ReadOnlySpan<byte> value, nuint valueLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_delete_cf")]
    public static partial void Delete(WriteBatchHandle batch, nint columnFamily, ReadOnlySpan<byte> key, nuint keyLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_delete_range_cf")]
    public static partial void DeleteRange(
        WriteBatchHandle batch, nint columnFamily, ReadOnlySpan<byte> from, nuint fromLength, ReadOnlySpan<byte> to, nuint toLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_write")]
    public static partial void Write(DatabaseHandle database, WriteOptionsHandle options, WriteBatchHandle batch, out nint error);

    [LibraryImport(Library, EntryPoint = "rocksdb_writeoptions_create")]
    public static partial WriteOptionsHandle CreateWriteOptions();

    [LibraryImport(Library, EntryPoint = "rocksdb_writeoptions_destroy")]
    public static partial void DestroyWriteOptions(nint options);

    [LibraryImport(Library, EntryPoint = "rocksdb_writeoptions_set_sync")]
    public static partial void SetSync(WriteOptionsHandle options, byte sync);
}
