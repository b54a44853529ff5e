using AppChain.Crypto;

namespace AppChain.Benchmarks;

/// <summary>What a hash costs alone and in a batch.</summary>
internal static class HashBenchmark
{
    private const int Messages = 8_000, Repeats = 21;

    public static void Run(Report report)
    {
        TreeInput[] inputs = new TreeInput[Messages];
        Hash256[] digests = new Hash256[Messages];
        Measure(report, "tree node, one by one", () =>
        {
            for (int i = 0; i < Messages; i++)
                digests[i] = TreeHash.Node(inputs[i].First, inputs[i].Second);
        });
        Measure(report, "tree node, in a batch", () => TreeHash.Hash(inputs, digests));
        Measure(report, "tree node, in batches of one", () =>
        {
            for (int i = 0; i < Messages; i++)
                TreeHash.Hash(inputs.AsSpan(i, 1), digests);
        });
        foreach (int length in (int[])[33, 64, 120, 400])
        {
            byte[] messages = new byte[Messages * length];
            int[] ends = [.. Enumerable.Range(1, Messages).Select(i => i * length)];
            Measure(report, $"{length} bytes, one by one", () =>
            {
                for (int i = 0; i < Messages; i++)
                    digests[i] = Hashing.Sha256(messages.AsSpan(i * length, length));
            });
            Measure(report, $"{length} bytes, in a batch", () => Sha256Batch.Hash(messages, ends, digests));
        }
    }

    private static void Measure(Report report, string name, Action hashAll)
    {
        hashAll();
        List<Cost> costs = [];
        for (int i = 0; i < Repeats; i++)
            costs.Add(Cost.Of(hashAll));
        report.PerOperation(name, costs, Messages);
    }
}
