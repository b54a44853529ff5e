using System.Globalization;

namespace AppChain.Benchmarks;

/// <summary>What the command line says.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>Keys in the state.</summary>
    public int Keys { get; private init; } = 1_000_000;

    /// <summary>Keys that a block touches.</summary>
    public int Touched { get; private init; } = 10_000;

    /// <summary>Blocks that are measured.</summary>
    public int Blocks { get; private init; } = 20;

    /// <summary>Where the database is kept for the next run; null for a temporary one.</summary>
    public string? Directory { get; private init; }

    public static bool TryParse(string[] arguments, out string name, out BenchmarkOptions options)
    {
        name = arguments.FirstOrDefault("");
        options = new BenchmarkOptions();
        if (arguments.Length % 2 == 0)
            return false;
        for (int i = 1; i < arguments.Length; i += 2)
        {
            string value = arguments[i + 1];
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0;
            switch (arguments[i])
            {
                case "--keys" or "--devices" when isNumber:
                    options = options with { Keys = number };
                    break;
                case "--touched" when isNumber:
                    options = options with { Touched = number };
                    break;
                case "--blocks" when isNumber:
                    options = options with { Blocks = number };
                    break;
                case "--directory":
                    options = options with { Directory = value };
                    break;
                default:
                    return false;
            }
        }
        return true;
    }
}

/// <summary>The database's directory: the one that was asked for, or a temporary one that goes at the end.</summary>
internal sealed class WorkDirectory(BenchmarkOptions options) : IDisposable
{
    public string Path { get; } = options.Directory ?? System.IO.Directory.CreateTempSubdirectory("appchain-bench-").FullName;

    public void Dispose()
    {
        if (options.Directory is null)
            System.IO.Directory.Delete(Path, recursive: true);
    }
}
