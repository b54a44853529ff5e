using System.Diagnostics.CodeAnalysis;
using AppChain.Crypto;
using AppChain.Storage.Native;

namespace AppChain.Storage;

/// <summary>
/// Blocks, state, certificates, receipts, indexes and the journal of one node, in one RocksDB database. One owner calls
/// <see cref="InitializeGenesis"/> and <see cref="Commit"/>; everything else may be called from any thread.
/// <para>
/// Crash contract: after <see cref="Commit"/> or <see cref="Storage.Journal.Append"/> returns, what they wrote survives a crash of
/// process or machine, and so does every write before them. <see cref="PutBatch"/> alone survives a crash of
/// the process, not of the machine. Reopening gives exactly the last committed block: block and state cannot disagree, and the state is
/// checked against its root.
/// </para>
/// </summary>
public sealed partial class ChainStore : IDisposable
{
    /// <summary>Most transactions of one block: 64 batches of 4,096.</summary>
    public const int TransactionsPerBlockMax = 262_144;

    /// <summary>Most batches that a block may name.</summary>
    public const int BatchesPerBlockMax = 1_024;

    private readonly string path;
    private readonly Database database;
    private readonly int retainedViewsMax;
    private readonly ulong keptBlocksMin;
    private readonly Lock commitGate = new();
    private readonly TreeHistory trees = new();
    private readonly UnsyncedBatches unsynced = new();

    // Oldest first. Replaced whole, so that readers need no lock.
    private volatile RetainedView[] retained = [];
    private volatile Finality? finality;

    // The last commit: what was final until then, and what it changed.
    private (Finality Before, IReadOnlyDictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?>[] Changes)? replaced;

    private ChainStore(string path, Database database, StoreOptions options)
    {
        this.path = path;
        this.database = database;
        retainedViewsMax = options.RetainedViews;
        keptBlocksMin = (ulong)Math.Max(options.KeptBlocksMin, options.RetainedViews);
        Records = new StoreRecords(database, path, owned: false);
        Journal = new Journal(database, path, unsynced);
    }

    /// <summary>The journal of own votes.</summary>
    public Journal Journal { get; }

    /// <summary>Every record of every column family, decoded.</summary>
    public StoreRecords Records { get; }

    /// <summary>Whether the directory holds a chain already.</summary>
    public bool IsInitialized => finality is not null;

    /// <summary>The last finalised block.</summary>
    /// <exception cref="InvalidOperationException">There is no genesis yet.</exception>
    public ChainTip Tip => RequireFinality().Tip;

    /// <summary>The state after <see cref="Tip"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no genesis yet.</exception>
    public StateView Finalised => RequireFinality().View;

    /// <summary>Memory of the state tree with its retained versions, in bytes.</summary>
    public long TreeBytes => trees.CapacityBytes;

    /// <summary>
    /// Opens or creates the store. Rebuilds the state tree from the flat state (about a second per million keys) and checks its root
    /// against the tip.
    /// </summary>
    /// <exception cref="StorageException">Locked, damaged, full, forbidden, or of a layout that this version does not know.</exception>
    /// <exception cref="NativeLibraryMissingException">RocksDB is not installed.</exception>
    public static ChainStore Open(string path, StoreOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RetainedViews, 1);
        string fullPath = Path.GetFullPath(path);
        Database database = Database.Open(fullPath, options);
        ChainStore? store = null;
        try
        {
            store = new ChainStore(fullPath, database, options);
            store.Restore();
            return store;
        }
        catch
        {
            store?.Dispose();
            database.Dispose();
            throw;
        }
    }

    /// <summary>Starts the chain in an empty directory; in one that holds this chain already it changes nothing.</summary>
    /// <param name="timeMs">The genesis time, Unix milliseconds.</param>
    /// <exception cref="StorageException">The directory holds another chain.</exception>
    public void InitializeGenesis(string chainId, Hash256 genesisHash, IReadOnlyCollection<StateChange> changes, ulong timeMs = 0)
    {
        lock (commitGate)
        {
            if (MetaRecords.ReadGenesis(database, path) is { } genesis)
            {
                if (genesis != (chainId, genesisHash))
                    throw OtherGenesis(genesis, (chainId, genesisHash));
                return;
            }
            StateView state = StateView.Genesis(trees.Newest, changes);
            ChainTip tip = new(0, genesisHash, state.Root, timeMs, 0);
            using WriteBatch batch = database.NewBatch();
            batch.Put(ColumnFamily.Meta, ColumnFamilies.GenesisKey, Storage.Records.Genesis(chainId, genesisHash));
            AddChanges(batch, state);
            Finalise(batch, tip, [state], RetentionRecord.Everything);
        }
    }

    /// <summary>
    /// Makes a block final: block, certificate, receipts, indexes, state and tip in one atomic, synced write. When it returns all of it
    /// is durable and <see cref="Tip"/> and <see cref="Finalised"/> are the new ones; <see cref="FinalizedBlock.State"/> itself becomes
    /// <see cref="Finalised"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The height does not follow the tip, or the state was not made from the tip's state: a broken
    /// invariant.</exception>
    /// <exception cref="StorageException">The disk failed or is full. The store refuses further writes; reopen it.</exception>
    public void Commit(FinalizedBlock block) => Commit([block]);

    /// <summary>
    /// The same for several blocks, ascending: one finalization makes a block final with all its ancestors, and a crash must not leave a tip that is final
    /// through a descendant only. The state of the last becomes <see cref="Finalised"/>; those between are not retained.
    /// </summary>
    /// <exception cref="ArgumentException">As for one block.</exception>
    /// <exception cref="StorageException">As for one block.</exception>
    public void Commit(IReadOnlyList<FinalizedBlock> blocks)
    {
        lock (commitGate)
        {
            (ChainTip tip, StateView parent) = RequireFinality();
            // Most often the vote for the block has synced them long ago.
            if (blocks.Any(block => unsynced.HasAny(block.Batches)))
                Journal.Append([]);
            RetentionRecord keeping = kept;
            using WriteBatch batch = database.NewBatch();
            foreach (FinalizedBlock block in blocks)
            {
                CheckFollows(tip, parent, block);
                parent = block.State;
                keeping = keeping.Plus(BlockWriter.Add(batch, block));
                AddChanges(batch, block.State);
                ulong transactionCount = tip.TransactionCount + (ulong)block.Transactions.Count;
                tip = new ChainTip(block.Height, block.HeaderHash, block.State.Root, block.TimeMs, transactionCount);
            }
            if (blocks.Count > 0)
                Finalise(batch, tip, [.. blocks.Select(static block => block.State)], keeping);
        }
    }

    /// <summary>
    /// The state after a recent block: the last <see cref="StoreOptions.RetainedViews"/> heights, since the store was opened.
    /// </summary>
    public bool TryGetView(ulong height, [NotNullWhen(true)] out StateView? view)
    {
        view = Array.Find(retained, item => item.View.Height == height)?.View;
        return view is not null;
    }

    /// <summary>
    /// The newest state that is retained and whose root a final header carries: of a block below the tip with a finalization of its own. Null
    /// while there is none.
    /// </summary>
    /// <param name="wanted">Only of this block; null: of the newest.</param>
    /// <returns>The block, the tip that proves its state, and the state.</returns>
    public (ChainTip Block, ulong ProvenAt, StateView State)? ProvenState(ulong? wanted = null)
    {
        ChainTip tip = Tip;
        ulong transactions = tip.TransactionCount;
        for (ulong height = tip.Height; height > 1; height--)
        {
            if (!TryGetBlock(height, out StoredBlock? above) || !TryGetBlock(height - 1, out StoredBlock? block))
                return null;
            transactions -= (ulong)above.TransactionCount;
            if (tip.Height - block.Height >= (ulong)retainedViewsMax)
                return null;
            if ((wanted ?? block.Height) == block.Height && TryGetView(block.Height, out StateView? state) && TryGetCertificate(block.Height, out _))
                return (new ChainTip(block.Height, block.HeaderHash, state.Root, block.TimeMs, transactions), tip.Height, state);
        }
        return null;
    }

    /// <summary>
    /// Writes what the last commit replaced in the state, for <see cref="StoreRecords.ProvenState"/>: a node that stops calls it. After a
    /// crash it is missing, and nothing else needs it; at each commit it would take a read per changed key.
    /// </summary>
    /// <exception cref="StorageException">The disk failed or is full.</exception>
    public void KeepProvenState()
    {
        lock (commitGate)
        {
            if (replaced is not var (before, changes) || retainedViewsMax < 2)
                return;
            using WriteBatch batch = database.NewBatch();
            batch.Put(ColumnFamily.Meta, ColumnFamilies.BeforeKey, StateBefore.Encode(before.Tip, Tip.HeaderHash, before.View, changes));
            database.Write(batch, sync: true);
        }
    }

    /// <summary>
    /// Closes the database; every view expires. An enumeration that is under way keeps the directory locked until it is disposed.
    /// </summary>
    public void Dispose()
    {
        lock (commitGate)
        {
            foreach (RetainedView item in retained)
                item.Snapshot.Dispose();
            database.Dispose();
        }
    }

    private static void CheckFollows(ChainTip tip, StateView parent, FinalizedBlock block)
    {
        if (block.Height != tip.Height + 1)
            throw new ArgumentException($"Block {block.Height} does not follow the tip {tip.Height}.", nameof(block));
        if (block.State.Height != block.Height || block.State.Parent != parent)
        {
            throw new ArgumentException(
                $"The state of block {block.Height} was not made from the finalised state {tip.StateRoot} of block {tip.Height}.",
                nameof(block));
        }
        if (block.Transactions.Count > TransactionsPerBlockMax || block.Batches.Count > BatchesPerBlockMax)
        {
            throw new ArgumentException(
                $"A block has at most {TransactionsPerBlockMax} transactions in {BatchesPerBlockMax} batches, "
                + $"not {block.Transactions.Count} in {block.Batches.Count}.",
                nameof(block));
        }
    }

    private static void AddChanges(WriteBatch batch, StateView state)
    {
        foreach ((ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value) in state.Changes!)
        {
            if (value is { } present)
                batch.Put(ColumnFamily.State, key.Span, present.Span);
            else
                batch.Delete(ColumnFamily.State, key.Span);
        }
    }

    // Order matters: durable first, then a snapshot that contains the changes, then the view reads through it, then others see it as final.
    private void Finalise(WriteBatch batch, ChainTip tip, IReadOnlyList<StateView> states, RetentionRecord keeping)
    {
        batch.Put(ColumnFamily.Meta, ColumnFamilies.TipKey, Storage.Records.Tip(tip));
        batch.Put(ColumnFamily.Meta, ColumnFamilies.RetentionKey, Storage.Records.Retention(keeping));
        IReadOnlyCollection<Hash256> covered = unsynced.All();
        database.Write(batch, sync: true);
        unsynced.Remove(covered);
        kept = keeping;
        replaced = finality is { } before ? (before, [.. states.Select(static state => state.Changes!)]) : null;

        StateSnapshot snapshot = new(database, tip.Height);
        foreach (StateView state in states)
            trees.Finalise(state.Tree);
        states[^1].Settle(snapshot);
        Publish(tip, states[^1], snapshot);
    }

    private void Publish(ChainTip tip, StateView view, StateSnapshot snapshot)
    {
        RetainedView[] before = retained;
        int expired = Math.Max(0, before.Length + 1 - retainedViewsMax);
        retained = [.. before.AsSpan(expired), new RetainedView(view, snapshot)];
        finality = new Finality(tip, view);
        foreach (RetainedView item in before.AsSpan(0, expired))
            item.Snapshot.Dispose();
        trees.ExpireBefore(retained[0].View.Tree);
    }

    private void Restore()
    {
        if (MetaRecords.ReadGenesis(database, path) is null)
            return;
        ChainTip tip = MetaRecords.ReadTip(database, path);
        kept = MetaRecords.ReadRetention(database, path);
        StateSnapshot snapshot = new(database, tip.Height);
        try
        {
            StateTree tree = TreeRebuild.From(snapshot, trees);
            if (tree.Root != tip.StateRoot)
                throw Damaged(ColumnFamily.State, default, $"the stored state has the root {tree.Root}, but block {tip.Height} finalised {tip.StateRoot}");
            if (tip.Height > 0 && (!TryGetHeaderHash(tip.Height, out Hash256 headerHash) || headerHash != tip.HeaderHash))
                throw Damaged(ColumnFamily.Headers, ColumnFamilies.Number(tip.Height), $"block {tip.Height}, the tip, is missing or another one");
            Publish(tip, StateView.Finalised(tip.Height, tree, snapshot), snapshot);
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
    }

    private StorageException OtherGenesis((string ChainId, Hash256 Hash) held, (string ChainId, Hash256 Hash) wanted) => new(
        StorageFault.OtherChain,
        $"The data directory {path} holds chain {held.ChainId} with genesis {held.Hash}, "
        + $"not chain {wanted.ChainId} with genesis {wanted.Hash}. "
        + "Give the right genesis file, or choose another data directory.");

    private Finality RequireFinality()
        => finality ?? throw new InvalidOperationException("The store has no chain yet: InitializeGenesis comes first.");

    private sealed record Finality(ChainTip Tip, StateView View);

    private sealed record RetainedView(StateView View, StateSnapshot Snapshot);
}
