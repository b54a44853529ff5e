using System.Diagnostics;

namespace AppChain.Mutations;

/// <summary>
/// A scratch copy of what a judge is built from, in which one mutation after the other is tried. Each is undone before the next, so
/// that only what changed is compiled again.
/// </summary>
abstract class Workshop(string folder)
{
    /// <summary>One compilation, and one judgement of one mutant. Whatever takes longer does not come to rest.</summary>
    static readonly TimeSpan BuildMax = TimeSpan.FromMinutes(5);
    protected static readonly TimeSpan JudgementMax = TimeSpan.FromMinutes(15);

    /// <summary>A mutant that takes more memory than this has lost its way. Hexadecimal, as the runtime wants it: 1.5 GiB.</summary>
    const string MemoryMax = "0x60000000";

    protected string Folder => folder;

    protected string Output(string project) => Path.Combine(folder, "artifacts/bin", project, "release");

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

    /// <summary>Null, or the compiler's first error.</summary>
    protected abstract Task<string?> BuildMutant(Mutation mutation);

    /// <summary>What becomes of a mutant that compiles.</summary>
    protected abstract Task<Verdict> Judge(Mutation mutation, int seeds, Stopwatch clock);

    protected async Task<string?> Build(string project)
    {
        var (code, output) = await Dotnet(
            "build", project, "--configuration", "Release", "--no-restore", "--nologo", "--verbosity", "quiet",
            "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false");
        return code == 0 ? null : output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? output;
    }

    protected Task<(int? Code, string Output)> Dotnet(params string[] args) => Run("dotnet", args, BuildMax);

    /// <summary>No exit code: it took too long, and was ended.</summary>
    protected async Task<(int? Code, string Output)> Run(string program, string[] args, TimeSpan within)
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

    protected static void Copy(string from, string to)
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
