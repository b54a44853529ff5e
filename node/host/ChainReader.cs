using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Driver;
using AppChain.Node.Peers;
using AppChain.Storage;

namespace AppChain.Node;

/// <summary>A final transaction: where it is and what became of it.</summary>
/// <param name="Encoded">
/// As in the batch; MintRewards, which nobody signs, is a body without signatures. Empty when it was not asked for, when its batch is pruned, and for what
/// a block did by itself because its time had come.
/// </param>
public sealed record FinalTransaction(TransactionLocation Location, ReadOnlyMemory<byte> Encoded, Receipt Receipt);

/// <summary>Reads what is final, for clients, peers and a restart. Any thread.</summary>
public sealed class ChainReader
{
    private readonly ChainStore store;
    private volatile ChainPoint tipPoint;
    private volatile EpochStart epochStart;

    public ChainReader(ChainStore store)
    {
        this.store = store;
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

    /// <summary>A final block; null when there is none of this height yet, or no more.</summary>
    public StoredBlock? Block(ulong height) => store.TryGetBlock(height, out StoredBlock? block) ? block : null;

    /// <summary>The finalization of a block, empty if a later block's covers it.</summary>
    public ReadOnlyMemory<byte> Finalization(ulong height) => store.TryGetCertificate(height, out ReadOnlyMemory<byte> encoded) ? encoded : default;

    /// <summary>The oldest height that is kept of a class; below it there is nothing to read.</summary>
    public ulong OldestKept(RetentionClass kind) => store.Kept.Of(kind).From;

    /// <summary>
    /// The newest state below the tip that is still held, with the header that proves it, its child's; null: none is held yet, or any more.
    /// </summary>
    public (StateView State, Header Proof)? ProvenState()
    {
        for (ulong height = Tip.Height; height > 0; height--)
        {
            if (FindHeader(height) is not { } header)
                return null;
            if (store.TryGetView(height - 1, out StateView? view))
                return (view, header);
            if (Tip.Height - height >= NodeLimits.ProvenStateDepthMax)
                return null;
        }
        return null;
    }

    /// <summary>Checks that a block's part is not pruned. Height 0 has none.</summary>
    /// <exception cref="StorageException">It is.</exception>
    public void RequireKept(ulong height, RetentionClass kind) => store.RequireKept(height, kind);

    /// <summary>A block's receipts in order of execution.</summary>
    public IEnumerable<Receipt> Receipts(ulong height) => store.ReadTransactions(height).Select(ReceiptOf);

    /// <summary>A block's transactions in order of execution, each with its receipt.</summary>
    /// <param name="from">The first of them that is wanted. Only batches that hold one that is read are read.</param>
    public IEnumerable<FinalTransaction> Transactions(ulong height, int from = 0)
    {
        if (Block(height) is not { } block)
            yield break;
        // Each batch is read once, and its transactions are slices of it.
        Dictionary<int, ReadOnlyMemory<byte>> batches = [];
        foreach (StoredTransaction transaction in store.ReadTransactions(height, from))
        {
            BatchSlice slice = transaction.Executed.Slice;
            if (slice.Batch != BatchSlice.None && !batches.ContainsKey(slice.Batch))
                batches.Add(slice.Batch, BatchOf(block, block.Batches[slice.Batch].Id));
            ReadOnlyMemory<byte> encoded = slice.Batch == BatchSlice.None
                ? MintOf(block, transaction.Location)
                : batches[slice.Batch].Slice(slice.Offset, slice.Length);
            yield return new FinalTransaction(transaction.Location, encoded, ReceiptOf(transaction));
        }
    }

    /// <summary>A final transaction by its id; null when no block that is kept holds it.</summary>
    public FinalTransaction? FindTransaction(Hash256 id, bool withBytes) =>
        store.TryGetTransaction(id, out StoredTransaction? transaction) ? Read(transaction, withBytes) : null;

    /// <summary>Transactions that touched an account or a device, newest first.</summary>
    /// <param name="before">Only those before this place; null: from the newest on.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="withBytes">Whether to read the transactions too, and not only what became of them.</param>
    public IReadOnlyList<FinalTransaction> History(HistoryKey key, TransactionLocation? before, int count, bool withBytes)
    {
        List<FinalTransaction> found = [];
        foreach (TransactionLocation location in store.ReadHistory(key, before).Take(count))
        {
            if (!store.TryGetTransaction(location, out StoredTransaction? transaction))
                break; // pruned since the index was read, and with it all that is older
            found.Add(Read(transaction, withBytes));
        }
        return found;
    }

    /// <summary>The devices of an owner or a service, in order of their addresses.</summary>
    /// <param name="after">Only those behind this one; empty: from the first on.</param>
    public IReadOnlyList<Crypto.Address> Devices(MemberIndex index, ReadOnlyMemory<byte> group, ReadOnlyMemory<byte> after, int count) =>
        [.. store.ReadMembers(index, group, after).Take(count).Select(member => new Crypto.Address(member.Span))];

    /// <summary>The newest final block that is not later than a time; null when all that are kept are later.</summary>
    public ulong? HeightAt(ulong timeMs) => store.TryGetHeightAt(timeMs, out ulong height) ? height : null;

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
    public Header? FindHeader(ulong height) => Block(height) is { } block ? HeaderOf(block) : null;

    /// <summary>The header of a final block.</summary>
    public Header HeaderAt(ulong height) => FindHeader(height) ?? throw store.DamagedBlock(height);

    private Header HeaderOf(StoredBlock block) =>
        Header.TryDecode(block.Header.Span, out Header header) && header.Hash.ToHash() == block.HeaderHash
            ? header
            : throw store.DamagedBlock(block.Height);

    // After a boundary block consensus goes on at the start of the next epoch, whose set the state has by then.
    private EpochStart ReadEpochStart()
    {
        Header? tip = FindHeader(Tip.Height);
        bool ended = tip is { EndsEpoch: true };
        Epoch number = new(tip is null ? 0 : ended ? tip.Epoch.Value + 1 : tip.Epoch.Value);
        ConsensusEpoch epoch = new(number, State);
        return ended ? new EpochStart(epoch, tipPoint with { View = View.Genesis }, null) : new EpochStart(epoch, tipPoint, TipFinalization());
    }

    private Certificate? TipFinalization() =>
        store.TryGetCertificate(Tip.Height, out ReadOnlyMemory<byte> encoded) && Certificate.TryDecode(encoded.Span, out Certificate certificate)
            ? certificate
            : null;

    private FinalTransaction Read(StoredTransaction transaction, bool withBytes)
    {
        ReadOnlyMemory<byte> encoded = default;
        if (withBytes && !store.TryGetTransactionBytes(transaction, out encoded)
            && transaction.Executed.Slice.Batch == BatchSlice.None && Block(transaction.Location.Height) is { } block)
            encoded = MintOf(block, transaction.Location);
        return new FinalTransaction(transaction.Location, encoded, ReceiptOf(transaction));
    }

    private Receipt ReceiptOf(StoredTransaction transaction) =>
        Receipt.TryDecodeOutcome(transaction.Executed.Id, transaction.Executed.Receipt.Span, out Receipt? receipt) == Reason.None
            ? receipt!
            : throw store.DamagedReceipt(transaction);

    private ReadOnlyMemory<byte> BatchOf(StoredBlock block, Hash256 id) => store.TryGetBatch(id, out ReadOnlyMemory<byte> encoded)
        ? encoded
        : throw store.MissingBatch(id, block.Height);

    // What is in no batch is the mint, which comes first, or the block's own doing, which has no bytes.
    private ReadOnlyMemory<byte> MintOf(StoredBlock block, TransactionLocation location)
    {
        if (BlockPayload.TryDecode(block.Payload.Span, out BlockPayload? payload) != Reason.None)
            throw store.DamagedBlock(block.Height);
        return location.Index == 0 && !payload!.MintRewards.IsEmpty ? TransactionOfMint(payload.MintRewards) : default;
    }

    // MintRewards has no signatures: as a transaction it is its body alone.
    private static ReadOnlyMemory<byte> TransactionOfMint(ReadOnlyMemory<byte> body)
    {
        Protos.V1.Transaction transaction = new() { Body = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(body) };
        return Google.Protobuf.MessageExtensions.ToByteArray(transaction);
    }
}
