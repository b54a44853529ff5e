using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Node.Peers;
using AppChain.Storage;

namespace AppChain.Node;

/// <summary>A final transaction: where it is and what became of it.</summary>
/// <param name="Encoded">As in the batch; MintRewards, which nobody signs, is a body without signatures.</param>
public sealed record FinalTransaction(ulong Height, int Index, ReadOnlyMemory<byte> Encoded, Receipt Receipt);

/// <summary>Reads what is final, for clients, peers and a restart. Any thread.</summary>
public sealed class ChainReader
{
    private readonly ChainStore store;
    private readonly Genesis genesis;
    private volatile ChainPoint tipPoint;
    private volatile EpochStart epochStart;

    public ChainReader(ChainStore store, Genesis genesis)
    {
        (this.store, this.genesis) = (store, genesis);
        tipPoint = store.Tip.Height == 0
            ? ChainPoint.Genesis(store.Tip.HeaderHash.ToDigest(), store.Tip.TimeMs)
            : ChainPoint.Of(HeaderAt(store.Tip.Height));
        epochStart = ReadEpochStart();
    }

    /// <summary>The last final block, as the store has it.</summary>
    public ChainTip Tip => store.Tip;

    /// <summary>The last final block, as consensus has it.</summary>
    public ChainPoint TipPoint => tipPoint;

    /// <summary>The consensus epoch of the last final block; 0 at genesis.</summary>
    public ulong HeaderEpoch => Tip is { Height: > 0 and var height } ? HeaderAt(height).Epoch.Value : 0;

    /// <summary>The state after the last final block.</summary>
    public LedgerState State => new(store.Finalised);

    /// <summary>The present epoch of consensus, and where it was entered: at its start, or at the tip with which this node started.</summary>
    public EpochStart EpochStart => epochStart;

    /// <summary>A block became final.</summary>
    public void OnFinal(ExecutedBlock block)
    {
        tipPoint = block.Point;
        if (block.EndsEpoch)
            epochStart = ReadEpochStart();
    }

    /// <summary>The tip in the executor's form, to start from.</summary>
    public ExecutedBlock TipExecuted()
    {
        IReadOnlyList<Receipt> receipts = [.. Receipts(Tip.Height)];
        bool endsEpoch = FindHeader(Tip.Height) is { EndsEpoch: true };
        return new ExecutedBlock(TipPoint, Digest.Zero, store.Finalised, Receipt.Root(receipts), receipts, [], endsEpoch);
    }

    /// <summary>The height of the final block with this header hash.</summary>
    public bool TryGetHeight(Hash256 headerHash, out ulong height) => store.TryGetHeight(headerHash, out height);

    /// <summary>The header and payload of a final block; null when there is none of this height yet.</summary>
    public StoredBlock? Block(ulong height) => store.TryGetBlock(height, out StoredBlock block) ? block : null;

    /// <summary>The finalization of a block, empty if a later block's covers it.</summary>
    public ReadOnlyMemory<byte> Finalization(ulong height) => store.TryGetCertificate(height, out ReadOnlyMemory<byte> encoded) ? encoded : default;

    /// <summary>A block's receipts in order of execution.</summary>
    public IEnumerable<Receipt> Receipts(ulong height)
    {
        if (!store.TryGetReceipts(height, out IReadOnlyList<ReadOnlyMemory<byte>> receipts))
            yield break;
        foreach (ReadOnlyMemory<byte> encoded in receipts)
        {
            yield return Receipt.TryDecode(encoded.Span, out Receipt? receipt) == Reason.None
                ? receipt!
                : throw new InvalidOperationException($"a stored receipt of block {height} does not decode");
        }
    }

    /// <summary>A block's transactions in order of execution, each with its receipt.</summary>
    public IEnumerable<FinalTransaction> Transactions(ulong height)
    {
        using IEnumerator<Receipt> receipts = Receipts(height).GetEnumerator();
        int index = 0;
        foreach (ReadOnlyMemory<byte> encoded in EncodedTransactions(height))
        {
            if (!receipts.MoveNext())
                throw new InvalidOperationException($"block {height} has fewer receipts than transactions");
            yield return new FinalTransaction(height, index++, encoded, receipts.Current);
        }
    }

    /// <summary>A final transaction by its id; null when no block holds it.</summary>
    public FinalTransaction? FindTransaction(Hash256 id) =>
        store.TryGetTransaction(id, out TransactionLocation location) ? Transactions(location.Height).ElementAt(location.Index) : null;

    /// <summary>The state root after a final block of the recent past; the next block's header proves it.</summary>
    public Hash256? StateRootAfter(ulong height) =>
        Tip is var tip && height == tip.Height ? tip.StateRoot
        : Block(height + 1) is { } next && Header.TryDecode(next.Header.Span, out Header header) ? header.StateRoot.ToHash()
        : null;

    /// <summary>Adds up the whole state after the last final block.</summary>
    public (ulong Height, SupplyAudit Audit) AuditSupply()
    {
        StateView view = store.Finalised;
        return (view.Height, SupplyAudit.Of(view.Enumerate(default).Select(entry => KeyValuePair.Create(entry.Key, entry.Value))));
    }

    /// <summary>The header of a final block, or null if there is none of this height here.</summary>
    public Header? FindHeader(ulong height) => Block(height) is null ? null : HeaderAt(height);

    /// <summary>The header of a final block.</summary>
    public Header HeaderAt(ulong height) =>
        Block(height) is { } block && Header.TryDecode(block.Header.Span, out Header header)
            ? header
            : throw new InvalidOperationException($"the stored header of block {height} does not decode");

    // After a boundary block consensus goes on at the start of the next epoch, whose set the state has by then.
    private EpochStart ReadEpochStart()
    {
        Header? tip = FindHeader(Tip.Height);
        bool ended = tip is { EndsEpoch: true };
        Epoch number = new(tip is null ? 0 : ended ? tip.Epoch.Value + 1 : tip.Epoch.Value);
        ConsensusEpoch epoch = new(number, ValidatorsRecord.Get(State), genesis);
        return ended ? new EpochStart(epoch, tipPoint with { View = View.Genesis }, null) : new EpochStart(epoch, tipPoint, TipFinalization());
    }

    private Certificate? TipFinalization() =>
        store.TryGetCertificate(Tip.Height, out ReadOnlyMemory<byte> encoded) && Certificate.TryDecode(encoded.Span, out Certificate certificate)
            ? certificate
            : null;

    private IEnumerable<ReadOnlyMemory<byte>> EncodedTransactions(ulong height)
    {
        if (Block(height) is not { } block || BlockPayload.TryDecode(block.Payload.Span, out BlockPayload? payload) != Reason.None)
            yield break;
        if (!payload!.MintRewards.IsEmpty)
            yield return TransactionOfMint(payload.MintRewards);
        foreach (Hash256 id in payload.BatchIds)
        {
            if (!store.TryGetBatch(id, out ReadOnlyMemory<byte> encoded) || Batch.TryDecode(encoded, out Batch? batch) != Reason.None)
                throw new InvalidOperationException($"batch {id} of block {height} is not in the store");
            foreach (ReadOnlyMemory<byte> transaction in batch!.Transactions)
                yield return transaction;
        }
    }

    // MintRewards has no signatures: as a transaction it is its body alone.
    private static ReadOnlyMemory<byte> TransactionOfMint(ReadOnlyMemory<byte> body)
    {
        Protos.V1.Transaction transaction = new() { Body = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(body) };
        return Google.Protobuf.MessageExtensions.ToByteArray(transaction);
    }
}
