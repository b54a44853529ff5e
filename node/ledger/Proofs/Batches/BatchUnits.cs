using System;

namespace AppChain.Ledger;

/// <summary>What a batch earns whose drawn leaves are all opened.</summary>
internal static class BatchUnits
{
    private const ulong HourMs = 3_600_000;

    /// <summary>
    /// <c>floor(opened units × count ÷ opened)</c>, less <paramref name="decayPpm"/> for each hour by which its middle lies before its block, halved for each lost batch
    /// before. Floored at every step.
    /// </summary>
    public static ulong Of(ProofBatchRecord batch, ulong units, ulong decayPpm, byte distrust)
    {
        UInt128 scaled = (UInt128)units * batch.Count / batch.Opened;
        UInt128 kept = scaled * (Parameters.Million - LostPpm(batch, decayPpm)) / Parameters.Million;
        return (ulong)(kept >> distrust);
    }

    private static ulong LostPpm(ProofBatchRecord batch, ulong decayPpm)
    {
        ulong middleMs = batch.FirstMs + (batch.LastMs - batch.FirstMs) / 2;
        ulong lateMs = batch.SentMs > middleMs ? batch.SentMs - middleMs : 0;
        return (ulong)UInt128.Min((UInt128)decayPpm * lateMs / HourMs, Parameters.Million);
    }
}
