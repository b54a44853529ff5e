using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Protos.V1;
using AppChain.Storage;
using Batch = AppChain.Ledger.Batch;
using Block = AppChain.Consensus.Block;
using BlockPayload = AppChain.Ledger.BlockPayload;
using FinalizedBlock = AppChain.Protos.V1.FinalizedBlock;
using Receipt = AppChain.Ledger.Receipt;

namespace AppChain.Node.Snapshots;

/// <summary>
/// What must hold before anything of a snapshot is believed. The state root after a block stands in the next header; the finalization of that
/// header, or of one that descends from it, makes it final.
/// </summary>
/// <param name="genesis">The chain.</param>
/// <param name="validators">Its validators, from the genesis to those who decide about the snapshot's headers.</param>
public sealed class SnapshotTrust(Genesis genesis, ValidatorHistory validators)
{
    /// <summary>Why the manifest is not of this chain, or proves nothing; null if it is to be believed.</summary>
    public string? Problem(SnapshotManifest manifest)
    {
        if (manifest.Format != SnapshotLimits.Format)
            return $"the snapshot has format {manifest.Format}; this version of appchain reads format {SnapshotLimits.Format}";
        if (manifest.ChainId != genesis.ChainId.Text || !manifest.GenesisHash.Span.SequenceEqual(genesis.Hash.Bytes))
            return $"the snapshot is of chain {manifest.ChainId}, not of {genesis.ChainId.Text} with genesis {genesis.Hash}";
        if (manifest.StateRoot.Length != Hash256.Size || manifest.BlockDigest.Length != Hash256.Size)
            return "the manifest is damaged: a hash has the wrong length";
        return ProblemOfHeaders(manifest) ?? ProblemOfChunks(manifest);
    }

    /// <summary>The subtrees of the chunks, in order.</summary>
    /// <param name="manifest">One that <see cref="Problem"/> found nothing wrong with.</param>
    public static KeyPrefix[] Prefixes(SnapshotManifest manifest)
    {
        KeyPrefix[] prefixes = new KeyPrefix[manifest.Chunks.Count];
        for (int i = 0; i < prefixes.Length; i++)
        {
            int depth = (int)manifest.Chunks[i].Depth;
            if (i == 0)
                prefixes[i] = KeyPrefix.First(depth);
            else if (!prefixes[i - 1].TryNext(depth, out prefixes[i]))
                throw new InvalidOperationException($"chunk {i} does not follow the one before");
        }
        return prefixes;
    }

    /// <summary>Checks the block at the snapshot's height against the headers. Returns what is wrong with it, or null.</summary>
    public string? TryOpenBlock(SnapshotManifest manifest, ReadOnlySpan<byte> encoded, out ImportedBlock? block)
    {
        block = null;
        if (!Hashing.Sha256(encoded).Bytes.SequenceEqual(manifest.BlockDigest.Span))
            return "it is damaged: its digest is not the one in the manifest";
        if (!TryParse(encoded, out SnapshotBlock answer))
            return "it lies: it is no block";
        FinalizedBlock final = answer.Block ?? new FinalizedBlock();
        Header header = HeaderAt(manifest, 0)!;
        Header next = HeaderAt(manifest, 1)!;
        if (!final.Header.Span.SequenceEqual(manifest.Headers[0].Span) || !Block.TryCreate(header, final.Payload.ToByteArray(), out Block opened))
            return "it lies: its header or payload is not the one that the chain finalised";
        if (!validators.IsFinal(header, final.Finalization.Span))
            return "it lies: its finalization is not valid";
        if (BlockPayload.TryDecode(final.Payload.Span, out BlockPayload? payload) != Reason.None
            || !payload!.BatchIds.SequenceEqual(final.Batches.Select(batch => Batch.IdOf(batch.Span))))
            return "it lies: it does not come with the batches that its payload names";
        List<Receipt> receipts = [];
        foreach (Google.Protobuf.ByteString receipt in answer.Receipts)
        {
            if (Receipt.TryDecode(receipt.Span, out Receipt? decoded) != Reason.None || !decoded!.Encode().AsSpan().SequenceEqual(receipt.Span))
                return "it lies: a receipt does not decode";
            receipts.Add(decoded);
        }
        if (Receipt.Root(receipts).ToDigest() != next.ReceiptsRoot)
            return "it lies: its receipts are not those that the chain finalised";
        // What is in no batch, the block did because its time had come.
        int due = receipts.Count - BlockIndex.SlicesOf(payload, final.Batches.Select(batch => batch.Memory), due: 0).Count();
        if (due < 0)
            return "it lies: it does not have one receipt for each transaction";
        BatchSlice[] slices = [.. BlockIndex.SlicesOf(payload, final.Batches.Select(batch => batch.Memory), due)];
        block = new ImportedBlock
        {
            Tip = new ChainTip(manifest.Height, opened.Hash.ToHash(), new Hash256(manifest.StateRoot.Span), header.TimeMs, manifest.TransactionCount),
            Header = final.Header.Memory,
            Payload = final.Payload.Memory,
            Finalization = final.Finalization.Memory,
            // What each touched would take executing it: the histories of accounts and devices begin with the next block.
            Transactions =
            [
                .. receipts.Select((receipt, place) =>
                    new ExecutedTransaction(receipt.TransactionId, receipt.EncodeOutcome(), Indexed: !receipt.Skipped) { Slice = slices[place] }),
            ],
            Batches = [.. final.Batches.Select(batch => (Batch.IdOf(batch.Span), batch.Memory))],
            ValidatorChanges = [.. validators.Changes.TakeWhile(change => change.Height <= manifest.Height)],
        };
        return null;
    }

    private string? ProblemOfHeaders(SnapshotManifest manifest)
    {
        if (manifest.Height == 0 || manifest.Headers.Count is < 2 or > SnapshotLimits.HeadersMax)
            return "the manifest does not have the headers that prove its state root";
        Header? parent = null;
        for (int i = 0; i < manifest.Headers.Count; i++)
        {
            if (HeaderAt(manifest, i) is not { } header || header.Height.Value != manifest.Height + (ulong)i || (parent is not null && header.ParentHash != parent.Hash))
                return $"the manifest's header {i} does not follow the one before it";
            parent = header;
        }
        if (validators.SetOf(parent!) is not { } set || !manifest.ValidatorsHash.Span.SequenceEqual(set.Hash.ToArray()))
        {
            return $"block {parent!.Height.Value} is of epoch {parent.Epoch.Value}, whose validators are not known from the genesis file and the "
                + "changes of validators that come with the snapshot";
        }
        if (HeaderAt(manifest, 1)!.StateRoot.ToHash() != new Hash256(manifest.StateRoot.Span))
            return "the manifest's state root is not the one that the chain finalised";
        return validators.IsFinal(parent!, manifest.Finalization.Span)
            ? null
            : "the manifest's finalization is not signed by more than two thirds of the validators' power";
    }

    private static string? ProblemOfChunks(SnapshotManifest manifest)
    {
        if (manifest.Chunks.Count is 0 or > SnapshotLimits.ChunksMax)
            return $"the manifest has {manifest.Chunks.Count} chunks; expected 1 to {SnapshotLimits.ChunksMax}";
        KeyPrefix prefix = default;
        for (int i = 0; i < manifest.Chunks.Count; i++)
        {
            SnapshotChunk chunk = manifest.Chunks[i];
            if (chunk.Bytes is 0 or > StateChunk.BytesMax || chunk.PackedBytes is 0 or > SnapshotLimits.PackedBytesMax
                || chunk.Digest.Length != Hash256.Size || chunk.Depth > TreeHash.DepthMax)
                return $"the manifest's chunk {i} has an impossible length or depth";
            if (i == 0)
                prefix = KeyPrefix.First((int)chunk.Depth);
            else if (!prefix.TryNext((int)chunk.Depth, out prefix))
                return $"the manifest's chunk {i} does not follow the one before it";
        }
        return prefix.IsLast ? null : "the manifest's chunks do not cover the whole state";
    }

    private static bool TryParse(ReadOnlySpan<byte> encoded, out SnapshotBlock block)
    {
        try
        {
            block = SnapshotBlock.Parser.ParseFrom(encoded);
            return true;
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            block = new SnapshotBlock();
            return false;
        }
    }

    private static Header? HeaderAt(SnapshotManifest manifest, int index)
        => Header.TryDecode(manifest.Headers[index].Span, out Header header) ? header : null;
}
