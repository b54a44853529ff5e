using System.Buffers.Binary;
using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>
/// What it takes to undo a commit: for every key that its write batch changes, in any column family, what was there before. It is the
/// inverse of the batch, knows nothing of layouts, and is part of the batch itself, so that tip and undo log never disagree.
/// <para>
/// A commit of several blocks has one record: a rollback goes from commit to commit, to heights with a finalization of their own, which is
/// where consensus can start.
/// </para>
/// </summary>
internal static class UndoLog
{
    private const int HeaderSize = 8;
    private const int EntryOverhead = 1 + 1 + 4 + 4;

    // By name: a bare null beside a byte[] or a memory turns silently into an empty value, which is present.
    private static ReadOnlyMemory<byte>? Absent => default;

    /// <summary>One change that takes a key back.</summary>
    public readonly record struct Entry(ColumnFamily Family, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value);

    /// <summary>Adds the record of a batch that is about to be written, and drops the one that is now too old.</summary>
    /// <param name="from">The tip before.</param>
    /// <param name="to">The tip after.</param>
    public static void Add(Database database, WriteBatch batch, ulong from, ulong to, int commitsMax)
    {
        List<Entry> entries = new(batch.Touched.Count);
        HashSet<(ColumnFamily, ReadOnlyMemory<byte>)> seen = new(batch.Touched.Count, FamilyKeys.Instance);
        foreach ((ColumnFamily family, byte[] key) in batch.Touched)
        {
            if (!seen.Add((family, key)))
                continue;
            byte[]? before = IsWrittenOnce(family) ? null : database.Get(family, key);
            entries.Add(new Entry(family, key, before is null ? Absent : before));
        }
        batch.Put(ColumnFamily.Undo, ColumnFamilies.Number(to), Encode(from, entries));

        // Those that are too old by now. Commits may hold several blocks: counting heights keeps at most that many commits.
        ulong max = (ulong)commitsMax;
        if (to > max)
            batch.DeleteRange(ColumnFamily.Undo, ColumnFamilies.Number(from > max ? from - max : 0), ColumnFamilies.Number(to - max + 1));
    }

    /// <summary>Reads a record. False means damage.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> record, out ulong from, out List<Entry> entries)
    {
        (from, entries) = (0, []);
        if (record.Length < HeaderSize)
            return false;
        from = BinaryPrimitives.ReadUInt64BigEndian(record.Span);
        for (ReadOnlyMemory<byte> rest = record[HeaderSize..]; !rest.IsEmpty;)
        {
            if (rest.Length < 2 || rest.Span[0] >= ColumnFamilies.Names.Length || rest.Span[1] > 1)
                return false;
            (ColumnFamily family, bool isPresent) = ((ColumnFamily)rest.Span[0], rest.Span[1] == 1);
            rest = rest[2..];
            if (!TryTake(ref rest, out ReadOnlyMemory<byte> key) || !TryTake(ref rest, out ReadOnlyMemory<byte> value))
                return false;
            entries.Add(new Entry(family, key, isPresent ? value : Absent));
        }
        return true;
    }

    private static byte[] Encode(ulong from, List<Entry> entries)
    {
        int length = HeaderSize;
        foreach (Entry entry in entries)
            length = checked(length + EntryOverhead + entry.Key.Length + (entry.Value?.Length ?? 0));
        byte[] record = new byte[length];
        BinaryPrimitives.WriteUInt64BigEndian(record, from);
        Span<byte> rest = record.AsSpan(HeaderSize);
        foreach (Entry entry in entries)
        {
            rest[0] = (byte)entry.Family;
            rest[1] = entry.Value is null ? (byte)0 : (byte)1;
            rest = rest[2..];
            Write(ref rest, entry.Key.Span);
            Write(ref rest, entry.Value.GetValueOrDefault().Span);
        }
        return record;
    }

    // Keyed by height or hash and never changed: nothing was there before, and asking would cost a read.
    private static bool IsWrittenOnce(ColumnFamily family)
        => family is ColumnFamily.Headers or ColumnFamily.Certificates or ColumnFamily.Receipts or ColumnFamily.Batches;

    private static void Write(ref Span<byte> rest, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(rest, bytes.Length);
        bytes.CopyTo(rest[4..]);
        rest = rest[(4 + bytes.Length)..];
    }

    private static bool TryTake(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> taken)
    {
        taken = default;
        if (rest.Length < 4)
            return false;
        int length = BinaryPrimitives.ReadInt32BigEndian(rest.Span);
        if (length < 0 || length > rest.Length - 4)
            return false;
        taken = rest.Slice(4, length);
        rest = rest[(4 + length)..];
        return true;
    }

    private sealed class FamilyKeys : IEqualityComparer<(ColumnFamily Family, ReadOnlyMemory<byte> Key)>
    {
        public static readonly FamilyKeys Instance = new();

        public bool Equals((ColumnFamily Family, ReadOnlyMemory<byte> Key) x, (ColumnFamily Family, ReadOnlyMemory<byte> Key) y)
            => x.Family == y.Family && x.Key.Span.SequenceEqual(y.Key.Span);

        public int GetHashCode((ColumnFamily Family, ReadOnlyMemory<byte> Key) item)
        {
            HashCode hash = default;
            hash.Add(item.Family);
            hash.AddBytes(item.Key.Span);
            return hash.ToHashCode();
        }
    }
}
