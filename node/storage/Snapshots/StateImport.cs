using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>The block after which an imported state is the state; all of it checked by the caller.</summary>
public sealed record ImportedBlock
{
    /// <summary>The tip that the store will have.</summary>
    public required ChainTip Tip { get; init; }

    /// <summary>Encoded header.</summary>
    public required ReadOnlyMemory<byte> Header { get; init; }

    /// <summary>Encoded payload.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The block's own finalization, from which consensus starts.</summary>
    public required ReadOnlyMemory<byte> Finalization { get; init; }

    /// <summary>Its transactions in order of execution.</summary>
    public required IReadOnlyList<ExecutedTransaction> Transactions { get; init; }

    /// <summary>The batches that the payload names.</summary>
    public required IReadOnlyList<(Hash256 Id, ReadOnlyMemory<byte> Batch)> Batches { get; init; }

    /// <summary>Every change of validators up to it, ascending.</summary>
    public IReadOnlyList<StoredValidatorChange> ValidatorChanges { get; init; } = [];
}

/// <summary>
/// Fills a directory with a state, chunk by chunk in any order, and remembers which chunks it has: an import that is cut short goes on
/// where it was. The directory is no node's until <see cref="Complete"/>.
/// </summary>
public sealed class StateImport : IDisposable
{
    // Chunks come in the order of key hashes, so that every small file would overlap every other: few large ones need no merging. Memory: two of
    // the state and two of its indexes, until they are written.
    private const long WriteBufferBytes = 128L << 20;
    private const long WriteAheadLogBytesMax = 1L << 30;

    private readonly Database database;

    private StateImport(Database database) => this.database = database;

    /// <summary>Begins an import, or goes on with it.</summary>
    /// <param name="snapshot">Names what is imported: the digest of its manifest.</param>
    /// <exception cref="StorageException">The directory holds the import of another snapshot, or cannot be written.</exception>
    public static StateImport Open(string path, Hash256 snapshot, StoreOptions options)
    {
        string fullPath = Path.GetFullPath(path);
        Database database = Database.Open(fullPath, options with { WriteBufferBytes = WriteBufferBytes, WriteAheadLogBytesMax = WriteAheadLogBytesMax });
        try
        {
            if (database.Get(ColumnFamily.Meta, ColumnFamilies.ImportKey) is { } begun)
            {
                if (!begun.AsSpan().SequenceEqual(snapshot.Bytes))
                {
                    throw new StorageException(
                        StorageFault.OtherChain, $"{fullPath} holds the unfinished import of another snapshot: go on with that one, or delete the directory.");
                }
                return new StateImport(database);
            }
            if (database.Get(ColumnFamily.Meta, ColumnFamilies.GenesisKey) is not null)
                return new StateImport(database) { IsComplete = true };
            using WriteBatch batch = database.NewBatch();
            batch.Put(ColumnFamily.Meta, ColumnFamilies.ImportKey, snapshot.Bytes);
            database.Write(batch, sync: true);
            return new StateImport(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Whether the directory is a node's already.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether a chunk is in.</summary>
    public bool Has(int chunk) => IsComplete || database.Contains(ColumnFamily.Meta, ChunkKey(chunk));

    /// <summary>Takes the records of a verified chunk, durably and all at once.</summary>
    /// <param name="members">What the records put into which group: these indexes follow the state and come with it.</param>
    public void Put(int chunk, IReadOnlyList<ChunkRecord> records, IReadOnlyList<MemberChange> members)
    {
        using WriteBatch batch = database.NewBatch();
        foreach (ChunkRecord record in records)
            batch.Put(ColumnFamily.State, record.Key.Span, record.Value.Span);
        BlockWriter.AddMembers(batch, members);
        batch.Put(ColumnFamily.Meta, ChunkKey(chunk), []);
        database.Write(batch, sync: true);
    }

    /// <summary>All chunks are in: makes the directory a node's, whose tip is this block.</summary>
    public void Complete(string chainId, Hash256 genesisHash, ImportedBlock block)
    {
        using WriteBatch batch = database.NewBatch();
        // "import", and all keys that begin with "import/".
        batch.DeleteRange(ColumnFamily.Meta, ColumnFamilies.ImportKey, "import0"u8);
        foreach ((Hash256 id, ReadOnlyMemory<byte> bytes) in block.Batches)
            batch.Put(ColumnFamily.Batches, id.Bytes, bytes.Span);
        BlockWeight weight = BlockWriter.Add(batch, new FinalizedBlock
        {
            Height = block.Tip.Height,
            HeaderHash = block.Tip.HeaderHash,
            Header = block.Header,
            Payload = block.Payload,
            Finalization = block.Finalization,
            TimeMs = block.Tip.TimeMs,
            Transactions = block.Transactions,
            Batches = [.. block.Batches.Select(static named => new NamedBatch(named.Id, named.Batch.Length))],
            // Not written: the state came in chunks.
            State = StateView.Genesis(new TreeHistory().Newest, []),
        });
        foreach (StoredValidatorChange change in block.ValidatorChanges)
            batch.Put(ColumnFamily.Meta, ColumnFamilies.ValidatorChange(change.Height), change.Bytes.Span);
        // In files, so that the next start does not read them from the log once more.
        database.Flush(ColumnFamily.State);
        database.Flush(ColumnFamily.Index);
        ulong height = block.Tip.Height;
        RetentionRecord keeping = new RetentionRecord(new(height, height, 0), new(height, height, 0), new(height, height, 0)).Plus(weight);
        batch.Put(ColumnFamily.Meta, ColumnFamilies.RetentionKey, Records.Retention(keeping));
        batch.Put(ColumnFamily.Meta, ColumnFamilies.GenesisKey, Records.Genesis(chainId, genesisHash));
        batch.Put(ColumnFamily.Meta, ColumnFamilies.TipKey, Records.Tip(block.Tip));
        database.Write(batch, sync: true);
        IsComplete = true;
    }

    public void Dispose() => database.Dispose();

    private static byte[] ChunkKey(int chunk) => [.. "import/"u8, .. BitConverter.GetBytes(chunk)];
}
