using System.Collections.Concurrent;

namespace AppChain.Crypto;

/// <summary>The process's verifiers of batches: one for each thread that verifies at the time, kept for the next. Any thread.</summary>
internal static class SchnorrBatches
{
    private static readonly LiftedKeys Keys = new();
    private static readonly ConcurrentBag<SchnorrBatch> Idle = [];

    /// <summary>Answers checks of the scheme secp256k1, in their places; the others are left out.</summary>
    public static void Verify(ReadOnlySpan<SignatureCheck> checks, Span<bool> results)
    {
        if (!Idle.TryTake(out SchnorrBatch? batch))
            batch = new SchnorrBatch(Keys);
        batch.Verify(checks, results);
        // More than there are processors were needed for a moment only.
        if (Idle.Count < Environment.ProcessorCount)
            Idle.Add(batch);
    }
}
