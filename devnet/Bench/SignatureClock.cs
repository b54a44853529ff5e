using System.Diagnostics;
using AppChain.Crypto;

namespace AppChain.Devnet.Bench;

/// <summary>The unit of the benchmark: how long one libsecp256k1 Schnorr verification takes on this machine, in this run.</summary>
internal sealed class SignatureClock
{
    private readonly List<double> micros = [];

    /// <summary>The median of all measurements, in microseconds.</summary>
    public double Microseconds => micros.Order().ElementAt(micros.Count / 2);

    /// <summary>Measures a few times. The validators should be idle.</summary>
    public void Measure()
    {
        using PrivateKey key = PrivateKey.FromSeed(KeyScheme.Secp256k1, "appchain-devnet/bench");
        Hash256 digest = Hashing.Sha256([1, 2, 3]);
        byte[] signature = key.Sign(digest);
        for (int round = 0; round < 5; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < BenchLimits.VerificationsTimed; i++)
            {
                if (!SignatureVerifier.Verify(KeyScheme.Secp256k1, key.PublicKey.Span, digest, signature))
                    throw new DevnetException("a signature that was just made does not verify.");
            }
            micros.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / BenchLimits.VerificationsTimed);
        }
    }
}
