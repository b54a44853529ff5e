using System;

namespace AppChain.Ledger;

/// <summary>
/// What beacon and witnesses earn, in parts per million of a beacon that four have heard. Few witnesses mean little coverage shown; many mean that
/// the place is served already, so that each further one adds less: the next is worth <c>r = 0.8</c> of the one before it.
/// </summary>
public static class CoverageUnits
{
    /// <summary>One beacon that four have heard.</summary>
    public const ulong Whole = 1_000_000;

    private const int Enough = 4;

    // 0.8^k in parts per million, k = 0 … 10, rounded down.
    private static ReadOnlySpan<uint> Powers =>
        [1_000_000, 800_000, 640_000, 512_000, 409_600, 327_680, 262_144, 209_715, 167_772, 134_217, 107_374];

    /// <summary>What the beacon earns: <c>v/4</c> below four valid witnesses, else <c>2 − r^(v−4)</c>. Invalid ones bring nothing.</summary>
    /// <param name="valid">At most <see cref="LedgerLimits.WitnessesMax"/>.</param>
    public static ulong OfBeacon(int valid) => valid < Enough ? (ulong)valid * Whole / Enough : (2 * Whole) - Powers[valid - Enough];

    /// <summary>
    /// What each valid witness earns: 1 below four witnesses, else <c>(4 − (1 − r^(w−4)))/w</c>. Invalid ones count in w: who sends them for company shares
    /// with them.
    /// </summary>
    /// <param name="witnesses">All that were kept, at least one.</param>
    public static ulong OfWitness(int witnesses) =>
        witnesses < Enough ? Whole : ((Enough * Whole) - (Whole - Powers[witnesses - Enough])) / (ulong)witnesses;
}
