using System.Buffers.Binary;
using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>A batch as stored.</summary>
public readonly record struct StoredBatch(Hash256 Id, ReadOnlyMemory<byte> Bytes);

/// <summary>A finalization as stored.</summary>
public readonly record struct StoredCertificate(ulong Height, ReadOnlyMemory<byte> Bytes);

/// <summary>What the column family <c>meta</c> says.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="GenesisHash">Its genesis.</param>
/// <param name="Tip">The last final block.</param>
/// <param name="Retention">What is kept of older ones.</param>
public sealed record StoreMeta(string ChainId, Hash256 GenesisHash, ChainTip Tip, RetentionRecord Retention);

/// <summary>
/// Every record of every column family, decoded, in order of key, for whoever checks or looks into a data directory. Reads what is
/// there and nothing more: no state tree is built, so that a directory whose state does not match its root can be read too. What is
/// pruned but not yet swept from disk is left out.
/// </summary>
/// <exception cref="StorageException">Every member: a record is damaged (the message names its column family and key), or the disk failed.</exception>
public sealed partial class StoreRecords : IDisposable
{
    private readonly Database database;
    private readonly string path;
    private readonly bool owned;

    internal StoreRecords(Database database, string path, bool owned)
    {
        (this.database, this.path, this.owned) = (database, path, owned);
    }

    /// <summary>Opens a data directory for reading only. Nothing in it changes, and no node can start on it meanwhile.</summary>
    /// <exception cref="StorageException">There is none, a node runs on it, it is damaged, or of a layout that this version does not know.</exception>
    public static StoreRecords Open(string path)
    {
        string fullPath = Path.GetFullPath(path);
        Database database = Database.OpenReadOnly(fullPath);
        try
        {
            StoreRecords records = new(database, fullPath, owned: true);
            _ = records.Meta();
            return records;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Chain, tip and retention.</summary>
    public StoreMeta Meta()
    {
        (string chainId, Hash256 genesisHash) = MetaRecords.ReadGenesis(database, path)
            ?? throw Damage.Of(path, ColumnFamily.Meta, ColumnFamilies.GenesisKey, "there is no genesis: the directory was never started");
        return new StoreMeta(chainId, genesisHash, MetaRecords.ReadTip(database, path), MetaRecords.ReadRetention(database, path));
    }

    /// <summary>The flat state.</summary>
    public IEnumerable<StateEntry> State(ReadOnlyMemory<byte> prefix = default) => database.Enumerate(ColumnFamily.State, prefix);

    /// <summary>Blocks from the oldest kept header on, ascending.</summary>
    public IEnumerable<StoredBlock> Headers()
    {
        foreach (StateEntry entry in From(ColumnFamily.Headers, RetentionClass.Headers))
        {
            if (entry.Key.Length != sizeof(ulong))
                throw Damaged(ColumnFamily.Headers, entry, "the key is no height");
            yield return Records.TryReadBlock(BinaryPrimitives.ReadUInt64BigEndian(entry.Key.Span), entry.Value)
                ?? throw Damaged(ColumnFamily.Headers, entry, "the block's record cannot be read");
        }
    }

    /// <summary>Batches by id, those that no block names included.</summary>
    public IEnumerable<StoredBatch> Batches()
    {
        foreach (StateEntry entry in database.Enumerate(ColumnFamily.Batches, default))
        {
            yield return entry.Key.Length == Hash256.Size
                ? new StoredBatch(new Hash256(entry.Key.Span), entry.Value)
                : throw Damaged(ColumnFamily.Batches, entry, "the key is no batch id");
        }
    }

    /// <summary>Finalizations, ascending by height.</summary>
    public IEnumerable<StoredCertificate> Certificates()
    {
        foreach (StateEntry entry in From(ColumnFamily.Certificates, RetentionClass.Headers))
        {
            yield return entry.Key.Length == sizeof(ulong)
                ? new StoredCertificate(BinaryPrimitives.ReadUInt64BigEndian(entry.Key.Span), entry.Value)
                : throw Damaged(ColumnFamily.Certificates, entry, "the key is no height");
        }
    }

    /// <summary>What became of every transaction, in order of execution.</summary>
    public IEnumerable<StoredTransaction> Receipts() => From(ColumnFamily.Receipts, RetentionClass.Receipts).SelectMany(ReadRow);

    /// <summary>Every entry of every index.</summary>
    public IEnumerable<IndexRecord> Index()
    {
        RetentionRecord kept = MetaRecords.ReadRetention(database, path);
        foreach (StateEntry entry in database.Enumerate(ColumnFamily.Index, default))
        {
            IndexRecord record = IndexRecord.TryDecode(entry.Key, entry.Value.Span)
                ?? throw Damaged(ColumnFamily.Index, entry, "the entry cannot be read");
            bool isKept = record switch
            {
                IndexRecord.OfTransaction { Location.Height: var height } => height >= kept.Receipts.From,
                IndexRecord.OfHistory { Location.Height: var height } => height >= kept.Receipts.From,
                IndexRecord.OfHeaderHash { Height: var height } => height >= kept.Headers.From,
                IndexRecord.OfTime { Height: var height } => height >= kept.Headers.From,
                IndexRecord.OfBatch { Height: var height } => height >= kept.Batches.From,
                _ => true,
            };
            if (isKept)
                yield return record;
        }
    }

    /// <summary>Every change of validators since the genesis, ascending.</summary>
    public IEnumerable<StoredValidatorChange> ValidatorChanges()
    {
        foreach (StateEntry entry in database.Enumerate(ColumnFamily.Meta, ColumnFamilies.ValidatorChangePrefix.ToArray()))
        {
            yield return MetaRecord.TryDecode(entry.Key.Span, entry.Value) is MetaRecord.OfValidatorChange { Change: var change }
                ? change
                : throw Damaged(ColumnFamily.Meta, entry, "the key is no height");
        }
    }

    /// <summary>The journal of own votes, and before it what is left of forgotten ones: that is read too, as damage may lie anywhere.</summary>
    public IEnumerable<JournalRecord> Journal()
    {
        _ = database.Enumerate(ColumnFamily.Journal, default).Count();
        return new Journal(database, path, new UnsyncedBatches()).ReadAll();
    }

    /// <summary>Closes the directory, if it was opened here.</summary>
    public void Dispose()
    {
        if (owned)
            database.Dispose();
    }

    private IReadOnlyList<StoredTransaction> ReadRow(StateEntry entry)
        => ReceiptRow.TryDecode(entry.Key, entry.Value) ?? throw Damaged(ColumnFamily.Receipts, entry, "the row of receipts cannot be read");

    private IEnumerable<StateEntry> From(ColumnFamily family, RetentionClass kind)
        => database.Enumerate(family, default, from: ColumnFamilies.Number(KeptFrom(kind)));

    private StorageException Damaged(ColumnFamily family, StateEntry entry, string what) => Damage.Of(path, family, entry.Key.Span, what);
}
