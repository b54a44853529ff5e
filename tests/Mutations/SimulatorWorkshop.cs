using System.Diagnostics;
using System.Text.Json;

namespace AppChain.Mutations;

/// <summary>Has the simulator judge mutants of consensus: a seed must fail, and pass without the mutation.</summary>
sealed class SimulatorWorkshop : Workshop
{
    /// <summary>The simulator, all that it refers to, and what their projects are built with.</summary>
    static readonly string[] Copied =
    [
        "consensus", "node", "tests/Simulation", "tests/Directory.Build.props",
        "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig",
    ];

    const string Core = "AppChain.Consensus";
    const string Simulation = "Simulation";

    readonly string original;
    readonly string mutant;

    SimulatorWorkshop(string folder)
        : base(folder)
    {
        original = Path.Combine(folder, "original");
        mutant = Path.Combine(folder, "mutant");
    }

    /// <summary>Copies, restores and builds; keeps the unchanged simulator to compare with.</summary>
    public static async Task<Workshop> Open(string repository, string folder)
    {
        foreach (var part in Copied)
        {
            Copy(Path.Combine(repository, part), Path.Combine(folder, part));
        }

        var workshop = new SimulatorWorkshop(folder);
        await workshop.Dotnet("restore", "tests/Simulation/Simulation.csproj", "--nologo", "--verbosity", "quiet");
        if (await workshop.Build($"tests/{Simulation}") is { } problem)
        {
            throw new InvalidOperationException($"the unchanged simulator does not build: {problem}");
        }

        Copy(workshop.Output(Simulation), workshop.original);
        Copy(workshop.Output(Simulation), workshop.mutant);
        return workshop;
    }

    protected override async Task<Verdict> Judge(Mutation mutation, int seeds, Stopwatch clock)
    {
        if (await Simulate(mutant, 0, seeds) is not { } found)
        {
            return new Verdict(mutation, Fate.Broken, "the simulator did not end by itself", null, clock.Elapsed);
        }

        if (found.Seed is not { } seed)
        {
            return new Verdict(mutation, Fate.Survived, "", null, clock.Elapsed);
        }

        // A seed that fails without the mutation too would prove nothing.
        return await Simulate(original, seed, 1) is { Seed: null }
            ? new Verdict(mutation, Fate.Caught, found.Failure.Split(':')[0], seed, clock.Elapsed)
            : new Verdict(mutation, Fate.Broken, $"seed {seed} fails without it too", seed, clock.Elapsed);
    }

    /// <summary>The first failure; null if the simulator did not come to its end.</summary>
    async Task<(ulong? Seed, string Failure)?> Simulate(string simulator, ulong from, int seeds)
    {
        var report = Path.Combine(Folder, "report.json");
        File.Delete(report);
        var (code, _) = await Run(
            Path.Combine(simulator, "Simulation"),
            ["simulate", "--seeds", $"{seeds}", "--from", $"{from}", "--failures", "1", "--report", report],
            JudgementMax);
        if (code is not (0 or 1) || !File.Exists(report))
        {
            return null;
        }

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(report));
        var failures = json.RootElement.GetProperty("failures");
        return failures.GetArrayLength() == 0
            ? (null, "")
            : (failures[0].GetProperty("seed").GetUInt64(), failures[0].GetProperty("failure").GetString()!);
    }

    /// <summary>A change of the core alone leaves the simulator as it is. Null, or the compiler's first error.</summary>
    protected override async Task<string?> BuildMutant(Mutation mutation)
    {
        var ofCore = mutation.Edits.All(edit => edit.File.StartsWith("consensus/", StringComparison.Ordinal));
        var problem = await Build(ofCore ? "consensus" : $"tests/{Simulation}");
        if (problem is null)
        {
            File.Copy(Path.Combine(Output(Core), $"{Core}.dll"), Path.Combine(mutant, $"{Core}.dll"), overwrite: true);
            var simulator = ofCore ? original : Output(Simulation);
            File.Copy(Path.Combine(simulator, $"{Simulation}.dll"), Path.Combine(mutant, $"{Simulation}.dll"), overwrite: true);
        }

        return problem;
    }
}
