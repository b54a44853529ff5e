using AppChain.Crypto;

namespace AppChain.Benchmarks;

/// <summary>What a verifiable random output costs to prove and to check, beside a BIP-340 signature. Many inputs, as some need more tries
/// for their point than others.</summary>
internal static class VrfBenchmark
{
    private const int Inputs = 500, Repeats = 11;

    public static void Run(Report report)
    {
        using var key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "benchmark");
        Hash256[] inputs = [.. Enumerable.Range(0, Inputs).Select(i => Hashing.Sha256([(byte)i, (byte)(i >> 8)]))];
        byte[][] proofs = [.. inputs.Select(input => key.ProveRandom(input.Bytes, out _))];
        byte[][] signatures = [.. inputs.Select(key.Sign)];
        Measure(report, "BIP-340 sign", i => key.Sign(inputs[i]).Length == KeySchemes.SignatureSize);
        Measure(report, "BIP-340 verify", i => SignatureVerifier.Verify(KeyScheme.Secp256k1, key.PublicKey.Span, inputs[i], signatures[i]));
        Measure(report, "ECVRF prove", i => key.ProveRandom(inputs[i].Bytes, out _).Length == Ecvrf.ProofSize);
        Measure(report, "ECVRF verify", i => Ecvrf.TryVerify(key.PublicKey.Span, inputs[i].Bytes, proofs[i], out _));
    }

    private static void Measure(Report report, string name, Func<int, bool> operation)
    {
        List<Cost> costs = [];
        for (int repeat = 0; repeat <= Repeats; repeat++)
        {
            var cost = Cost.Of(() =>
            {
                for (int i = 0; i < Inputs; i++)
                {
                    if (!operation(i))
                        throw new InvalidOperationException($"{name} failed.");
                }
            });
            if (repeat > 0) // the first warms up
                costs.Add(cost);
        }
        report.PerOperation(name, costs, Inputs);
    }
}
