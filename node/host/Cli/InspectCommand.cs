using System.CommandLine;
using System.Text.Json.Nodes;
using AppChain.Node.Inspect;
using AppChain.Storage;

namespace AppChain.Node.Cli;

/// <summary><c>appchain inspect</c>: any record that a stopped node has on disk.</summary>
internal static class InspectCommand
{
    private const int LimitDefault = 20;

    private static readonly Argument<DirectoryInfo> Home = new("directory") { Description = "The node's home; the node must not be running" };

    private static readonly Argument<string?> Kind = new("kind")
    {
        Description = "What to show: " + string.Join(", ", RecordKind.All.Select(kind => $"{kind.Name} {kind.Usage}".TrimEnd())),
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string[]> Key = new("key")
    {
        Description = "Which one; of a key with several parts the first ones list what begins so",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<ColumnFamily?> Family = new("--family") { Description = "Instead of a kind: the column family to read from" };
    private static readonly Option<string?> ExactKey = new("--key") { Description = "With --family: the key, in hex (of meta: the word)" };
    private static readonly Option<string?> Prefix = new("--prefix") { Description = "With --family: list the keys that begin so, in hex" };
    private static readonly Option<string?> After = new("--after") { Description = "With --family: list only what comes behind this key, in hex" };
    private static readonly Option<int> Limit = new("--limit") { Description = "Most records to show", DefaultValueFactory = _ => LimitDefault };
    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON, one record a line" };

    public static Command Create()
    {
        Command command = new("inspect", "Show records of a stopped node's data; nothing is changed") { Home, Kind, Key, Family, ExactKey, Prefix, After, Limit, Json };
        command.SetAction(arguments =>
        {
            using StoreRecords records = StoreRecords.Open(new NodeHome(arguments.GetValue(Home)!.FullName).DataDirectory);
            return Show(Select(arguments, records), new RowReader(records), arguments);
        });
        return command;
    }

    private static IEnumerable<FoundRow> Select(ParseResult arguments, StoreRecords records)
    {
        string? name = arguments.GetValue(Kind);
        if (arguments.GetValue(Family) is { } family)
        {
            return name is null
                ? Raw(records, family, arguments).Select(static row => new FoundRow(row, reader => WithValue(reader.Read(row), row)))
                : throw new CommandException("give a kind or --family, not both.");
        }
        RecordKind kind = RecordKind.All.FirstOrDefault(kind => kind.Name == name) ?? throw new CommandException(
            (name is null ? "name a kind of record: " : $"\"{name}\" is no kind of record; expected one of ")
            + $"{string.Join(", ", RecordKind.All.Select(kind => kind.Name))}; or give --family.");
        return kind.Find(records, arguments.GetValue(Key) ?? []);
    }

    private static IEnumerable<StoredRow> Raw(StoreRecords records, ColumnFamily family, ParseResult arguments)
    {
        if (arguments.GetValue(ExactKey) is not { } key)
            return records.Rows(family, Bytes(family, arguments.GetValue(Prefix)), Bytes(family, arguments.GetValue(After)));
        return records.Row(family, Bytes(family, key)) is { } row
            ? [row]
            : throw new CommandException($"there is no key {key} in column family {StoredRow.NameOf(family)}.");
    }

    private static byte[] Bytes(ColumnFamily family, string? text) =>
        text is null ? [] : family == ColumnFamily.Meta ? System.Text.Encoding.UTF8.GetBytes(text) : RecordKind.ParseHex(text);

    private static JsonObject WithValue(JsonObject shown, StoredRow row)
    {
        shown["value"] = RecordJson.Of(row.Value);
        return shown;
    }

    /// <summary>Prints each record, or what is wrong with it: the next one is looked at all the same.</summary>
    private static int Show(IEnumerable<FoundRow> rows, RowReader reader, ParseResult arguments)
    {
        (TextWriter output, TextWriter errors) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        (int shown, int damaged, StoredRow last) = (0, 0, default);
        foreach (FoundRow found in rows)
        {
            if (shown + damaged == arguments.GetValue(Limit))
            {
                errors.WriteLine($"there is more: raise --limit, or go on with --family {last.FamilyName} --after {last.KeyText}");
                break;
            }
            last = found.Row;
            try
            {
                JsonObject record = found.Read(reader);
                output.WriteLine(arguments.GetValue(Json) ? RecordJson.Line(record) : string.Join('\n', RecordText.Lines(record)) + "\n");
                shown++;
            }
            catch (StorageException damage) when (damage.Fault == StorageFault.Corruption)
            {
                errors.WriteLine("appchain: " + damage.Message);
                damaged++;
            }
        }
        return damaged == 0 ? 0 : 1;
    }
}
