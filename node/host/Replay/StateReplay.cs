using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Driver;
using AppChain.Node.Peers;
using AppChain.Node.Pool;
using AppChain.Node.Snapshots;
using AppChain.Protos.V1;
using AppChain.Storage;
using Batch = AppChain.Ledger.Batch;
using Block = AppChain.Consensus.Block;
using Transaction = AppChain.Ledger.Transaction;

namespace AppChain.Node.Replay;

/// <summary>
/// Computes the state after an earlier block of a stopped node: takes a base and executes the node's own blocks on it once more, in a
/// store beside. Every root must be the one that the next block's header carries.
/// </summary>
/// <param name="records">The node's.</param>
/// <param name="scratch">The directory of the store beside. What a replay that was cut short left there is deleted first.</param>
internal sealed class StateReplay(StoreRecords records, Genesis genesis, string scratch)
{
    /// <summary>Blocks of one commit to the store beside: fewer syncs, and no deeper chain of states to read through.</summary>
    private const int CommitBlocks = 32;

    private const ulong ProgressBlocks = 10_000;

    /// <summary>Computes it. The store's tip is the block; the caller closes it, and deletes the directory.</summary>
    /// <param name="note">Told about the progress.</param>
    /// <exception cref="CommandException">A root is another one, or the base cannot be used.</exception>
    /// <exception cref="StorageException">A record is damaged.</exception>
    public ChainStore Run(ReplayBase from, ulong height, Action<string, string> note)
    {
        Delete(scratch);
        note("from", $"{from.Name}: {height - from.Height} blocks are executed once more");
        if (from.Snapshot is { } snapshot)
        {
            SnapshotManifest manifest = snapshot.ReadManifest(out byte[] bytes);
            new SnapshotImport(genesis, scratch, snapshot.ReadValidators(genesis)).Run(manifest, bytes, snapshot.ReadBlock(), snapshot.ReadChunk, static (_, _) => { });
        }
        ChainStore store = ChainStore.Open(scratch, new StoreOptions());
        try
        {
            store.InitializeGenesis(genesis.ChainId.Text, genesis.Hash, LedgerState.ToStored(genesis.InitialState()), genesis.TimeMs);
            Execute(store, height, note);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Deletes a store beside, and what an import into it left.</summary>
    public static void Delete(string scratch)
    {
        foreach (string directory in new[] { scratch, scratch + ".import" }.Where(Directory.Exists))
            Directory.Delete(directory, recursive: true);
    }

    private void Execute(ChainStore store, ulong height, Action<string, string> note)
    {
        ExecutedBlock parent = new ChainReader(store).TipExecuted();
        TurnsTaken turns = new(genesis.ChainId, genesis.Hash.ToDigest());
        List<FinalBlock> executed = [];
        while (parent.Height < height)
        {
            (Block block, Certificate? finalization) = Read(parent.Height + 1);
            CheckFollows(parent, block);
            parent = BlockExecutor.Execute(turns, parent, block, id => Open(id, block.Header.Height.Value))
                ?? throw Differs(block.Header.Height.Value, "it cannot be executed");
            executed.Add(new FinalBlock(parent, block, finalization));
            if (executed.Count == CommitBlocks || parent.Height == height)
            {
                store.Commit([.. executed.Select(static final => final.ToStored())]);
                executed.Clear();
            }
            if (parent.Height % ProgressBlocks == 0)
                note("executed", $"{parent.Height} of {height}");
        }
        if (height < records.Meta().Tip.Height)
            CheckFollows(parent, Read(height + 1).Block);
        else if (parent.State.Root != records.Meta().Tip.StateRoot)
            throw Differs(height, $"the state after it has the root {parent.State.Root}, and the tip says {records.Meta().Tip.StateRoot}");
    }

    /// <summary>A block of the node, with its finalization if it has one of its own.</summary>
    public (Block Block, Certificate? Finalization) Read(ulong height)
    {
        StoredBlock stored = records.Block(height) ?? throw records.MissingBlock(height);
        if (!Header.TryDecode(stored.Header.Span, out Header header) || header.Hash.ToHash() != stored.HeaderHash
            || header.Height.Value != height || !Block.TryCreate(header, stored.Payload, out Block block))
            throw records.DamagedBlock(height);
        if (records.Finalization(height) is not { } encoded)
            return (block, null);
        return Certificate.TryDecode(encoded.Span, out Certificate finalization) ? (block, finalization) : throw records.DamagedBlock(height);
    }

    // As the chain checks a block that became final.
    private static void CheckFollows(ExecutedBlock parent, Block block)
    {
        if (block.Header.ParentHash != parent.Point.Hash)
            throw Differs(block.Header.Height.Value, $"it does not follow block {parent.Height}, {parent.Point.Hash}");
        if (PayloadRules.ProblemOfRoots(parent, block) is { } problem)
            throw Differs(block.Header.Height.Value, problem);
    }

    /// <summary>A batch that a block of the node names.</summary>
    public HeldBatch Open(Hash256 id, ulong height) =>
        records.Batch(id) is { } encoded && Batch.IdOf(encoded.Span) == id
        && BatchIntake.TryOpen(encoded, genesis.ChainId, out int author, out List<Transaction> transactions) == Reason.None
            ? new HeldBatch(id, author, transactions, encoded)
            : throw records.DamagedBatch(id, height);

    private static CommandException Differs(ulong height, string what) => new(
        $"block {height} of the data directory does not agree with executing the blocks before it: {what}. Nothing was changed. Run `appchain verify`; if it finds nothing, this "
        + "program executes blocks in another way than the one that made them.");
}
