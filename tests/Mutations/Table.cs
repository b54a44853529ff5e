using System.Globalization;

namespace AppChain.Mutations;

/// <summary>The verdicts, for a terminal and for the documents.</summary>
static class Table
{
    const string HowToRead = """
        # Mutations of consensus

        A simulator that finds nothing may be blind. Here each safety rule of [consensus](../consensus/README.md) is removed or weakened,
        one at a time, and the [simulator](../tests/Simulation/README.md) must find it. This page is written by

        ```
        tests/mutate --report docs/mutations.md      # all of it
        tests/mutate --only 3-skipped-view           # one, by its id
        tests/mutate --quick                         # the few that continuous integration tries
        ```

        Each mutant is compiled in a scratch copy and simulated with the default profile from seed 0 up until a seed fails, which is the one
        in the table: as many seeds and one were needed. That seed must pass without the mutation. `tests/mutate` fails if a mutant survives
        all its seeds, or if a change no longer fits the source. The changes themselves, and how to add one, are in
        [`tests/Mutations/mutations.md`](../tests/Mutations/mutations.md).

        *Caught by* names the oracle's check (the table in the simulator's page says what each means). `invariant` is the core's own: it
        stopped itself. `liveness` and `deadline` say that the healed network, or one core, came to a standstill; `storm` that it did
        not come to rest. Rules that exist for liveness can only be caught so.

        """;

    public static string Line(Verdict verdict) => string.Create(
        CultureInfo.InvariantCulture,
        $"{verdict.Mutation.Id,-28} rule {verdict.Mutation.Rule,-10} {Outcome(verdict),-44} {verdict.Took.TotalSeconds,6:0.0} s");

    public static string Text(IReadOnlyList<Verdict> verdicts) =>
        $"{verdicts.Count(verdict => verdict.Fate == Fate.Caught)} caught, "
        + $"{verdicts.Count(verdict => verdict is { Fate: Fate.Survived, Good: true })} harmless as argued, "
        + $"{verdicts.Count(verdict => !verdict.Good)} not as they should be"
        + string.Concat(verdicts.Where(verdict => !verdict.Good)
            .Select(verdict => $"\n  {Line(verdict)}\n    {verdict.Mutation.Sentence}"));

    public static string Markdown(IReadOnlyList<Verdict> verdicts, int seeds)
    {
        var harmful = verdicts.Where(verdict => verdict.Mutation.Harmless is null).ToArray();
        var harmless = verdicts.Where(verdict => verdict.Mutation.Harmless is not null).ToArray();
        return HowToRead + string.Create(CultureInfo.InvariantCulture, $"""
            ## Caught: {harmful.Count(verdict => verdict.Good)} of {harmful.Length}, within {seeds} seeds each

            | Id | Rule | What the mutant does | Caught by | Seed | Seconds |
            |---|---|---|---|---|---|
            {string.Join('\n', harmful.Select(Row))}

            ## Harmless

            Changes that look dangerous and are not. They are simulated as well, and must pass: if one is caught, its argument is wrong.

            {string.Join("\n\n", harmless.Select(Argument))}

            """);
    }

    static string Row(Verdict verdict) => string.Create(
        CultureInfo.InvariantCulture,
        $"| `{verdict.Mutation.Id}` | {verdict.Mutation.Rule} | {verdict.Mutation.Sentence} "
        + $"| {(verdict.Good ? verdict.By : $"**{Outcome(verdict)}**")} | {verdict.Seed} | {verdict.Took.TotalSeconds:0} |");

    static string Argument(Verdict verdict) =>
        $"`{verdict.Mutation.Id}` (rule {verdict.Mutation.Rule}). {verdict.Mutation.Sentence} {verdict.Mutation.Harmless}"
        + (verdict.Good ? "" : $" **{Outcome(verdict)}**");

    static string Outcome(Verdict verdict) => verdict switch
    {
        { Fate: Fate.Caught } => $"{verdict.By}, seed {verdict.Seed}",
        { Fate: Fate.Survived, Good: true } => "harmless, as argued",
        { Fate: Fate.Survived } => "SURVIVED",
        _ => $"NOT JUDGED: {verdict.By}",
    };
}
