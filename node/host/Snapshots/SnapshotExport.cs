using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Driver;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;
using FinalizedBlock = AppChain.Protos.V1.FinalizedBlock;
using Receipt = AppChain.Ledger.Receipt;

namespace AppChain.Node.Snapshots;

/// <summary>Makes a snapshot of a state whose root a finalised header carries.</summary>
internal static class SnapshotExport
{
    /// <summary>Makes the snapshot of a node that runs: of the newest state that its store still holds and its chain proves. Blocks go on meanwhile.</summary>
    /// <param name="height">Only of this height, for the node itself; null: of the newest, by hand.</param>
    /// <exception cref="CommandException">There is none yet, or too many were made by hand.</exception>
    public static (SnapshotFolder Folder, SnapshotManifest Manifest) OfRunning(
        ChainStore store, Genesis genesis, SnapshotShelf shelf, ulong? height, CancellationToken cancellation)
    {
        if (height is null)
            shelf.RequireRoom();
        (ChainTip block, ulong provenAt, StateView state) = store.ProvenState(height)
            ?? throw new CommandException("no state is held yet that a later block proves: try again after the next block.");
        return shelf.Add(folder => Write(new SnapshotSource(store.Records, block, provenAt, state.Enumerate(default)), genesis, folder, cancellation));
    }

    /// <summary>Writes a snapshot.</summary>
    /// <param name="chunkBytes">Bytes of records that a chunk is filled up to.</param>
    public static SnapshotManifest Write(
        SnapshotSource source, Genesis genesis, SnapshotFolder folder, CancellationToken cancellation, int chunkBytes = SnapshotLimits.ChunkBytesTarget)
    {
        try
        {
            return WriteAll(source, genesis, folder, chunkBytes, cancellation);
        }
        catch
        {
            // Half a snapshot is of no use, and its space may be just what is missing.
            Directory.Delete(folder.Path, recursive: true);
            throw;
        }
    }

    private static SnapshotManifest WriteAll(
        SnapshotSource source, Genesis genesis, SnapshotFolder folder, int chunkBytes, CancellationToken cancellation)
    {
        (StoreRecords records, ChainTip tip, ulong provenAt, IEnumerable<StateEntry> state) = source;
        using StateSpill spill = new(System.IO.Path.Combine(folder.Path, "scratch"));
        foreach (StateEntry entry in state)
        {
            cancellation.ThrowIfCancellationRequested();
            spill.Add(entry);
        }
        ChunkCutter cutter = spill.ToChunks(chunkBytes);
        if (cutter.Root != tip.StateRoot)
        {
            throw new CommandException(
                $"the stored state has the root {cutter.Root} at height {tip.Height}, but the chain finalised {tip.StateRoot}: run `appchain verify` on it.");
        }
        byte[] block = Block(records, tip.Height).ToByteArray();
        SnapshotManifest manifest = new()
        {
            Format = SnapshotLimits.Format,
            ChainId = genesis.ChainId.Text,
            GenesisHash = ByteString.CopyFrom(genesis.Hash.Bytes),
            Height = tip.Height,
            StateRoot = ByteString.CopyFrom(tip.StateRoot.Bytes),
            BlockDigest = ByteString.CopyFrom(Hashing.Sha256(block).Bytes),
            Records = (ulong)spill.Count,
            StateBytes = (ulong)spill.Bytes,
            TransactionCount = tip.TransactionCount,
        };
        for (ulong height = tip.Height; height <= provenAt; height++)
            manifest.Headers.Add(ByteString.CopyFrom((records.Block(height) ?? throw Missing(height)).Header.Span));
        manifest.Finalization = ByteString.CopyFrom((records.Finalization(provenAt) ?? throw Missing(provenAt)).Span);
        ValidatorHistory validators = new(genesis);
        if ((validators.Append(records.ValidatorChanges(), upTo: provenAt) ?? ProblemOf(validators, manifest)) is { } problem)
            throw new CommandException($"a snapshot at height {tip.Height} would be refused: {problem}. Run `appchain verify` on the data directory.");
        folder.WriteValidators(validators.Changes);
        folder.WriteBlock(block);
        int index = 0;
        foreach ((KeyPrefix prefix, byte[] chunk) in cutter.Cut())
        {
            cancellation.ThrowIfCancellationRequested();
            byte[] packed = SnapshotChunks.Pack(chunk);
            folder.WriteChunk(index++, packed);
            manifest.Chunks.Add(new SnapshotChunk
            {
                Depth = (uint)prefix.Length,
                Bytes = (uint)chunk.Length,
                PackedBytes = (uint)packed.Length,
                Digest = ByteString.CopyFrom(Hashing.Sha256(chunk).Bytes),
            });
        }
        folder.Write(manifest);
        return manifest;
    }

    private static string? ProblemOf(ValidatorHistory validators, SnapshotManifest manifest)
    {
        if (!Header.TryDecode(manifest.Headers[^1].Span, out Header last) || validators.SetOf(last) is not { } set)
            return $"the validators of block {manifest.Height + (ulong)manifest.Headers.Count - 1} are not known from the genesis on";
        manifest.ValidatorsHash = ByteString.CopyFrom(set.Hash.ToArray());
        return null;
    }

    private static SnapshotBlock Block(StoreRecords records, ulong height)
    {
        StoredBlock stored = records.Block(height) ?? throw Missing(height);
        FinalizedBlock final = new()
        {
            Header = ByteString.CopyFrom(stored.Header.Span),
            Payload = ByteString.CopyFrom(stored.Payload.Span),
            Finalization = ByteString.CopyFrom((records.Finalization(height) ?? throw Missing(height)).Span),
        };
        foreach (NamedBatch named in stored.Batches)
            final.Batches.Add(ByteString.CopyFrom((records.Batch(named.Id) ?? throw Missing(height)).Span));
        SnapshotBlock block = new() { Block = final };
        foreach (StoredTransaction transaction in records.Transactions(height))
        {
            if (Receipt.TryDecodeOutcome(transaction.Executed.Id, transaction.Executed.Receipt.Span, out Receipt? receipt) != Reason.None)
                throw Missing(height);
            block.Receipts.Add(ByteString.CopyFrom(receipt!.Encode()));
        }
        return block.Receipts.Count == stored.TransactionCount ? block : throw Missing(height);
    }

    private static CommandException Missing(ulong height) => new($"a part of block {height} is not in the data directory: run `appchain verify` on it.");
}
