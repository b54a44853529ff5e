using System.Globalization;
using System.Text.Json.Nodes;
using AppChain.Crypto;
using AppChain.Ledger;
using AppChain.Node.Cli;
using AppChain.Node.Driver;
using AppChain.Storage;

namespace AppChain.Node.Inspect;

/// <summary>A kind of record as people ask for it. The kinds of the state come from the ledger's own table.</summary>
/// <param name="Name">As in <c>appchain inspect HOME account</c>.</param>
/// <param name="Usage">What may stand behind the name.</param>
/// <param name="Find">The rows that a key names, each to be read when it is reached.</param>
internal sealed record RecordKind(string Name, string Usage, Func<StoreRecords, IReadOnlyList<string>, IEnumerable<FoundRow>> Find)
{
    private const string Latest = "latest";

    /// <summary>Every kind: those of the state first.</summary>
    public static IReadOnlyList<RecordKind> All { get; } =
    [
        .. StateLayout.All.Select(OfState),
        new("block", "HEIGHT|latest", (records, key) => Required(records.RowsOfBlock(Height(records, key)), key)),
        new("certificate", "HEIGHT|latest", (records, key) => Required(records.RowOfFinalization(Height(records, key)) is { } row ? [row] : [], key)),
        new("transaction", "ID", (records, key) => TransactionOf(records, Hash(key), withBody: true)),
        new("receipt", "ID", (records, key) => TransactionOf(records, Hash(key), withBody: false)),
        new("batch", "ID", (records, key) => Required(records.Row(ColumnFamily.Batches, Hash(key).ToArray()) is { } row ? [row] : [], key)),
        new("index", "[ID|ADDRESS|SERVICE]", (records, key) => Plain(key.Count == 0 ? records.Rows(ColumnFamily.Index, default) : IndexOf(records, One(key)))),
        new("journal", "", (records, key) => Plain(records.Rows(ColumnFamily.Journal, None(key)))),
        new("meta", "", (records, key) => Plain(records.Rows(ColumnFamily.Meta, None(key)))),
    ];

    /// <summary>Bytes as hex.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static byte[] ParseHex(string text)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            throw new CommandException($"\"{text}\" is not hex.");
        }
    }

    private static RecordKind OfState(StateLayout layout) => new(
        RecordJson.NameOf(layout.Kind.ToString()),
        string.Concat(layout.Key.Select(field => $"[{field.Name.ToUpperInvariant()} ")).TrimEnd() + new string(']', layout.Key.Length),
        (records, key) =>
        {
            byte[] prefix = StateKeyText.Prefix(layout, key);
            return key.Count < layout.Key.Length
                ? Plain(records.Rows(ColumnFamily.State, prefix))
                : Required(records.Row(ColumnFamily.State, prefix) is { } row ? [row] : [], [RecordJson.NameOf(layout.Kind.ToString()), .. key]);
        });

    private static IEnumerable<FoundRow> Plain(IEnumerable<StoredRow> rows) => rows.Select(static row => new FoundRow(row, reader => reader.Read(row)));

    private static IEnumerable<FoundRow> Required(IEnumerable<StoredRow> rows, IReadOnlyList<string> key)
    {
        bool any = false;
        foreach (FoundRow row in Plain(rows))
        {
            any = true;
            yield return row;
        }
        if (!any)
            throw NotThere(string.Join(' ', key));
    }

    private static IEnumerable<FoundRow> TransactionOf(StoreRecords records, Hash256 id, bool withBody)
    {
        StoredRow index = records.IndexRowsOf(id).FirstOrDefault();
        if (index.Key.IsEmpty || index.Decode() is not IndexRecord.OfTransaction { Location: var place })
            throw NotThere($"transaction {id}");
        StoredRow row = records.RowOfReceipt(place) ?? throw records.Damaged(index, "the receipt that it points at is missing");
        if (row.Decode() is not IReadOnlyList<StoredTransaction> transactions || transactions.FirstOrDefault(found => found.Location == place) is not { } transaction)
            throw records.Damaged(row, "the row of receipts cannot be read");
        yield return new FoundRow(row, reader => reader.Read(row, transaction, withBody));
    }

    private static IEnumerable<StoredRow> IndexOf(StoreRecords records, string subject)
    {
        if (subject.Length == 2 * Hash256.Size)
            return records.IndexRowsOf(Hash([subject]));
        if (uint.TryParse(subject, NumberStyles.None, CultureInfo.InvariantCulture, out uint service))
            return records.IndexRowsOf(MemberIndex.DevicesOfService, BlockIndex.GroupOfService(service));
        byte[] address = CommonOptions.ParseAddress(subject).Bytes.ToArray();
        return records.IndexRowsOf(MemberIndex.DevicesOfOwner, address)
            .Concat(records.IndexRowsOf(new HistoryKey(HistoryIndex.TransactionsOfAccount, address)))
            .Concat(records.IndexRowsOf(new HistoryKey(HistoryIndex.TransactionsOfDevice, address)));
    }

    private static ulong Height(StoreRecords records, IReadOnlyList<string> key)
    {
        string text = One(key);
        if (text == Latest)
            return records.Meta().Tip.Height;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong height)
            ? height
            : throw new CommandException($"\"{text}\" is no height; expected a number or \"{Latest}\".");
    }

    private static Hash256 Hash(IReadOnlyList<string> key)
    {
        byte[] bytes = ParseHex(One(key));
        return bytes.Length == Hash256.Size
            ? new Hash256(bytes)
            : throw new CommandException($"\"{key[0]}\" has {bytes.Length} bytes; an id has {Hash256.Size}, so {2 * Hash256.Size} hex digits.");
    }

    private static string One(IReadOnlyList<string> key) =>
        key.Count == 1 ? key[0] : throw new CommandException($"this kind of record has a key of one part, not {key.Count}.");

    private static ReadOnlyMemory<byte> None(IReadOnlyList<string> key) =>
        key.Count == 0 ? default(ReadOnlyMemory<byte>) : throw new CommandException("this kind of record is listed without a key.");

    private static CommandException NotThere(string what) => new(
        $"there is no {what} in the data directory: it never was, or it is pruned (`inspect HOME meta` says what is kept).");
}

/// <summary>A row that was asked for, and how to read it.</summary>
internal sealed record FoundRow(StoredRow Row, Func<RowReader, JsonObject> Read);
