using System.Collections.Concurrent;

namespace AppChain.Mutations;

/// <summary>Tries the mutations in scratch copies and says which were caught.</summary>
static class Mutate
{
    /// <summary>0: all were caught, and the harmless ones not. 1: some were not. 2: the command, the list or the source was not
    /// understood.</summary>
    public static async Task<int> Main(string[] args)
    {
        if (CommandLine.Parse(args, out var problem) is not { } line)
        {
            return Refuse($"{problem}\n{CommandLine.Usage}");
        }

        var repository = Directory.GetCurrentDirectory();
        var list = File.ReadAllText(Path.Combine(repository, line.Room.ListFile));
        if (line.Select(MutationList.Parse(list), out problem) is not { } mutations)
        {
            return Refuse(problem);
        }

        if (line.List)
        {
            foreach (var mutation in mutations)
            {
                Console.WriteLine($"{mutation.Id,-28} {mutation.Rule,-12} {mutation.Sentence}");
            }

            return 0;
        }

        var misfits = Misfits(repository, mutations).ToArray();
        return misfits.Length > 0 ? Refuse(string.Join('\n', misfits)) : await TryAll(repository, line, mutations);
    }

    /// <summary>Changes that the source no longer takes.</summary>
    public static IEnumerable<string> Misfits(string repository, IEnumerable<Mutation> mutations) =>
        from mutation in mutations
        from edit in mutation.Edits
        let path = Path.Combine(repository, edit.File)
        let matches = File.Exists(path) ? edit.MatchesIn(File.ReadAllText(path)) : 0
        where matches != 1
        select $"{mutation.Id} does not apply: its fragment is {matches} times in {edit.File}: {edit.Fragment.Trim()}";

    static async Task<int> TryAll(string repository, CommandLine line, IReadOnlyList<Mutation> mutations)
    {
        var scratch = Directory.CreateTempSubdirectory("appchain-mutate-").FullName;
        try
        {
            var waiting = new ConcurrentQueue<Mutation>(mutations);
            var verdicts = new ConcurrentBag<Verdict>();
            var jobs = int.Min(line.Jobs, mutations.Count);
            await Task.WhenAll(Enumerable.Range(0, jobs).Select(async job =>
            {
                var workshop = await line.Room.Open(repository, Path.Combine(scratch, $"{job}"));
                while (waiting.TryDequeue(out var mutation))
                {
                    var verdict = await workshop.Try(mutation, line.Seeds);
                    verdicts.Add(verdict);
                    Console.WriteLine(Table.Line(verdict));
                }
            }));

            Verdict[] inOrder = [.. mutations.Select(mutation => verdicts.First(verdict => verdict.Mutation == mutation))];
            Console.WriteLine();
            Console.WriteLine(Table.Text(inOrder));
            if (line.Report is { } report)
            {
                await File.WriteAllTextAsync(report, Table.Markdown(line.Room, inOrder, line.Seeds));
            }

            return inOrder.All(verdict => verdict.Good) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    static int Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return 2;
    }
}
