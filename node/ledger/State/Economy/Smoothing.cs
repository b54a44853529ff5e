using System;

namespace AppChain.Ledger;

/// <summary>A moving average of integers.</summary>
internal static class Smoothing
{
    /// <summary><c>floor(((epochs − 1) × before + added) / epochs)</c>. Rounded down: the averages never add up to more than what was added.</summary>
    public static Amount Next(Amount before, Amount added, ulong epochs) =>
        new((ulong)((((UInt128)before.Grains * (epochs - 1)) + added.Grains) / epochs));
}
