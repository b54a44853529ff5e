using AppChain.Storage.Native;
using static AppChain.Storage.Tests.TestStore;

namespace AppChain.Storage.Tests;

/// <summary>Damage on disk is reported, and never served as data.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly TestStore files = new();
    private readonly Dictionary<string, byte[]> pristine = [];

    public void Dispose() => files.Dispose();

    [Fact]
    public void TableFile_WithAFlippedByte_IsReported()
    {
        FillTables();
        // Every table: whichever holds the state, the tip or the index, opening or reading must fail, and say so.
        Capture();
        string[] tables = [.. pristine.Keys.Where(static file => file.EndsWith(".sst", StringComparison.Ordinal))];
        Assert.NotEmpty(tables);
        foreach (string table in tables)
        {
            Restore();
            CheckReported(() => Flip(table, pristine[table], position: 20));
        }
        Restore();
        using ChainStore healed = files.Open();
        ReadEverything(healed);
    }

    [Fact]
    public void BlobFile_WithAFlippedByte_IsReported()
    {
        FillTables();
        string blob = Directory.GetFiles(DatabasePath, "*.blob")[0];
        byte[] original = File.ReadAllBytes(blob);
        CheckReported(() => Flip(blob, original, position: original.Length / 2));
    }

    [Fact]
    public void TableFile_Missing_IsReported()
    {
        FillTables();
        string table = Directory.GetFiles(DatabasePath, "*.sst")[0];
        CheckReported(() => File.Delete(table));
    }

    [Fact]
    public void Log_WithAFlippedByteAnywhere_IsReportedOrLosesNothing()
    {
        Fill(30);
        (string log, byte[] original) = CaptureLog();
        int reported = 0;
        for (int position = 0; position < original.Length; position += Math.Max(1, original.Length / 60))
        {
            Restore();
            Flip(log, original, position);
            if (IsReported())
            {
                reported++;
                continue;
            }
            using ChainStore store = files.Open();
            Assert.Equal(30UL, store.Tip.Height);
        }
        Assert.True(reported > 50, $"only {reported} damaged logs were reported");
    }

    [Fact]
    public void Log_CutBelowItsSyncedEnd_IsReported()
    {
        Fill(30);
        (string log, byte[] original) = CaptureLog();
        int[] lengths = [0, 1, original.Length / 3, original.Length / 2, original.Length - 100, original.Length - 1];
        foreach (int length in lengths)
        {
            Restore();
            File.WriteAllBytes(log, original[..length]);
            StorageException exception = Assert.Throws<StorageException>(() => files.Open().Dispose());
            Assert.Equal(StorageFault.Corruption, exception.Fault);
            Assert.Contains("acknowledged as durable", exception.Message);
        }
    }

    [Fact]
    public void Log_WithATornTail_IsRepaired()
    {
        Fill(30);
        (string log, byte[] original) = CaptureLog();
        // What a power cut may leave: zeros, a stray piece, or a record whose header is whole and whose payload is cut.
        byte[] unfinished = [.. original[..4], 0x20, 0x4e, 1, .. original[^300..]];
        byte[][] tails = [new byte[5_000], [1, 2, 3], unfinished];
        foreach (byte[] tail in tails)
        {
            Restore();
            File.WriteAllBytes(log, [.. original, .. tail]);
            using ChainStore store = files.Open();
            Assert.Equal(30UL, store.Tip.Height);
            ReadEverything(store);
        }
    }

    [Fact]
    public void State_ThatDoesNotMatchItsRoot_IsReportedWithWhatToDo()
    {
        Fill(3);
        using (Database database = Database.Open(files.Path, Options))
        using (WriteBatch batch = database.NewBatch())
        {
            batch.Put(ColumnFamily.State, Bytes("a"), Bytes("tampered"));
            database.Write(batch, sync: true);
        }
        StorageException exception = Assert.Throws<StorageException>(() => ChainStore.Open(files.Path, Options));
        Assert.Equal(StorageFault.Corruption, exception.Fault);
        Assert.Contains("has the root", exception.Message);
        Assert.Contains("start again", exception.Message);
    }

    [Fact]
    public void Mark_Damaged_IsReportedAndMayBeDeleted()
    {
        Fill(3);
        string mark = Path.Combine(files.Path, "synced");
        byte[] bytes = File.ReadAllBytes(mark);
        Flip(mark, bytes, position: 7);
        StorageException exception = Assert.Throws<StorageException>(() => ChainStore.Open(files.Path, Options));
        Assert.Contains("delete that file", exception.Message);
        File.Delete(mark);
        using ChainStore store = files.Open();
        Assert.Equal(3UL, store.Tip.Height);
    }

    private string DatabasePath => Path.Combine(files.Path, "db");

    private static void Flip(string path, byte[] original, int position)
    {
        byte[] damaged = [.. original];
        damaged[position] ^= 0x40;
        File.WriteAllBytes(path, damaged);
    }

    private static void ReadEverything(ChainStore store)
    {
        ulong height = store.Tip.Height;
        ChainStoreTests.CheckBlocks(store, height);
        for (ulong i = 1; i <= height; i++)
        {
            Assert.True(store.TryGetBatch(HashOf($"batch {i}"), out ReadOnlyMemory<byte> batch));
            Assert.Equal(CrashWriter.BatchOf(i), batch.ToArray());
        }
        Assert.Equal(height, store.Journal.LastSequence);
        Assert.Equal(height, (ulong)store.Journal.ReadAll().Count());
    }

    private void Fill(int blocks)
    {
        using ChainStore store = files.Open();
        for (int i = 0; i < blocks; i++)
        {
            ulong height = store.Tip.Height + 1;
            store.PutBatch(HashOf($"batch {height}"), CrashWriter.BatchOf(height));
            store.Journal.Append([Bytes($"vote {height}")]);
            store.Commit(NextBlock(store, Put("a", $"{height}"), Put($"block {height}", "")));
        }
    }

    /// <summary>Fills the store so that nothing is left in the log: opening replays it into table and blob files.</summary>
    private void FillTables()
    {
        Fill(10);
        files.Open().Dispose();
        Assert.NotEmpty(Directory.GetFiles(DatabasePath, "*.blob"));
    }

    private void CheckReported(Action damage)
    {
        damage();
        Assert.True(IsReported(), "damaged data was served");
    }

    private bool IsReported()
    {
        try
        {
            using (ChainStore store = files.Open())
                ReadEverything(store);
            // A running node only writes its undo log.
            using OfflineStore offline = OfflineStore.Open(files.Path);
            Assert.NotEmpty(offline.RollbackHeights().ToList());
            return false;
        }
        catch (StorageException exception)
        {
            Assert.Equal(StorageFault.Corruption, exception.Fault);
            Assert.Contains(files.Path, exception.Message);
            Assert.Contains("Check the disk", exception.Message);
            return true;
        }
    }

    /// <summary>Keeps the whole directory as it is; opening a store changes more than the file that a test damages.</summary>
    private void Capture()
    {
        foreach (string file in Directory.GetFiles(files.Path, "*", SearchOption.AllDirectories))
            pristine[file] = File.ReadAllBytes(file);
    }

    private (string Path, byte[] Bytes) CaptureLog()
    {
        Capture();
        string log = pristine.Keys
            .Where(static file => file.EndsWith(".log", StringComparison.Ordinal))
            .MaxBy(file => pristine[file].Length)!;
        return (log, pristine[log]);
    }

    private void Restore()
    {
        foreach (string file in Directory.GetFiles(files.Path, "*", SearchOption.AllDirectories).Where(file => !pristine.ContainsKey(file)))
            File.Delete(file);
        foreach ((string file, byte[] bytes) in pristine)
            File.WriteAllBytes(file, bytes);
    }
}
