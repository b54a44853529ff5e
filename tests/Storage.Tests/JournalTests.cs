using System.Diagnostics;
using AppChain.Storage.Native;
using static AppChain.Storage.Tests.TestStore;

namespace AppChain.Storage.Tests;

public sealed class JournalTests : IDisposable
{
    private readonly TestStore files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Append_ThenReopen_GivesAllRecordsInOrder()
    {
        using (ChainStore store = files.Open())
        {
            Assert.Equal(2UL, store.Journal.Append([Bytes("one"), Bytes("two")]));
            Assert.Equal(2UL, store.Journal.Append([]));
            Assert.Equal(3UL, store.Journal.Append([default]));
        }
        using ChainStore reopened = files.Open();
        Assert.Equal(["1 one", "2 two", "3 "], Records(reopened));
        Assert.Equal(3UL, reopened.Journal.LastSequence);
        Assert.Equal(4UL, reopened.Journal.Append([Bytes("four")]));
    }

    [Fact]
    public void Append_ARecordBeyondTheLimit_ThrowsAndAppendsNothing()
    {
        using ChainStore store = files.Open();
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Journal.Append([Bytes("one"), new byte[Journal.RecordBytesMax + 1]]));
        Assert.Empty(Records(store));
        Assert.Equal(1UL, store.Journal.Append([new byte[Journal.RecordBytesMax]]));
    }

    // A defect of the past: each pruning left a range tombstone from 0 on, and reading sorted them all, in the square of their number. A node stood
    // still for seconds whenever its epoch ended.
    [Fact]
    public void ReadAll_AfterManyPrunings_TakesNoTimeForThem()
    {
        using ChainStore store = files.Open();
        store.Journal.Append([.. Enumerable.Range(1, 10_000).Select(number => (ReadOnlyMemory<byte>)Bytes($"record {number}"))]);
        for (ulong first = 2; first <= 10_000; first++)
            store.Journal.PruneBefore(first);

        long start = Stopwatch.GetTimestamp();
        Assert.Equal(["10000 record 10000"], Records(store));
        TimeSpan took = Stopwatch.GetElapsedTime(start);

        Assert.True(took < TimeSpan.FromSeconds(1), $"one record was read in {took.TotalMilliseconds:0} ms");
    }

    [Fact]
    public void PruneBefore_ForgetsTheOlderOnesOnly()
    {
        using (ChainStore store = files.Open())
        {
            Append(store, 10);
            store.Journal.PruneBefore(8);
            store.Journal.PruneBefore(3);
            Assert.Equal(["8 record 8", "9 record 9", "10 record 10"], Records(store));
        }
        using (ChainStore reopened = files.Open())
        {
            reopened.Journal.PruneBefore(11);
            Assert.Empty(Records(reopened));
            Assert.Throws<ArgumentOutOfRangeException>(() => reopened.Journal.PruneBefore(12));
        }
        using ChainStore empty = files.Open();
        Assert.Equal(11UL, empty.Journal.Append([Bytes("eleven")]));
    }

    [Theory]
    [InlineData(1, "record 1 is missing")]
    [InlineData(3, "record 3 is missing")]
    [InlineData(5, "records 5 to 5 are missing")]
    public void ReadAll_WithARecordMissing_StopsWithWhatToDo(ulong missing, string expected)
        => CheckDamage(batch => batch.Delete(ColumnFamily.Journal, ColumnFamilies.Number(missing)), expected);

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(11)]
    public void ReadAll_WithAFlippedByte_StopsWithWhatToDo(int position) => CheckDamage(
        batch =>
        {
            byte[] value = Stored(3);
            value[position] ^= 1;
            batch.Put(ColumnFamily.Journal, ColumnFamilies.Number(3), value);
        },
        "record 3 fails its checksum");

    [Fact]
    public void ReadAll_WithARecordInAnothersPlace_StopsWithWhatToDo()
        => CheckDamage(batch => batch.Put(ColumnFamily.Journal, ColumnFamilies.Number(3), Stored(2)), "record 3 fails its checksum");

    [Fact]
    public void ReadAll_WithARecordBeyondTheEnd_StopsWithWhatToDo()
        => CheckDamage(batch => batch.Put(ColumnFamily.Journal, ColumnFamilies.Number(6), Stored(2)), "beyond its recorded end 5");

    private static void Append(ChainStore store, int count)
    {
        for (int i = 0; i < count; i++)
            store.Journal.Append([Bytes($"record {store.Journal.LastSequence + 1}")]);
    }

    private static List<string> Records(ChainStore store)
        => [.. store.Journal.ReadAll().Select(record => $"{record.Sequence} {Text(record.Bytes)}")];

    private byte[] Stored(ulong sequence)
    {
        using Database database = Database.Open(files.Path + "/copy", Options);
        Journal journal = new(database, files.Path, new UnsyncedBatches());
        for (ulong i = 1; i <= 5; i++)
            journal.Append([Bytes($"record {journal.LastSequence + 1}")]);
        return database.Get(ColumnFamily.Journal, ColumnFamilies.Number(sequence))!;
    }

    private void CheckDamage(Action<WriteBatch> damage, string expected)
    {
        using (ChainStore store = files.Open())
            Append(store, 5);
        using (Database database = Database.Open(files.Path, Options))
        using (WriteBatch batch = database.NewBatch())
        {
            damage(batch);
            database.Write(batch, sync: true);
        }
        using ChainStore reopened = files.Open();
        StorageException exception = Assert.Throws<StorageException>(() => Records(reopened));
        Assert.Equal(StorageFault.Corruption, exception.Fault);
        Assert.Contains(expected, exception.Message);
        Assert.Contains(files.Path, exception.Message);
        Assert.Contains("move this directory away", exception.Message);
        Assert.Contains("leave the signer record", exception.Message);
    }
}
