using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Pool;
using AppChain.Storage;

namespace AppChain.Node.Peers;

/// <summary>The chain's view of batches: which are here, what is in them, and how to get the others.</summary>
public sealed class BatchSource(ChainId chainId, ChainStore store, BatchIntake intake, BatchShelf shelf, BatchCutter cutter, BatchFetcher fetcher)
{
    /// <summary>Those of the ids that this node does not hold. What it holds is verified.</summary>
    public List<Hash256> Lacking(IReadOnlyList<Hash256> ids) => [.. ids.Where(id => !intake.Has(id))];

    /// <summary>Says which batches are missing now; they are fetched, first from the hinted validator.</summary>
    public void Want(IReadOnlyList<Hash256> missing, int hint) => fetcher.Want(missing, hint);

    /// <summary>A batch that this node holds.</summary>
    /// <exception cref="StorageException">The stored batch is damaged.</exception>
    public HeldBatch Open(Hash256 id)
    {
        if (shelf.TryGet(id, out HeldBatch? held))
            return held!;
        if (!store.TryGetBatch(id, out ReadOnlyMemory<byte> encoded))
            throw new InvalidOperationException($"batch {id} is not held");
        return Batch.IdOf(encoded.Span) == id && BatchIntake.TryOpen(encoded, chainId, out int author, out List<Transaction> transactions) == Reason.None
            ? new HeldBatch(id, author, transactions, encoded)
            : throw store.DamagedBatch(id);
    }

    /// <summary>Bytes of batches that this node holds.</summary>
    public long BytesOf(IReadOnlyList<Hash256> ids) => ids.Sum(id => intake.TryRead(id, out ReadOnlyMemory<byte> encoded) ? (long)encoded.Length : 0);

    /// <summary>What this node would include in a block now: everything that is shelved and not excluded, the open batch cut first.</summary>
    public List<HeldBatch> Offer(IReadOnlySet<Hash256> excluded)
    {
        cutter.CutNow();
        return shelf.Select(excluded);
    }

    /// <summary>True if there is something to include.</summary>
    public bool HasOtherThan(IReadOnlySet<Hash256> excluded) => shelf.HasOtherThan(excluded);
}
