namespace AppChain.Mutations;

/// <summary>Reads the list of a <see cref="Room"/>; the head of <c>mutations.md</c> says how it is written.</summary>
static class MutationList
{
    const string HarmlessMark = "Harmless:";

    /// <exception cref="FormatException">With the line that is not understood.</exception>
    public static IReadOnlyList<Mutation> Parse(string text)
    {
        var mutations = new List<Mutation>();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var at = 0;
        while (at < lines.Length)
        {
            if (!lines[at].StartsWith("## ", StringComparison.Ordinal))
            {
                at++;
                continue;
            }

            var mutation = ParseOne(lines, ref at);
            if (mutations.Exists(other => other.Id == mutation.Id))
            {
                throw new FormatException($"the id {mutation.Id} is there twice");
            }

            mutations.Add(mutation);
        }

        return mutations;
    }

    static Mutation ParseOne(string[] lines, ref int at)
    {
        var head = lines[at][3..].Split(" · ");
        if (head.Length is < 2 or > 3 || (head.Length == 3 && head[2] != "quick"))
        {
            throw new FormatException($"not a heading \"## id · rule\" or \"## id · rule · quick\": {lines[at]}");
        }

        var words = new List<string>();
        var edits = new List<Edit>();
        string? file = null;
        for (at++; at < lines.Length && !lines[at].StartsWith('#'); at++)
        {
            var line = lines[at].Trim();
            if (line.StartsWith('`') && line.EndsWith('`') && !line.StartsWith("```", StringComparison.Ordinal))
            {
                file = line.Trim('`');
            }
            else if (line == "```diff")
            {
                edits.Add(ParseEdit(file ?? throw new FormatException($"{head[0]}: no file is named before its change"), lines, ref at));
            }
            else if (line != "")
            {
                words.Add(line);
            }
        }

        var prose = string.Join(' ', words);
        var harmless = prose.IndexOf(HarmlessMark, StringComparison.Ordinal);
        var sentence = harmless < 0 ? prose : prose[..harmless].TrimEnd();
        if (sentence == "" || edits.Count == 0)
        {
            throw new FormatException($"{head[0]} needs a sentence and a change");
        }

        return new Mutation(
            head[0], head[1], sentence, harmless < 0 ? null : prose[(harmless + HarmlessMark.Length)..].Trim(), head.Length == 3, edits);
    }

    // Lines with - go, lines with + come, all others stay.
    static Edit ParseEdit(string file, string[] lines, ref int at)
    {
        var before = new List<string>();
        var after = new List<string>();
        for (at++; at < lines.Length && lines[at].Trim() != "```"; at++)
        {
            var (sign, rest) = lines[at] is [var first, .. var tail] ? (first, tail) : (' ', "");
            if (sign != '+')
            {
                before.Add(rest);
            }

            if (sign != '-')
            {
                after.Add(rest);
            }
        }

        var fragment = string.Join('\n', before);
        return at < lines.Length && fragment.Trim() != ""
            ? new Edit(file, fragment, string.Join('\n', after).Trim())
            : throw new FormatException($"a change of {file} has no fragment or no end");
    }
}
