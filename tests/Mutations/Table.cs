using System.Globalization;

namespace AppChain.Mutations;

/// <summary>The verdicts, for a terminal and for the documents.</summary>
static class Table
{
    public static string Line(Verdict verdict) => string.Create(
        CultureInfo.InvariantCulture,
        $"{verdict.Mutation.Id,-28} rule {verdict.Mutation.Rule,-10} {Outcome(verdict),-44} {verdict.Took.TotalSeconds,6:0.0} s");

    public static string Text(IReadOnlyList<Verdict> verdicts) =>
        $"{verdicts.Count(verdict => verdict.Fate == Fate.Caught)} caught, "
        + $"{verdicts.Count(verdict => verdict is { Fate: Fate.Survived, Good: true })} harmless as argued, "
        + $"{verdicts.Count(verdict => !verdict.Good)} not as they should be"
        + string.Concat(verdicts.Where(verdict => !verdict.Good)
            .Select(verdict => $"\n  {Line(verdict)}\n    {verdict.Mutation.Sentence}"));

    public static string Markdown(Room room, IReadOnlyList<Verdict> verdicts, int seeds)
    {
        var harmful = verdicts.Where(verdict => verdict.Mutation.Harmless is null).ToArray();
        var harmless = verdicts.Where(verdict => verdict.Mutation.Harmless is not null).ToArray();
        return room.Page + string.Create(CultureInfo.InvariantCulture, $"""
            ## Caught: {harmful.Count(verdict => verdict.Good)} of {harmful.Length}{(room.HasSeeds ? $", within {seeds} seeds each" : "")}

            | Id | Rule | What the mutant does | Caught by |{(room.HasSeeds ? " Seed |" : "")} Seconds |
            |---|---|---|---|---|{(room.HasSeeds ? "---|" : "")}
            {string.Join('\n', harmful.Select(verdict => Row(verdict, room.HasSeeds)))}

            ## Harmless

            Changes that look dangerous and are not. They are tried as well, and must pass: if one is caught, its argument is wrong.

            {string.Join("\n\n", harmless.Select(Argument))}

            """);
    }

    static string Row(Verdict verdict, bool hasSeeds) => string.Create(
        CultureInfo.InvariantCulture,
        $"| `{verdict.Mutation.Id}` | {verdict.Mutation.Rule} | {verdict.Mutation.Sentence} "
        + $"| {(verdict.Good ? verdict.By : $"**{Outcome(verdict)}**")} |{(hasSeeds ? $" {verdict.Seed} |" : "")} {verdict.Took.TotalSeconds:0} |");

    static string Argument(Verdict verdict) =>
        $"`{verdict.Mutation.Id}` (rule {verdict.Mutation.Rule}). {verdict.Mutation.Sentence} {verdict.Mutation.Harmless}"
        + (verdict.Good ? "" : $" **{Outcome(verdict)}**");

    static string Outcome(Verdict verdict) => verdict switch
    {
        { Fate: Fate.Caught, Seed: { } seed } => $"{verdict.By}, seed {seed}",
        { Fate: Fate.Caught } => verdict.By,
        { Fate: Fate.Survived, Good: true } => "harmless, as argued",
        { Fate: Fate.Survived } => "SURVIVED",
        _ => $"NOT JUDGED: {verdict.By}",
    };
}
