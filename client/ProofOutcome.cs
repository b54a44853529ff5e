using AppChain.Crypto;

namespace AppChain.Client;

/// <summary>What finally became of a proof.</summary>
public enum ProofResult
{
    /// <summary>In a finalised block, and credited.</summary>
    Accepted,

    /// <summary>In a finalised block, and judged to earn nothing; the reason says why.</summary>
    Rejected,

    /// <summary>Never entered a block: a rule refused it at the door.</summary>
    Refused,
}

/// <summary>The last word on one proof. Given exactly once for every reading that the agent took.</summary>
/// <param name="Id">The transaction.</param>
/// <param name="Height">The block that holds it; 0 when refused.</param>
/// <param name="ReasonCode">0 when accepted; else a code of docs/reasons.md.</param>
/// <param name="Reason">The reason's name; empty when accepted.</param>
/// <param name="Units">Units of work credited.</param>
/// <param name="Epoch">The reward epoch that they count in.</param>
/// <param name="Latency">From the first sending to this answer.</param>
public sealed record ProofOutcome(
    Hash256 Id, ProofResult Result, ulong Height, uint ReasonCode, string Reason, ulong Units, ulong Epoch, TimeSpan Latency);
