using System.Diagnostics;
using System.Text.Json;

namespace AppChain.Mutations;

/// <summary>
/// A scratch copy of what the simulator is built from, in which one mutation after the other is tried. Each is undone before the next, so
/// that only what changed is compiled again.
/// </summary>
sealed class Workshop
{
    /// <summary>One compilation, and all seeds of one mutant. Whatever takes longer does not come to rest.</summary>
    static readonly TimeSpan BuildMax = TimeSpan.FromMinutes(5);
    static readonly TimeSpan SimulationMax = TimeSpan.FromMinutes(15);

    /// <summary>A mutant that takes more memory than this has lost its way. Hexadecimal, as the runtime wants it: 1.5 GiB.</summary>
    const string MemoryMax = "0x60000000";

    /// <summary>The simulator, all that it refers to, and what their projects are built with.</summary>
    static readonly string[] Copied =
    [
        "consensus", "node", "tests/Simulation", "tests/Directory.Build.props",
        "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig",
    ];

    const string Core = "AppChain.Consensus";
    const string Simulation = "Simulation";

    readonly string folder;
    readonly string original;
    readonly string mutant;

    Workshop(string folder)
    {
        this.folder = folder;
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

        var workshop = new Workshop(folder);
        await workshop.Dotnet("restore", "tests/Simulation/Simulation.csproj", "--nologo", "--verbosity", "quiet");
        if (await workshop.Build($"tests/{Simulation}") is { } problem)
        {
            throw new InvalidOperationException($"the unchanged simulator does not build: {problem}");
        }

        Copy(workshop.Output(Simulation), workshop.original);
        Copy(workshop.Output(Simulation), workshop.mutant);
        return workshop;
    }

    string Output(string project) => Path.Combine(folder, "artifacts/bin", project, "release");

    public async Task<Verdict> Try(Mutation mutation, int seeds)
    {
        var clock = Stopwatch.StartNew();
        var before = new Dictionary<string, string>();
        foreach (var edit in mutation.Edits)
        {
            var path = Path.Combine(folder, edit.File);
            var text = await File.ReadAllTextAsync(path);
            before.TryAdd(path, text);
            await File.WriteAllTextAsync(path, edit.ApplyTo(text));
        }

        try
        {
            return await BuildMutant(mutation) is { } problem
                ? new Verdict(mutation, Fate.Broken, $"does not compile: {problem}", null, clock.Elapsed)
                : await Judge(mutation, seeds, clock);
        }
        finally
        {
            foreach (var (path, text) in before)
            {
                await File.WriteAllTextAsync(path, text);
            }
        }
    }

    async Task<Verdict> Judge(Mutation mutation, int seeds, Stopwatch clock)
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
        var report = Path.Combine(folder, "report.json");
        File.Delete(report);
        var (code, _) = await Run(
            Path.Combine(simulator, "Simulation"),
            ["simulate", "--seeds", $"{seeds}", "--from", $"{from}", "--failures", "1", "--report", report],
            SimulationMax);
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
    async Task<string?> BuildMutant(Mutation mutation)
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

    async Task<string?> Build(string project)
    {
        var (code, output) = await Dotnet(
            "build", project, "--configuration", "Release", "--no-restore", "--nologo", "--verbosity", "quiet",
            "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false");
        return code == 0 ? null : output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? output;
    }

    Task<(int? Code, string Output)> Dotnet(params string[] args) => Run("dotnet", args, BuildMax);

    /// <summary>No exit code: it took too long, and was ended.</summary>
    async Task<(int? Code, string Output)> Run(string program, string[] args, TimeSpan within)
    {
        var start = new ProcessStartInfo(program, args)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = program == "dotnet" ? null : MemoryMax;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(within);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (null, "it took too long");
        }

        return (process.ExitCode, await output + await errors);
    }

    static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to);
            return;
        }

        Directory.CreateDirectory(to);
        foreach (var entry in Directory.EnumerateFileSystemEntries(from))
        {
            Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
        }
    }
}
