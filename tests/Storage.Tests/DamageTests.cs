using AppChain.Crypto;
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
    public void TableFile_OfAnyColumnFamily_IsReportedWithItsNameKeyAndAdvice()
    {
        FillTables();
        Capture();
        string[] tables = [.. pristine.Keys.Where(static file => file.EndsWith(".sst", StringComparison.Ordinal))];
        HashSet<string> reported = [];
        foreach (string table in tables)
        {
            Restore();
            Flip(table, pristine[table], position: 20);
            foreach (ColumnFamily family in Enum.GetValues<ColumnFamily>())
            {
                if (ReadFamily(family) is not { Fault: StorageFault.Corruption } report)
                    continue;
                Assert.Contains("Check the disk", report.Message);
                // One file is one column family's: reading that one names it. (Meta and state are read at every open.)
                if (report.Message.Contains($"column family {ColumnFamilies.Name(family)}, key ", StringComparison.Ordinal))
                    reported.Add(ColumnFamilies.Name(family));
            }
        }
        Assert.Equal(ColumnFamilies.Names.Except(["default"]).Order(), reported.Order());
    }

    [Fact]
    public void BlobFile_WithAFlippedByte_NamesTheBatch()
    {
        FillTables();
        string blob = Directory.GetFiles(DatabasePath, "*.blob")[0];
        byte[] original = File.ReadAllBytes(blob);
        Flip(blob, original, position: original.Length / 2);
        using ChainStore store = files.Open();
        List<StorageException> reports = [];
        for (ulong height = 1; height <= store.Tip.Height; height++)
        {
            Hash256 id = HashOf($"batch {height}");
            try
            {
                Assert.True(store.TryGetBatch(id, out ReadOnlyMemory<byte> batch));
                Assert.Equal(CrashWriter.BatchOf(height), batch.ToArray());
            }
            catch (StorageException report)
            {
                Assert.Contains($"column family batches, key {id}", report.Message);
                reports.Add(report);
            }
        }
        Assert.All(reports, report => Assert.Equal(StorageFault.Corruption, report.Fault));
        Assert.Single(reports);
    }

    /// <summary>A record that the database gives back whole, but that nobody wrote so.</summary>
    [Theory]
    [InlineData(ColumnFamily.Headers, "0000000000000002")]
    [InlineData(ColumnFamily.Receipts, "000000000000000200000000")]
    [InlineData(ColumnFamily.Index, "01")]
    [InlineData(ColumnFamily.Journal, "0000000000000002")]
    [InlineData(ColumnFamily.Meta, "746970")]
    [InlineData(ColumnFamily.Meta, "726574656e74696f6e")]
    [InlineData(ColumnFamily.Meta, "67656e65736973")]
    public void Record_CutShort_IsReportedWithItsColumnFamilyAndKey(ColumnFamily family, string prefixHex)
    {
        Fill(3);
        using (Database database = Database.Open(files.Path, Options))
        using (WriteBatch batch = database.NewBatch())
        {
            StateEntry entry = database.Enumerate(family, Convert.FromHexString(prefixHex)).First();
            batch.Put(family, entry.Key.Span, entry.Value.Span[..(entry.Value.Length / 2)]);
            database.Write(batch, sync: true);
        }
        StorageException? report = ReadFamily(family);
        Assert.Equal(StorageFault.Corruption, report?.Fault);
        string place = family == ColumnFamily.Journal ? "journal of own votes" : $"column family {ColumnFamilies.Name(family)}, key ";
        Assert.Contains(place, report!.Message);
        Assert.Contains("Check the disk", report.Message);
    }

    [Fact]
    public void Receipt_Missing_IsReportedAndNotTakenForUnknown()
    {
        Fill(3);
        using (Database database = Database.Open(files.Path, Options))
        using (WriteBatch batch = database.NewBatch())
        {
            batch.Delete(ColumnFamily.Receipts, ColumnFamilies.ReceiptRow(2, 0));
            database.Write(batch, sync: true);
        }
        using ChainStore store = files.Open();
        StorageException report = Assert.Throws<StorageException>(() => store.TryGetTransaction(TransactionId(2, 1), out _));
        Assert.Contains("column family receipts, key 000000000000000200000000", report.Message);
        Assert.Throws<StorageException>(() => store.ReadTransactions(2).Count());
    }

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
    public void Log_CutAnywhereAboveItsSyncedEnd_KeepsAllThatWasSynced()
    {
        long synced;
        using (ChainStore store = files.Open())
        {
            for (int i = 1; i <= 20; i++)
                store.Journal.Append([Bytes($"vote {i}"), Bytes($"certificate {i}")]);
            synced = new FileInfo(Assert.Single(Directory.GetFiles(DatabasePath, "*.log"))).Length;
            for (ulong i = 1; i <= 4; i++)
                store.PutBatch(HashOf($"batch {i}"), CrashWriter.BatchOf(i));
        }
        (string log, byte[] original) = CaptureLog();
        Assert.True(original.Length > synced + 4 * 3_000, $"{original.Length} bytes, of which {synced} are synced");
        Random random = new(3);
        for (int round = 0; round < 60; round++)
        {
            Restore();
            File.WriteAllBytes(log, original[..random.Next((int)synced, original.Length + 1)]);
            using ChainStore store = files.Open();
            Assert.Equal(
                Enumerable.Range(1, 20).SelectMany(i => new[] { $"vote {i}", $"certificate {i}" }),
                store.Journal.ReadAll().Select(record => Text(record.Bytes)));
            // A batch is there whole or not at all.
            for (ulong i = 1; i <= 4; i++)
                Assert.True(!store.TryGetBatch(HashOf($"batch {i}"), out ReadOnlyMemory<byte> batch) || batch.Span.SequenceEqual(CrashWriter.BatchOf(i)));
        }
    }

    [Fact]
    public void Log_CutOrFlippedAtRandom_IsReportedOrLosesNothing()
    {
        Fill(30);
        (string log, byte[] original) = CaptureLog();
        Random random = new(4);
        int reported = 0;
        const int rounds = 80;
        for (int round = 0; round < rounds; round++)
        {
            Restore();
            byte[] damaged = random.Next(3) == 0 ? original[..random.Next(original.Length)] : [.. original];
            for (int flips = random.Next(1, 5); flips > 0 && damaged.Length > 0; flips--)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(log, damaged);
            if (IsReported())
            {
                reported++;
                continue;
            }
            using ChainStore store = files.Open();
            ReadEverything(store);
            Assert.Equal(30UL, store.Tip.Height);
        }
        Assert.True(reported > rounds * 3 / 4, $"only {reported} of {rounds} damaged logs were reported");
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

    /// <summary>Reads all of one column family, without opening the chain; null if nothing was wrong.</summary>
    private StorageException? ReadFamily(ColumnFamily family)
    {
        try
        {
            using StoreRecords records = StoreRecords.Open(files.Path);
            _ = family switch
            {
                ColumnFamily.State => records.State().Count(),
                ColumnFamily.Headers => records.Headers().Count(),
                ColumnFamily.Batches => records.Batches().Count(),
                ColumnFamily.Certificates => records.Certificates().Count(),
                ColumnFamily.Receipts => records.Receipts().Count(),
                ColumnFamily.Index => records.Index().Count(),
                ColumnFamily.Journal => records.Journal().Count(),
                ColumnFamily.Meta => records.Meta().Tip.Height > 0 ? 1 : 0,
                _ => 0,
            };
            return null;
        }
        catch (StorageException report)
        {
            return report;
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
            using ChainStore store = files.Open();
            ReadEverything(store);
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
