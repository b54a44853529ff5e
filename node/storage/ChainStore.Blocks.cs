using System.Buffers.Binary;
using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>Batches, and what is read of finalised blocks.</summary>
public sealed partial class ChainStore
{
    /// <summary>
    /// Stores a batch, without a sync of its own: the next <see cref="Storage.Journal.Append"/> or <see cref="Commit"/> makes it durable.
    /// </summary>
    public void PutBatch(in Hash256 id, ReadOnlySpan<byte> batch) => Put(ColumnFamily.Batches, id.Bytes, batch);

    /// <summary>The bytes of a batch.</summary>
    public bool TryGetBatch(in Hash256 id, out ReadOnlyMemory<byte> batch) => TryGet(ColumnFamily.Batches, id.Bytes, out batch);

    /// <summary>Whether a batch is held.</summary>
    public bool HasBatch(in Hash256 id) => database.Contains(ColumnFamily.Batches, id.Bytes);

    /// <summary>Forgets a batch that no block will name.</summary>
    public void DropBatch(in Hash256 id) => Delete(ColumnFamily.Batches, id.Bytes);

    /// <summary>A final block by its header's hash.</summary>
    public bool TryGetBlock(in Hash256 headerHash, out StoredBlock block)
    {
        block = default;
        return TryGetHeight(headerHash, out ulong height) && TryGetBlock(height, out block);
    }

    /// <summary>The final block at a height.</summary>
    public bool TryGetBlock(ulong height, out StoredBlock block)
    {
        block = default;
        if (!TryGetFinal(height, out ReadOnlyMemory<byte> record))
            return false;
        return Records.TryReadBlock(record[Hash256.Size..], out block) ? true : throw Damaged($"block {height} is unreadable");
    }

    /// <summary>
    /// The header hash of the final block at a height. The genesis has no header; see <see cref="ChainTip.HeaderHash"/>.
    /// </summary>
    public bool TryGetHeaderHash(ulong height, out Hash256 headerHash)
    {
        headerHash = default;
        if (!TryGetFinal(height, out ReadOnlyMemory<byte> record))
            return false;
        headerHash = new Hash256(record.Span[..Hash256.Size]);
        return true;
    }

    /// <summary>The height of a final block by its header's hash.</summary>
    public bool TryGetHeight(in Hash256 headerHash, out ulong height)
    {
        height = 0;
        if (!TryGet(ColumnFamily.Index, ColumnFamilies.HeaderHashIndex(headerHash), out ReadOnlyMemory<byte> record))
            return false;
        if (record.Length != sizeof(ulong))
            throw Damaged($"the height of block {headerHash} is unreadable");
        height = BinaryPrimitives.ReadUInt64BigEndian(record.Span);
        return true;
    }

    /// <summary>The finalization of the block at a height, if it has its own.</summary>
    public bool TryGetCertificate(ulong height, out ReadOnlyMemory<byte> finalization)
        => TryGet(ColumnFamily.Certificates, ColumnFamilies.Number(height), out finalization);

    /// <summary>The receipts of the block at a height, in order of execution.</summary>
    public bool TryGetReceipts(ulong height, out IReadOnlyList<ReadOnlyMemory<byte>> receipts)
    {
        receipts = [];
        if (!TryGet(ColumnFamily.Receipts, ColumnFamilies.Number(height), out ReadOnlyMemory<byte> record))
            return false;
        return Records.TryReadReceipts(record, out receipts) ? true : throw Damaged($"the receipts of block {height} are unreadable");
    }

    /// <summary>Where a finalised transaction is.</summary>
    public bool TryGetTransaction(in Hash256 id, out TransactionLocation location)
    {
        location = default;
        if (!TryGet(ColumnFamily.Index, ColumnFamilies.TransactionIndex(id), out ReadOnlyMemory<byte> record))
            return false;
        return Records.TryReadLocation(record.Span, out location) ? true : throw Damaged($"the place of transaction {id} is unreadable");
    }

    /// <summary>An entry of the host's indexes.</summary>
    public bool TryGetIndex(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
        => TryGet(ColumnFamily.Index, ColumnFamilies.HostIndex(key), out value);

    /// <summary>The entries of the host's indexes whose key starts with the prefix, in order of key.</summary>
    public IEnumerable<IndexEntry> EnumerateIndex(ReadOnlyMemory<byte> prefix)
        => database.Enumerate(ColumnFamily.Index, ColumnFamilies.HostIndex(prefix.Span))
            .Select(static entry => new IndexEntry(entry.Key[1..], entry.Value));

    private bool TryGetFinal(ulong height, out ReadOnlyMemory<byte> record)
    {
        if (!TryGet(ColumnFamily.Headers, ColumnFamilies.FinalBlock(height), out record))
            return false;
        return record.Length > Hash256.Size ? true : throw Damaged($"block {height} is unreadable");
    }

    private bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        byte[]? stored = database.Get(family, key);
        value = stored;
        return stored is not null;
    }

    private void Put(ColumnFamily family, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        using WriteBatch batch = database.NewBatch();
        batch.Put(family, key, value);
        database.Write(batch, sync: false);
    }

    private void Delete(ColumnFamily family, ReadOnlySpan<byte> key)
    {
        using WriteBatch batch = database.NewBatch();
        batch.Delete(family, key);
        database.Write(batch, sync: false);
    }
}
