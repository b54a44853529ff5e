using System.Globalization;
using System.Text.Json.Nodes;
using AppChain.Node.Cli;

namespace AppChain.Node.Inspect;

/// <summary>Records for people: the same as the JSON form, indented, with moments as dates and long bytes cut.</summary>
internal static class RecordText
{
    private const int HexShownMax = 132;
    private const ulong FirstMomentMs = 1_000_000_000_000;
    private const ulong LastMomentMs = 253_402_300_799_999;

    /// <summary>The lines of a record.</summary>
    public static IEnumerable<string> Lines(JsonObject record, int depth = 0)
    {
        string indent = new(' ', 2 * depth);
        foreach ((string name, JsonNode? value) in record)
        {
            switch (value)
            {
                case JsonObject inner when inner.Count > 0:
                    yield return indent + name;
                    foreach (string line in Lines(inner, depth + 1))
                        yield return line;
                    break;
                case JsonArray array when array.Any(static item => item is JsonObject):
                    for (int i = 0; i < array.Count; i++)
                    {
                        yield return $"{indent}{name} {i}";
                        foreach (string line in Lines(array[i]!.AsObject(), depth + 1))
                            yield return line;
                    }
                    break;
                default:
                    yield return $"{indent}{name.PadRight(Math.Max(1, 22 - indent.Length))} {Text(name, value)}";
                    break;
            }
        }
    }

    private static string Text(string name, JsonNode? value)
    {
        string text = value is JsonArray array ? array.Count == 0 ? "none" : string.Join(", ", array) : value?.ToString() ?? "none";
        // The unit is in the name's ending, by the house's rule; lengths of time are far below the first moment.
        if (name.EndsWith("Ms", StringComparison.Ordinal) && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong ms)
            && ms is >= FirstMomentMs and <= LastMomentMs)
            return $"{text} ({Output.Time(ms)})";
        return text.Length <= HexShownMax ? text : $"{text[..HexShownMax]}… ({text.Length / 2} bytes; all of them with --json)";
    }
}
