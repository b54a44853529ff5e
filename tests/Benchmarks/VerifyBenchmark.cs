using System.Globalization;
using AppChain.Crypto;

namespace AppChain.Benchmarks;

/// <summary>
/// BIP-340 signatures verified together, over one by one by libsecp256k1 in the same breath: of keys that were never seen, of keys whose points
/// are kept from the last time, and with one bad signature in a hundred.
/// </summary>
internal static class VerifyBenchmark
{
    private const int Rounds = 9, SingleChecks = 64;

    private static readonly int[] Sizes = [16, 24, 32, 64, 128, 512, 1_024, 4_096];

    public static void Run()
    {
        SignatureCheck[] checks = Signed("known", 4_096);
        // The compiler's last pass over hot loops comes while these run.
        Ratios("warm-up", checks.Length, _ => checks, Rounds);
        foreach (int size in Sizes)
        {
            Ratios($"{size}, new keys", size, round => Signed($"new {size} {round}", size), size > 1_000 ? 3 : Rounds);
            Ratios($"{size}, known keys", size, _ => checks[..size], Rounds);
            SignatureCheck[] withBad = checks[..size];
            for (int i = Math.Min(50, size / 2); i < size; i += 100)
                withBad[i] = withBad[i] with { Digest = Hash256.Zero };
            Ratios($"{size}, known keys, 1 % bad", size, _ => withBad, Rounds);
        }
    }

    private static void Ratios(string name, int size, Func<int, SignatureCheck[]> checksOf, int rounds)
    {
        List<double> ratios = [], together = [];
        int repeats = Math.Max(1, 512 / size);
        for (int round = 0; round < rounds; round++)
        {
            SignatureCheck[][] checks = [.. Enumerable.Range(0, repeats).Select(repeat => checksOf((round * repeats) + repeat))];
            bool[] results = new bool[size];
            double batch = Cost.Of(() => Array.ForEach(checks, some => SignatureVerifier.Verify(some, results))).Wall.TotalMicroseconds / (size * repeats);
            double single = Cost.Of(() =>
            {
                for (int i = 0; i < SingleChecks; i++)
                    results[i % size] = SignatureVerifier.Verify(in checks[0][i % size]);
            }).Wall.TotalMicroseconds / SingleChecks;
            together.Add(batch);
            ratios.Add(batch / single);
        }
        Report.Line(name, string.Create(CultureInfo.InvariantCulture, $"{Median(together),9:F2} µs each = {Median(ratios):F3} of one by one"));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static SignatureCheck[] Signed(string seed, int count)
    {
        SignatureCheck[] checks = new SignatureCheck[count];
        for (int i = 0; i < count; i++)
        {
            using var key = PrivateKey.FromSeed(KeyScheme.Secp256k1, $"{seed} {i}");
            Hash256 digest = Hashing.Sha256(BitConverter.GetBytes(i));
            checks[i] = new SignatureCheck(KeyScheme.Secp256k1, key.PublicKey, digest, key.Sign(digest));
        }
        return checks;
    }
}
