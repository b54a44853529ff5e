using System.Globalization;

namespace AppChain.Benchmarks.Store;

/// <summary>How large a store to measure.</summary>
internal sealed record StoreBenchmarkOptions
{
    public int Devices { get; private init; } = 1_000_000;

    public int Blocks { get; private init; } = 300;

    /// <summary>Proofs in a block, each in one batch.</summary>
    public int Proofs { get; private init; } = 2_000;

    /// <summary>Which settings to measure, one after the other.</summary>
    public IReadOnlyList<string> Variants { get; private init; } = [StoreVariants.Chosen];

    /// <summary>Where the stores are made, each gone afterwards.</summary>
    public string Directory { get; private init; } = Path.GetTempPath();

    public static bool TryParse(ReadOnlySpan<string> args, out StoreBenchmarkOptions options)
    {
        options = new StoreBenchmarkOptions();
        if (args.Length % 2 != 0)
            return false;
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = args[i + 1];
            StoreBenchmarkOptions? next = args[i] switch
            {
                "--devices" when TryNumber(value, out int number) => options with { Devices = number },
                "--blocks" when TryNumber(value, out int number) => options with { Blocks = number },
                "--proofs" when TryNumber(value, out int number) => options with { Proofs = number },
                "--variants" when value == "all" => options with { Variants = [.. StoreVariants.Names] },
                "--variants" when value.Split(',').All(StoreVariants.Names.Contains) => options with { Variants = value.Split(',') },
                "--directory" => options with { Directory = value },
                _ => null,
            };
            if (next is null)
                return false;
            options = next;
        }
        return true;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
