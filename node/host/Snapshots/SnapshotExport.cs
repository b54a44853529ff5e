using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Sync;
using AppChain.Protos.V1;
using AppChain.Storage;
using Google.Protobuf;

namespace AppChain.Node.Snapshots;

/// <summary>Makes a snapshot of a state whose root a finalised header carries.</summary>
internal static class SnapshotExport
{
    /// <summary>Writes the snapshot of a stopped node's data directory: of the newest state that its chain proves.</summary>
    public static SnapshotManifest Run(OfflineStore store, Genesis genesis, SnapshotFolder folder)
    {
        if (!store.TryGetProvenState(out ChainTip? tip, out IEnumerable<StateEntry> state) || tip.Height == 0)
        {
            throw new CommandException(
                $"the chain is at height {store.Tip.Height}, and no earlier state is kept that a later block proves: let the node make another block, stop it and try again.");
        }
        return Write(store.Blocks, tip, store.Tip.Height, state, genesis, folder);
    }

    /// <summary>Writes a snapshot.</summary>
    /// <param name="blocks">A node's store, running or not.</param>
    /// <param name="tip">The block after which <paramref name="state"/> is the state; it has a finalization of its own.</param>
    /// <param name="provenAt">A later height with a finalization of its own.</param>
    public static SnapshotManifest Write(
        ChainStore blocks, ChainTip tip, ulong provenAt, IEnumerable<StateEntry> state, Genesis genesis, SnapshotFolder folder)
    {
        using StateSpill spill = new(System.IO.Path.Combine(folder.Path, "scratch"));
        foreach (StateEntry entry in state)
            spill.Add(entry);
        ChunkCutter cutter = spill.ToChunks(SnapshotLimits.ChunkBytesTarget);
        if (cutter.Root != tip.StateRoot)
        {
            throw new CommandException(
                $"the stored state has the root {cutter.Root} at height {tip.Height}, but the chain finalised {tip.StateRoot}: run `appchain verify` on it.");
        }
        byte[] block = Block(blocks, tip.Height).ToByteArray();
        SnapshotManifest manifest = new()
        {
            Format = SnapshotLimits.Format,
            ChainId = genesis.ChainId.Text,
            GenesisHash = ByteString.CopyFrom(genesis.Hash.Bytes),
            ValidatorsHash = ByteString.CopyFrom(GenesisValidators.Of(genesis).Hash.ToArray()),
            Height = tip.Height,
            StateRoot = ByteString.CopyFrom(tip.StateRoot.Bytes),
            BlockDigest = ByteString.CopyFrom(Hashing.Sha256(block).Bytes),
            Records = (ulong)spill.Count,
            StateBytes = (ulong)spill.Bytes,
            TransactionCount = tip.TransactionCount,
        };
        for (ulong height = tip.Height; height <= provenAt; height++)
            manifest.Headers.Add(blocks.TryGetBlock(height, out StoredBlock stored) ? ByteString.CopyFrom(stored.Header.Span) : throw Missing(height));
        manifest.Finalization = blocks.TryGetCertificate(provenAt, out ReadOnlyMemory<byte> certificate)
            ? ByteString.CopyFrom(certificate.Span)
            : throw Missing(provenAt);
        folder.WriteBlock(block);
        int index = 0;
        foreach ((KeyPrefix prefix, byte[] chunk) in cutter.Cut())
        {
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

    private static SnapshotBlock Block(ChainStore blocks, ulong height)
    {
        SnapshotBlock block = new() { Block = StoredBlocks.Read(blocks, height) };
        if (!blocks.TryGetReceipts(height, out IReadOnlyList<ReadOnlyMemory<byte>> receipts))
            throw Missing(height);
        block.Receipts.AddRange(receipts.Select(receipt => ByteString.CopyFrom(receipt.Span)));
        return block;
    }

    private static CommandException Missing(ulong height) => new($"a part of block {height} is not in the data directory: run `appchain verify` on it.");
}
