namespace AppChain.Ledger;

/// <summary>
/// Kinds of transactions that have a fee and room in a block of their own, so that no kind starves another. The numbers are offsets from
/// <see cref="Parameter.FeeTokens"/> and <see cref="Parameter.BlockTokens"/>.
/// </summary>
public enum TransactionClass
{
    /// <summary>Tokens, credits and sponsors.</summary>
    Tokens = 0,

    /// <summary>Devices and manufacturers.</summary>
    Identity = 1,

    Services = 2,
    Proofs = 3,

    /// <summary>Channels, deals, jobs: whoever uses the network.</summary>
    Demand = 4,

    /// <summary>Stake and validators.</summary>
    Validators = 5,

    Governance = 6,
    Disputes = 7,
}
