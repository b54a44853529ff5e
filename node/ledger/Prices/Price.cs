using System;

namespace AppChain.Ledger;

/// <summary>What a price rests on.</summary>
public enum PriceBasis
{
    /// <summary>There is no price.</summary>
    None = 0,

    /// <summary>There never was a quorum of reporters: the chain's fallback.</summary>
    Fallback = 1,

    /// <summary>Too few reports are fresh: the last price less a margin.</summary>
    Stale = 2,

    /// <summary>A quorum of fresh reports.</summary>
    Current = 3,
}

/// <summary>The price that burning goes by.</summary>
/// <param name="MicroDollars">For one token; 0: there is no price.</param>
/// <param name="Basis">What it rests on.</param>
public readonly record struct Price(ulong MicroDollars, PriceBasis Basis)
{
    /// <summary>What must be burned at this price for so many credits, rounded down; nothing if there is no price, and never more than an amount can be.</summary>
    /// <param name="creditPrice">Micro-dollars for one credit.</param>
    public Amount TokensFor(Credits credits, ulong creditPrice)
    {
        if (MicroDollars == 0)
            return Amount.Zero;
        // 64 + 20 bits in money, and 30 more: whole dollars and the rest apart, so that nothing overflows.
        (UInt128 tokens, UInt128 rest) = UInt128.DivRem((UInt128)credits.Units * creditPrice, MicroDollars);
        UInt128 grains = tokens > ulong.MaxValue ? ulong.MaxValue : (tokens * Amount.GrainsPerToken) + (rest * Amount.GrainsPerToken / MicroDollars);
        return new Amount(grains > ulong.MaxValue ? ulong.MaxValue : (ulong)grains);
    }
}
