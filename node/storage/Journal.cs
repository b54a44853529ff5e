using System.Buffers.Binary;
using System.Numerics;
using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>
/// The records that consensus must not forget: own votes, own proposals, accepted certificates. One owner appends.
/// <para>
/// <see cref="Append"/> returns when its records are on disk, and with them everything written to the store before without a sync of its
/// own (<see cref="ChainStore.PutBatch"/>): one sync per turn of the loop covers both.
/// </para>
/// <para>
/// Records are numbered without gaps and carry a checksum over number and bytes; which numbers must be there is recorded apart. A record
/// that is missing or damaged is reported, never skipped.
/// </para>
/// </summary>
public sealed class Journal
{
    /// <summary>Longest record, in bytes.</summary>
    public const int RecordBytesMax = 1 << 20;

    /// <summary>Most records in one append.</summary>
    public const int AppendRecordsMax = 65_536;

    private const int ChecksumSize = 4;

    private readonly Database database;
    private readonly string path;
    private readonly UnsyncedBatches unsynced;
    private readonly Lock gate = new();
    private ulong first = 1;
    private ulong next = 1;

    /// <param name="unsynced">Told what a sync here covers.</param>
    internal Journal(Database database, string path, UnsyncedBatches unsynced)
    {
        (this.database, this.path, this.unsynced) = (database, path, unsynced);
        if (database.Get(ColumnFamily.Meta, ColumnFamilies.JournalBoundsKey) is not { } bounds)
        {
            if (database.Enumerate(ColumnFamily.Journal, default).Any())
                throw Damaged("its bounds are missing");
            return;
        }
        if (bounds.Length != 2 * sizeof(ulong))
            throw Damaged("its bounds are unreadable");
        first = BinaryPrimitives.ReadUInt64BigEndian(bounds);
        next = BinaryPrimitives.ReadUInt64BigEndian(bounds.AsSpan(sizeof(ulong)));
    }

    /// <summary>Sequence of the last record; 0 before the first.</summary>
    public ulong LastSequence
    {
        get
        {
            lock (gate)
                return next - 1;
        }
    }

    /// <summary>Appends the records in order, all or none, and syncs. Without records it only syncs what was written before.</summary>
    /// <returns>Sequence of the last record.</returns>
    /// <exception cref="StorageException">The disk failed or is full; nothing may be sent that depends on these records.</exception>
    public ulong Append(IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(records.Count, AppendRecordsMax);
        lock (gate)
        {
            using WriteBatch batch = database.NewBatch();
            ulong sequence = next;
            foreach (ReadOnlyMemory<byte> record in records)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThan(record.Length, RecordBytesMax, nameof(records));
                batch.Put(ColumnFamily.Journal, ColumnFamilies.Number(sequence), Seal(sequence, record.Span));
                sequence++;
            }
            // Also without records: a batch must hold something for its sync to reach the log.
            batch.Put(ColumnFamily.Meta, ColumnFamilies.JournalBoundsKey, Bounds(first, sequence));
            IReadOnlyCollection<Hash256> covered = unsynced.All();
            database.Write(batch, sync: true);
            unsynced.Remove(covered);
            next = sequence;
            return sequence - 1;
        }
    }

    /// <summary>All records in order, checked as they are read. Read them before the first append.</summary>
    /// <exception cref="StorageException">A record is missing or damaged.</exception>
    public IEnumerable<JournalRecord> ReadAll()
    {
        ulong expected, end;
        lock (gate)
            (expected, end) = (first, next);
        // From the first on: below it is nothing but the marks of what was deleted.
        foreach (StateEntry entry in database.Enumerate(ColumnFamily.Journal, default, from: ColumnFamilies.Number(expected)))
        {
            if (entry.Key.Length != sizeof(ulong))
                throw Damaged("it holds a key that is no sequence number");
            ulong sequence = BinaryPrimitives.ReadUInt64BigEndian(entry.Key.Span);
            if (sequence >= end)
                throw Damaged($"it holds record {sequence}, beyond its recorded end {end - 1}");
            if (sequence != expected)
                throw Damaged($"record {expected} is missing");
            yield return TryOpen(sequence, entry.Value) ?? throw Damaged($"record {sequence} fails its checksum");
            expected++;
        }
        if (expected != end)
            throw Damaged($"records {expected} to {end - 1} are missing");
    }

    /// <summary>
    /// Forgets the records before a sequence. Not synced: if it is lost in a crash, the records are merely read once more.
    /// </summary>
    public void PruneBefore(ulong sequence)
    {
        lock (gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, next);
            if (sequence <= first)
                return;
            using WriteBatch batch = database.NewBatch();
            // One by one: RocksDB fragments all range tombstones of a memtable anew for every iterator, and a journal is pruned with each block.
            for (ulong forgotten = first; forgotten < sequence; forgotten++)
                batch.Delete(ColumnFamily.Journal, ColumnFamilies.Number(forgotten));
            batch.Put(ColumnFamily.Meta, ColumnFamilies.JournalBoundsKey, Bounds(sequence, next));
            database.Write(batch, sync: false);
            first = sequence;
        }
    }

    /// <summary>Adds to a batch what forgets every record. The numbers go on: an emptied journal is not that of a new node.</summary>
    internal void AddClearing(WriteBatch batch)
    {
        if (first < next)
            batch.DeleteRange(ColumnFamily.Journal, ColumnFamilies.Number(first), ColumnFamilies.Number(next));
        batch.Put(ColumnFamily.Meta, ColumnFamilies.JournalBoundsKey, Bounds(next, next));
    }

    private static byte[] Bounds(ulong first, ulong next) => [.. ColumnFamilies.Number(first), .. ColumnFamilies.Number(next)];

    private static byte[] Seal(ulong sequence, ReadOnlySpan<byte> record)
    {
        byte[] value = new byte[ChecksumSize + record.Length];
        BinaryPrimitives.WriteUInt32BigEndian(value, Checksum(sequence, record));
        record.CopyTo(value.AsSpan(ChecksumSize));
        return value;
    }

    /// <summary>The record in a value of the column family; null if it fails its checksum.</summary>
    internal static JournalRecord? TryOpen(ulong sequence, ReadOnlyMemory<byte> value)
        => value.Length >= ChecksumSize && BinaryPrimitives.ReadUInt32BigEndian(value.Span) == Checksum(sequence, value.Span[ChecksumSize..])
            ? new JournalRecord(sequence, value[ChecksumSize..])
            : null;

    private static uint Checksum(ulong sequence, ReadOnlySpan<byte> record)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, sequence);
        while (record.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(record));
            record = record[sizeof(ulong)..];
        }
        foreach (byte value in record)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    private StorageException Damaged(string what) => new(
        StorageFault.Corruption,
        $"The journal of own votes in {path}, column family {ColumnFamilies.Name(ColumnFamily.Journal)}, is damaged: {what}. Voting on without it could contradict an earlier vote, so the node stops. "
        + $"{NativeError.RepairAdvice}");
}
