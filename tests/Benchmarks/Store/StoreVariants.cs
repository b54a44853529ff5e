using AppChain.Storage;
using AppChain.Storage.Native;

namespace AppChain.Benchmarks.Store;

/// <summary>The settings that are compared; each differs in one thing from the chosen ones.</summary>
internal static class StoreVariants
{
    public const string Chosen = "chosen";

    private const string SmallBuffers = "small-buffers";

    private static readonly Dictionary<string, Func<ColumnFamily, FamilyTuning>> ByName = new()
    {
        [Chosen] = FamilyTuning.Of,
        ["uncompressed"] = family => FamilyTuning.Of(family) with { Tables = Compression.None },
        ["zstd"] = family => FamilyTuning.Of(family) with { Tables = Compression.Zstd },
        ["blocks-16k"] = family => FamilyTuning.Of(family) with { BlockBytes = 16 << 10 },
        ["no-bloom"] = family => FamilyTuning.Of(family) with { BloomBits = 0 },
        ["static-levels"] = family => FamilyTuning.Of(family) with { DynamicLevels = false },
        ["blobs-uncompressed"] = family => FamilyTuning.Of(family) with { Blobs = Compression.None },
        ["blobs-lz4"] = family => FamilyTuning.Of(family) with { Blobs = Compression.Lz4 },
        [SmallBuffers] = FamilyTuning.Of,
        [$"{SmallBuffers}-collection"] = family => FamilyTuning.Of(family) with { BlobCollectionAge = 0.25 },
        ["no-blobs"] = family => FamilyTuning.Of(family) with { BlobBytesMin = null },
    };

    public static IEnumerable<string> Names => ByName.Keys;

    public static StoreOptions Options(string variant)
    {
        StoreOptions options = new() { Tuning = ByName[variant], KeptBlocksMin = 16, RetainedViews = 8 };
        // As many files in a short run as a long one would have.
        return variant.StartsWith(SmallBuffers, StringComparison.Ordinal) ? options with { WriteBufferBytes = 2 << 20 } : options;
    }
}
