namespace AppChain.Storage;

/// <summary>Reads the indexes by which clients look things up.</summary>
public sealed partial class ChainStore
{
    /// <summary>Where the transactions are that touched something, newest first.</summary>
    /// <param name="before">Only those before this place; null: from the newest on.</param>
    public IEnumerable<TransactionLocation> ReadHistory(HistoryKey key, TransactionLocation? before = null)
    {
        byte[] prefix = ColumnFamilies.History(key);
        // One byte longer than the entry of that place: the first key behind it.
        byte[] from = before is { } place ? [.. ColumnFamilies.HistoryEntry(key, place), 0] : prefix;
        ulong oldest = kept.Receipts.From;
        foreach (StateEntry entry in database.Enumerate(ColumnFamily.Index, prefix, from: from))
        {
            if (IndexRecord.TryDecode(entry.Key, entry.Value.Span) is not IndexRecord.OfHistory found)
                throw Damaged(ColumnFamily.Index, entry.Key.Span, "the entry cannot be read");
            if (found.Location.Height < oldest)
                yield break;
            yield return found.Location;
        }
    }

    /// <summary>The members of a group after the last final block, in order of their bytes.</summary>
    /// <param name="after">Only those behind this one; empty: all.</param>
    public IEnumerable<ReadOnlyMemory<byte>> ReadMembers(MemberIndex index, ReadOnlyMemory<byte> group, ReadOnlyMemory<byte> after = default)
    {
        byte[] prefix = ColumnFamilies.Members(index, group.Span);
        byte[] from = after.IsEmpty ? prefix : [.. prefix, .. after.Span, 0];
        foreach (StateEntry entry in database.Enumerate(ColumnFamily.Index, prefix, from: from))
            yield return entry.Key[prefix.Length..];
    }
}
