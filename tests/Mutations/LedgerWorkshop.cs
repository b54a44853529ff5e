using System.Diagnostics;

namespace AppChain.Mutations;

/// <summary>
/// Has the ledger's tests judge mutants of it: those of money, channels, proofs and the plain models. They pass without a mutation, or nothing is tried.
/// </summary>
sealed class LedgerWorkshop : Workshop
{
    const string Ledger = "AppChain.Ledger";
    const string Tests = "Ledger.Tests";
    const string FailMark = "[FAIL]";
    const string Namespace = "AppChain.Tests.Ledger.";

    /// <summary>The tests, all that they refer to, and what their projects are built with. The solution marks the root.</summary>
    static readonly string[] Copied =
    [
        "consensus", "node", "protos", $"tests/{Tests}", "tests/Directory.Build.props", "AppChain.sln",
        "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig",
    ];

    /// <summary>
    /// The judges: not those that compare pages and encodings, which any change would trouble. Most mutants fall by the quick ones, and the others are not asked.
    /// </summary>
    static readonly string[][] Judges =
    [
        [
            "Economy.EmissionTests", "Economy.FeeDemandTests", "Economy.OwnUsageTests", "Economy.RestTests", "RewardTests", "BurnForCreditsTests",
            "ChannelTests", "Model.PlainUsageTests", "Proofs.StatementTests", "Proofs.ProvisionalVerdictTests", "Proofs.Rules.BatchTests",
        ],
        ["Economy.HostileEconomyTests", "ChannelPropertyTests", "Proofs.*", "Model.*"],
    ];

    LedgerWorkshop(string folder)
        : base(folder)
    {
    }

    /// <summary>Copies, restores and builds, and sees that the tests pass.</summary>
    public static async Task<Workshop> Open(string repository, string folder)
    {
        foreach (var part in Copied)
        {
            Copy(Path.Combine(repository, part), Path.Combine(folder, part));
        }

        var workshop = new LedgerWorkshop(folder);
        await workshop.Dotnet("restore", $"tests/{Tests}/{Tests}.csproj", "--nologo", "--verbosity", "quiet");
        if (await workshop.Build($"tests/{Tests}") is { } problem)
        {
            throw new InvalidOperationException($"the unchanged tests do not build: {problem}");
        }

        var (code, output) = await workshop.RunTests();
        return code == 0 ? workshop : throw new InvalidOperationException($"the unchanged tests do not pass: {FirstFailure(output) ?? output}");
    }

    /// <summary>The ledger alone is compiled again, and takes its place beside the tests.</summary>
    protected override async Task<string?> BuildMutant(Mutation mutation)
    {
        var problem = await Build("node/ledger");
        if (problem is null)
        {
            File.Copy(Path.Combine(Output(Ledger), $"{Ledger}.dll"), Path.Combine(Output(Tests), $"{Ledger}.dll"), overwrite: true);
        }

        return problem;
    }

    protected override async Task<Verdict> Judge(Mutation mutation, int seeds, Stopwatch clock)
    {
        var (code, output) = await RunTests();
        var (fate, by) = (code, FirstFailure(output)) switch
        {
            (0, _) => (Fate.Survived, ""),
            (_, { } test) => (Fate.Caught, test),
            _ => (Fate.Broken, "the tests did not come to their end"),
        };
        return new Verdict(mutation, fate, by, null, clock.Elapsed);
    }

    async Task<(int? Code, string Output)> RunTests()
    {
        (int? Code, string Output) last = (0, "");
        foreach (var judges in Judges)
        {
            last = await Run(
                Path.Combine(Output(Tests), Tests),
                ["-noColor", "-stopOnFail", .. judges.SelectMany(judge => new[] { "-class", Namespace + judge })],
                JudgementMax);
            if (last.Code != 0)
            {
                break;
            }
        }

        return last;
    }

    /// <summary>"Namespace.Class.Test [FAIL]" without the namespace of all of them, and without the arguments.</summary>
    static string? FirstFailure(string output) => output.Split('\n')
        .Where(line => line.Contains(FailMark, StringComparison.Ordinal))
        .Select(line => line[..line.IndexOf(FailMark, StringComparison.Ordinal)].Trim().Replace(Namespace, "", StringComparison.Ordinal).Split('(')[0])
        .FirstOrDefault();
}
