namespace AppChain.Ledger;

/// <summary>
/// A second look at what is minted, from sums of its own: in no 24 hours of the chain's time is more minted than schedule and smoothed burn of the epochs
/// that ended in them. However wrong the split of an epoch were, the chain would mint nothing for it rather than too much.
/// </summary>
internal static class Breaker
{
    /// <summary>The mint as it is, or, if it were too much, one of nothing.</summary>
    public static MintRewards Check(EmissionRecord before, in Emission emission, MintRewards mint, ulong timeMs)
    {
        EmissionRecord today = Today(before, timeMs);
        // In 128 bits: what is wrong may be anything.
        bool holds = (System.UInt128)today.Minted.Grains + mint.TotalGrains <= (System.UInt128)today.Allowed.Grains + emission.Total.Grains;
        return holds ? mint : new MintRewards(mint.Epoch, Amount.Zero) { Scheduled = mint.Scheduled, Net = mint.Net };
    }

    /// <summary>The record after a mint.</summary>
    public static EmissionRecord After(EmissionRecord before, MintRewards mint, ulong timeMs)
    {
        EmissionRecord today = Today(before, timeMs);
        return today with
        {
            Smoothed = before.NextSmoothed,
            Burned = Amount.Zero,
            Reminted = before.Reminted + Amount.Min(mint.Total, mint.Net),
            Allowed = Sum(today.Allowed, mint.Scheduled, mint.Net),
            Minted = today.Minted + mint.Total,
        };
    }

    // What is allowed may be more than there will ever be.
    private static Amount Sum(Amount one, Amount other, Amount third) =>
        new((ulong)System.UInt128.Min(ulong.MaxValue, (System.UInt128)one.Grains + other.Grains + third.Grains));

    private static EmissionRecord Today(EmissionRecord before, ulong timeMs) =>
        before.Day == timeMs / Parameters.DayMs ? before : before with { Day = timeMs / Parameters.DayMs, Allowed = Amount.Zero, Minted = Amount.Zero };
}
