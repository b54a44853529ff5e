using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Pool;
using AppChain.Protos.V1;
using AppChain.Storage;
using Batch = AppChain.Ledger.Batch;
using Transaction = AppChain.Ledger.Transaction;

namespace AppChain.Node.Peers;

/// <summary>
/// Where batches enter the node, pushed or fetched: decoded strictly, every signature verified in one go, stored, shelved.
/// A batch that is on the shelf is therefore verified and in the store. Safe to call from any thread.
/// </summary>
public sealed class BatchIntake(ChainId chainId, ChainStore store, BatchShelf shelf, Action onArrived)
{
    /// <summary>
    /// Takes a batch that its author pushes, while the author's share of the shelf has room. Answers what is wrong with it in one sentence, or
    /// null. Nothing of it is kept before its author's signature and those of all its transactions are verified.
    /// </summary>
    /// <param name="caller">Who pushes it. One that the state knows as no validator (yet) is not listened to.</param>
    public string? Offer(BatchMessage message, PeerCaller caller)
    {
        ReadOnlyMemory<byte> encoded = message.Batch.Memory;
        if (encoded.Length > LedgerLimits.BatchBytesMax)
            return Reason.BatchTooLarge.Explanation();
        if (caller is not { Number: { } number, IsValidator: true })
            return null;
        Hash256 id = Batch.IdOf(encoded.Span);
        // What has no room is not looked at: nothing is wrong with it, and it is fetched when a block names it.
        if (Has(id) || !shelf.HasRoom(number, encoded.Length))
            return null;
        // The cheapest first, and all that follows is then known to be the author's doing.
        if (!BatchSignature.Holds(caller.Node, id, message.Signature.Span))
            return "its node key has not signed the batch that it pushes";
        if (Verify(encoded, out int author, out List<Transaction> transactions) is { } problem)
            return problem;
        if (author != number)
            return $"it pushes a batch of validator {author}";
        Keep(new HeldBatch(id, author, transactions, encoded), own: false);
        return null;
    }

    /// <summary>
    /// Takes a batch that a block names, by its id. Answers what is wrong with it in one sentence, or null. It is stored and not shelved: the
    /// author that it names has not signed it here, and must not pay for it with its share.
    /// </summary>
    public string? AcceptNamed(ReadOnlyMemory<byte> encoded)
    {
        if (encoded.Length > LedgerLimits.BatchBytesMax)
            return Reason.BatchTooLarge.Explanation();
        Hash256 id = Batch.IdOf(encoded.Span);
        if (TryVerify([(id, encoded)], out List<HeldBatch> verified) is { } problem)
            return problem;
        if (verified.Count > 0)
        {
            store.PutBatch(id, encoded.Span);
            onArrived();
        }
        return null;
    }

    /// <summary>
    /// Verifies batches that blocks name, all of their signatures in one go, and keeps nothing. Answers what is wrong with one of them in one sentence, or null.
    /// </summary>
    /// <param name="batches">Ids and bytes, of at most the size that a batch may have: the caller has compared them.</param>
    /// <param name="verified">Those that are not held already; to be trusted only if nothing is wrong.</param>
    public string? TryVerify(IEnumerable<(Hash256 Id, ReadOnlyMemory<byte> Encoded)> batches, out List<HeldBatch> verified)
    {
        verified = [];
        foreach ((Hash256 id, ReadOnlyMemory<byte> encoded) in batches)
        {
            if (Has(id))
                continue;
            Reason reason = TryOpen(encoded, chainId, out int author, out List<Transaction> transactions);
            if (reason != Reason.None)
                return reason.Explanation();
            verified.Add(new HeldBatch(id, author, transactions, encoded));
        }
        return AreSigned([.. verified.SelectMany(static batch => batch.Transactions)]) ? null : Reason.BadSignature.Explanation();
    }

    private string? Verify(ReadOnlyMemory<byte> encoded, out int author, out List<Transaction> transactions)
    {
        Reason reason = TryOpen(encoded, chainId, out author, out transactions);
        if (reason == Reason.None && !AreSigned(transactions))
            reason = Reason.BadSignature;
        return reason == Reason.None ? null : reason.Explanation();
    }

    private static bool AreSigned(List<Transaction> transactions) => !SignatureBatch.Verify(transactions).Contains(false);

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
