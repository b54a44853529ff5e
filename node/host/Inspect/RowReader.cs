using System.Text.Json.Nodes;
using AppChain.Consensus;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Storage;
using Batch = AppChain.Ledger.Batch;
using BlockPayload = AppChain.Ledger.BlockPayload;
using Receipt = AppChain.Ledger.Receipt;

namespace AppChain.Node.Inspect;

/// <summary>Reads a row of the store to the bottom: also what is opaque to the store, and the ledger's or consensus's.</summary>
internal sealed class RowReader(StoreRecords records)
{
    private readonly Ledger.ChainId chainId = Ledger.ChainId.Parse(records.Meta().ChainId);

    /// <summary>Where the row is and what it says.</summary>
    /// <exception cref="StorageException">It is damaged; the message names column family and key and says what to do.</exception>
    public JsonObject Read(StoredRow row)
    {
        JsonObject shown = new() { ["family"] = row.FamilyName, ["key"] = row.KeyText };
        switch (row.Decode() ?? throw records.Damaged(row, "the record cannot be read"))
        {
            case StateEntry entry:
                ReadState(row, entry, shown);
                break;
            case StoredBlock block:
                shown["record"] = Block(row, block);
                break;
            case StoredCertificate certificate:
                shown["height"] = RecordJson.Of(certificate.Height);
                shown["record"] = Certificate.TryDecode(certificate.Bytes.Span, out Certificate decoded)
                    ? RecordJson.Of(decoded)
                    : throw records.Damaged(row, "the finalization cannot be read");
                break;
            case StoredBatch batch:
                shown["record"] = BatchOf(row, batch);
                break;
            case IReadOnlyList<StoredTransaction> transactions:
                shown["record"] = new JsonArray([.. transactions.Select(transaction => Transaction(row, transaction))]);
                break;
            case IndexRecord entry:
                shown["index"] = RecordJson.NameOf(entry.GetType().Name["Of".Length..]);
                shown["record"] = RecordJson.Of(entry);
                break;
            case JournalRecord record:
                shown["sequence"] = RecordJson.Of(record.Sequence);
                if (!JournalEntry.TryDecode(record.Bytes.Span, out JournalEntry journaled))
                    throw records.Damaged(row, "the record of consensus cannot be read");
                shown["entry"] = RecordJson.NameOf(journaled.GetType().Name);
                shown["record"] = RecordJson.Of(journaled);
                break;
            case var other:
                shown["record"] = RecordJson.Of(other);
                break;
        }
        return shown;
    }

    /// <summary>What became of one transaction, and, if its batch is kept, what it said.</summary>
    public JsonObject Read(StoredRow row, StoredTransaction transaction, bool withBody)
    {
        JsonObject shown = new() { ["family"] = row.FamilyName, ["key"] = row.KeyText, ["record"] = Transaction(row, transaction) };
        if (withBody && Encoded(row, transaction) is { } encoded)
        {
            shown["transaction"] = Ledger.Transaction.TryDecode(encoded, chainId, out Transaction? decoded) == Reason.None
                ? RecordJson.Of(new { decoded!.Body, decoded.Signatures })
                : throw records.Damaged(row, "the transaction that it points at cannot be read");
        }
        return shown;
    }

    private void ReadState(StoredRow row, StateEntry entry, JsonObject shown)
    {
        if (StateLayout.Of(entry.Key) is not { } layout || StateKeyText.Fields(layout, entry.Key) is not { } fields)
        {
            // Of a ledger that is newer than this program, or of none.
            shown["kind"] = "unknown";
            shown["value"] = RecordJson.Of(entry.Value);
            return;
        }
        shown["kind"] = RecordJson.NameOf(layout.Kind.ToString());
        foreach ((string name, string text) in fields)
            shown[name] = text;
        try
        {
            shown["record"] = RecordJson.Of(layout.Decode(entry.Value));
        }
        catch (LedgerInvariantException invariant)
        {
            throw records.Damaged(row, invariant.Message);
        }
    }

    private JsonNode? Block(StoredRow row, StoredBlock block)
    {
        if (!Header.TryDecode(block.Header.Span, out Header header) || BlockPayload.TryDecode(block.Payload.Span, out BlockPayload? payload) != Reason.None)
            throw records.Damaged(row, $"the header or payload of block {block.Height} cannot be read");
        Body? mint = payload!.MintRewards.IsEmpty || Body.TryDecode(payload.MintRewards.Span, out Body? body) != Reason.None ? null : body;
        return RecordJson.Of(new { block.Height, block.HeaderHash, block.TransactionCount, Header = header, MintRewards = mint?.Message, block.Batches });
    }

    private JsonNode? BatchOf(StoredRow row, StoredBatch batch)
    {
        if (Batch.IdOf(batch.Bytes.Span) != batch.Id || Batch.TryDecode(batch.Bytes, out Batch? decoded) != Reason.None)
            throw records.Damaged(row, "the batch is not the one of this id");
        IEnumerable<object> transactions = decoded!.Transactions.Select(encoded =>
            Ledger.Transaction.TryDecode(encoded, chainId, out Transaction? transaction) == Reason.None
                ? (object)new { transaction!.Id, transaction.Body }
                : throw records.Damaged(row, "a transaction in the batch cannot be read"));
        return RecordJson.Of(new { decoded.Author, decoded.Sequence, Transactions = transactions.ToArray() });
    }

    private JsonNode? Transaction(StoredRow row, StoredTransaction transaction)
    {
        ExecutedTransaction executed = transaction.Executed;
        return Receipt.TryDecodeOutcome(executed.Id, executed.Receipt.Span, out Receipt? receipt) == Reason.None
            ? RecordJson.Of(new
            {
                transaction.Location.Height,
                Place = transaction.Location.Index,
                executed.Id,
                receipt!.Reason,
                receipt.Verdict,
                executed.Indexed,
                executed.Slice,
                executed.Touched,
            })
            : throw records.Damaged(row, $"the receipt of transaction {executed.Id} cannot be read");
    }

    // MintRewards is in the payload; a pruned batch is no damage.
    private ReadOnlyMemory<byte>? Encoded(StoredRow row, StoredTransaction transaction)
    {
        BatchSlice slice = transaction.Executed.Slice;
        if (slice.Batch == BatchSlice.None || records.Block(transaction.Location.Height) is not { } block)
            return null;
        if (slice.Batch >= block.Batches.Count)
            throw records.Damaged(row, $"it names batch {slice.Batch} of {block.Batches.Count}");
        if (records.Batch(block.Batches[slice.Batch].Id) is not { } batch)
            return null;
        return slice.Offset <= batch.Length && slice.Length <= batch.Length - slice.Offset
            ? batch.Slice(slice.Offset, slice.Length)
            : throw records.Damaged(row, "it points beyond its batch");
    }
}
