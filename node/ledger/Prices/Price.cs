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
public readonly record struct Price(ulong MicroDollars, PriceBasis Basis);
