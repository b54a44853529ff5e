namespace AppChain.Simulation;

/// <summary>The oracle's own arithmetic of power, over signers as bits: it shares nothing with <see cref="ValidatorSet"/>.</summary>
static class Power
{
    public static UInt128 Bit(int signer) => UInt128.One << signer;

    public static bool Contains(UInt128 mask, int signer) => (mask & Bit(signer)) != 0;

    public static UInt128 Mask(IEnumerable<int> signers) => signers.Aggregate(UInt128.Zero, (mask, signer) => mask | Bit(signer));

    /// <summary>More than two thirds: what is left is less than a third.</summary>
    public static bool IsQuorum(ulong[] powers, UInt128 mask) => IsBelowThird(powers, ~mask);

    public static bool IsBelowThird(ulong[] powers, UInt128 mask)
    {
        UInt128 inside = 0, total = 0;
        for (var i = 0; i < powers.Length; i++)
        {
            total += powers[i];
            inside += Contains(mask, i) ? powers[i] : 0;
        }

        return inside * 3 < total;
    }
}
