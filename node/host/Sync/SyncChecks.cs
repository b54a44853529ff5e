using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Protos.V1;
using AppChain.Storage;
using Batch = AppChain.Ledger.Batch;
using Block = AppChain.Consensus.Block;
using BlockPayload = AppChain.Ledger.BlockPayload;

namespace AppChain.Node.Sync;

/// <summary>What a block from a peer must show before the chain looks at it.</summary>
public sealed class SyncChecks(Consensus.ChainId chainId, IVoteCrypto crypto, ChainReader reader)
{
    /// <summary>True if the block with this header is final here.</summary>
    public bool IsKnown(Digest header) => reader.TryGetHeight(header.ToHash(), out _);

    /// <summary>
    /// Decodes an answer and checks its link, the names of its batches and its certificate. What the batches say is looked at once a finalization
    /// proves them. Returns what is wrong, or null.
    /// </summary>
    public string? TryOpen(Protos.V1.FinalizedBlock answer, Hash256 parent, ulong height, out SyncedBlock? synced)
    {
        synced = null;
        if (!Header.TryDecode(answer.Header.Span, out Header header) || !Block.TryCreate(header, answer.Payload.ToByteArray(), out Block block))
            return $"block {height} does not decode";
        if (header.Height.Value != height || header.ParentHash.ToHash() != parent)
            return $"block {height} does not follow this node's block {height - 1}";
        ConsensusEpoch epoch = reader.EpochStart.Epoch;
        if (header.Epoch != epoch.Number || header.ValidatorsHash != epoch.Validators.Hash)
            return $"block {height} is of epoch {header.Epoch} or of another validator set; this node is in epoch {epoch.Number}";
        if (answer.Batches.Any(static batch => batch.Length > LedgerLimits.BatchBytesMax))
            return $"a batch of block {height} is too large";
        if (BlockPayload.TryDecode(block.Payload.Span, out BlockPayload? payload) != Reason.None
            || !payload!.BatchIds.SequenceEqual(answer.Batches.Select(batch => Batch.IdOf(batch.Span))))
            return $"block {height} does not come with the batches that it names";
        Certificate? finalization = null;
        if (!answer.Finalization.IsEmpty && !TryOpenFinalization(answer.Finalization.Span, block, epoch.Validators, out finalization))
            return $"the finalization of block {height} is not valid";
        synced = new SyncedBlock(block, payload.BatchIds, finalization);
        return null;
    }

    private bool TryOpenFinalization(ReadOnlySpan<byte> encoded, Block block, ValidatorSet validators, out Certificate? finalization) =>
        Certificate.TryDecode(encoded, out finalization)
        && finalization.Finalizes(block.Header, chainId, validators, crypto);
}
