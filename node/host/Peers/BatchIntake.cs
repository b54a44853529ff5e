using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Pool;
using AppChain.Storage;

namespace AppChain.Node.Peers;

/// <summary>
/// Where batches enter the node, pushed or fetched: decoded strictly, every signature verified in one go, stored, shelved.
/// A batch that is on the shelf is therefore verified and in the store. Safe to call from any thread.
/// </summary>
public sealed class BatchIntake(ChainId chainId, Func<int, bool> isValidator, ChainStore store, BatchShelf shelf, Action onArrived)
{
    /// <summary>Takes an encoded batch. Answers what is wrong with it in one sentence, or null.</summary>
    /// <param name="wanted">A block names it, so it is kept in any case; one that is only offered is kept while its author's share of the shelf has room.</param>
    public string? Accept(ReadOnlyMemory<byte> encoded, bool wanted)
    {
        if (encoded.Length > LedgerLimits.BatchBytesMax)
            return Reason.BatchTooLarge.Explanation();
        string? problem = TryVerify(Batch.IdOf(encoded.Span), encoded, wanted ? null : IsWelcome, out HeldBatch? batch);
        if (batch is not null)
            Keep(batch, own: false);
        return problem;
    }

    /// <summary>Verifies a batch that a final block names, and keeps nothing. Answers what is wrong with it in one sentence, or null.</summary>
    /// <param name="id">Of these bytes: the caller has compared it.</param>
    /// <param name="encoded">Of at most the size that a batch may have.</param>
    /// <param name="batch">Null if something is wrong, or if it is held already.</param>
    public string? TryVerify(in Hash256 id, ReadOnlyMemory<byte> encoded, out HeldBatch? batch) => TryVerify(id, encoded, welcome: null, out batch);

    private string? TryVerify(in Hash256 id, ReadOnlyMemory<byte> encoded, Func<int, int, (bool Take, string? Problem)>? welcome, out HeldBatch? batch)
    {
        batch = null;
        if (Has(id))
            return null;
        Reason reason = TryOpen(encoded, chainId, out int author, out List<Transaction> transactions);
        if (reason != Reason.None)
            return reason.Explanation();
        if (welcome?.Invoke(author, encoded.Length) is { Take: false, Problem: var problem })
            return problem;
        if (SignatureBatch.Verify(transactions).Contains(false))
            return Reason.BadSignature.Explanation();
        batch = new HeldBatch(id, author, transactions, encoded);
        return null;
    }

    // One that a block names may be of a validator that has left since. Where there is no room nothing is wrong with the batch: it is
    // fetched when a block names it.
    private (bool Take, string? Problem) IsWelcome(int author, int bytes) =>
        isValidator(author) ? (shelf.HasRoom(author, bytes), null) : (false, $"author {author} is no validator");

    /// <summary>Decodes a batch and every transaction in it; signatures are not verified here.</summary>
    public static Reason TryOpen(ReadOnlyMemory<byte> encoded, ChainId chainId, out int author, out List<Transaction> transactions)
    {
        (author, transactions) = (0, []);
        Reason reason = Batch.TryDecode(encoded, out Batch? batch);
        if (batch is null)
            return reason;
        author = (int)Math.Min(batch.Author, int.MaxValue);
        foreach (ReadOnlyMemory<byte> bytes in batch.Transactions)
        {
            reason = Transaction.TryDecode(bytes, chainId, out Transaction? transaction);
            if (transaction is null)
                return reason;
            transactions.Add(transaction);
        }
        return Reason.None;
    }

    /// <summary>Stores and shelves a batch whose transactions are verified.</summary>
    public void Keep(HeldBatch batch, bool own)
    {
        store.PutBatch(batch.Id, batch.Encoded.Span);
        // A full shelf only means that this node will not offer the batch itself; a block that names it can go on.
        shelf.TryAdd(batch, own);
        onArrived();
    }

    /// <summary>True if the batch is here: verified, and in the store.</summary>
    public bool Has(Hash256 id) => shelf.Holds(id) || store.HasBatch(id);

    /// <summary>The encoded batch, from shelf or store.</summary>
    public bool TryRead(Hash256 id, out ReadOnlyMemory<byte> encoded)
    {
        if (shelf.TryGet(id, out HeldBatch? held))
        {
            encoded = held!.Encoded;
            return true;
        }
        return store.TryGetBatch(id, out encoded);
    }
}
